"""What first-time authors stumbled over (issue 26): words and defaults that stand where they looked."""

from __future__ import annotations

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from conversion.models import JobState
from publishing import services
from publishing.models import Price
from royalties.forms import PayoutCountryForm
from tests.factories.publishing import make_contributor, make_edition, make_published_edition, make_work

pytestmark = pytest.mark.django_db


@pytest.fixture
def edition(owner):
    return make_edition(work=make_work(owner=owner))


def square() -> SimpleUploadedFile:
    content = io.BytesIO()
    Image.new("RGB", (500, 500), "navy").save(content, "PNG")
    return SimpleUploadedFile("square.png", content.getvalue())


def page(client, name: str, *args: str) -> str:
    return client.get(reverse(name, args=args)).content.decode()


def test_advice_about_a_cover_is_said_where_another_can_be_chosen(as_owner, edition):
    address = reverse("work-details", args=[edition.work.public_id])
    data = {"title": "Reeds", "language": "en", "subject": "FB", "sample_bps": "1000", "cover": square()}
    response = as_owner.post(address, data, follow=True)
    assert response.redirect_chain[-1][0] == address
    assert "500 × 500 pixels" in response.content.decode()


def test_the_uploaded_cover_is_shown_while_the_files_are_made(as_owner, edition):
    before = page(as_owner, "work-cover-page", edition.work.public_id)
    as_owner.post(reverse("work-cover", args=[edition.work.public_id]), {"cover": square()})
    shown = reverse("work-cover-picture", args=[edition.work.public_id])
    after = page(as_owner, "work-cover-page", edition.work.public_id)
    assert (before.count(shown), after.count(f'src="{shown}"')) == (0, 4)  # the card and three previews


def test_a_drawn_preview_is_not_kept_past_the_files(as_owner, edition):
    before = as_owner.get(reverse("work-cover-page", args=[edition.work.public_id])).context["preview"]
    edition.job.state = JobState.FAILED
    edition.job.save()
    assert as_owner.get(reverse("work-cover-page", args=[edition.work.public_id])).context["preview"] != before


class TestShares:
    def test_a_split_is_asked_for_once_there_are_two(self, as_owner, edition, stranger):
        alone = page(as_owner, "work-people", edition.work.public_id)
        make_contributor(edition.work, user=stranger)
        two = page(as_owner, "work-people", edition.work.public_id)
        assert ("Propose split" in alone, "To share what you earn" in alone) == (False, True)
        assert ("Propose split" in two, "To share what you earn" in two) == (True, False)

    def test_who_agrees_last_is_told_that_it_applies(self, client, edition, owner, stranger, noon):
        other = make_contributor(edition.work, user=stranger)
        shares = {edition.work.contributors.get(user=owner): 7000, other: 3000}
        asked = services.propose_split(actor=owner, work=edition.work, shares=shares, at=noon)
        client.force_login(stranger)
        address = reverse("split-consent", args=[asked.public_id])
        assert "You need no bank account yet" in client.get(address).content.decode()
        told = client.post(address, {"answer": "yes"}, follow=True).content.decode()
        assert "so has everyone" in told


@pytest.mark.parametrize(("make", "said"), [(make_edition, False), (make_published_edition, True)])
def test_a_new_price_of_a_book_on_sale_says_when_readers_see_it(as_owner, owner, make, said):
    edition = make(work=make_work(owner=owner, prices={"USD": 499}))
    address = reverse("work-price", args=[edition.work.public_id])
    told = as_owner.post(address, {"USD": "3.99"}, follow=True).content.decode()
    assert Price.objects.get(work=edition.work, currency="USD").list_price_minor == 399
    assert ("Readers see it at once" in told) is said


def test_an_invited_person_is_not_taken_for_an_author(client):
    invited = client.get(reverse("account_signup") + "?next=/desk/invitations/x/").content.decode()
    author = client.get(reverse("account_signup") + "?next=/desk/works/new/").content.decode()
    assert ("Publishing here costs nothing" in invited, "Publishing here costs nothing" in author) == (False, True)
    box = 'id="id_wants_to_publish" checked'
    assert (box in invited, box in author) == (False, True)


def test_who_comes_to_upload_without_an_account_sees_the_way_to_one(client):
    shown = client.get(reverse("work-create"), follow=True).content.decode()
    assert shown.count("/accounts/signup/?next=%2Fdesk%2Fworks%2Fnew%2F") == 2


def test_no_bank_country_is_chosen_for_anybody(as_owner, owner):
    owner.country = ""
    owner.save()
    shown = page(as_owner, "earnings-account")
    assert '<option value="" selected>Choose a country</option>' in shown
    assert PayoutCountryForm({"country": ""}).errors["country"]
