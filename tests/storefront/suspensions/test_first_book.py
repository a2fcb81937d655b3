"""Limits stop spam and never an honest first book: a new account writes, corrects and publishes on its first day."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from accounts import restrictions
from common import clock
from publishing import selectors
from publishing.models import Work
from storefront.catalogue.models import Listing
from tests.conftest import NOON
from tests.factories.accounts import make_author, make_member
from tests.factories.conversion import make_done_job

pytestmark = pytest.mark.django_db
CORRECTIONS = 20  # uploads on the first day: more than anybody in the newcomers' tests


@pytest.fixture
def newcomer():
    """Somebody who joined a minute ago and has confirmed the address."""
    person = make_author()
    person.joined_at = NOON - timedelta(minutes=1)
    person.save()
    return person


def a_file(number: int) -> SimpleUploadedFile:
    return SimpleUploadedFile("book.md", f"# The Harbour\n\nRain, the {number}th version.\n".encode())


def finish(work: Work) -> None:
    """The files of the newest upload are made."""
    edition = work.editions.select_related("manuscript").order_by("-number").first()
    edition.work = work
    edition.job = make_done_job(
        requested_by=work.owner,
        source_file=edition.manuscript.file,
        source_sha256=edition.manuscript.sha256,
        options=selectors.wanted_options(edition),
        result={"title": work.title, "language": work.language},
    )
    edition.save()


def test_a_first_book_with_twenty_corrections_goes_on_sale_on_the_first_day(newcomer, client):
    client.force_login(newcomer)
    with clock.frozen(NOON):
        answer = client.post(reverse("work-create"), {"manuscript": a_file(0)})
        work = Work.objects.get(owner=newcomer)
        assert answer.status_code == 302
        for number in range(1, CORRECTIONS + 1):
            answer = client.post(reverse("work-manuscript", args=[work.public_id]), {"manuscript": a_file(number)})
            assert answer.status_code == 302, f"upload {number} of the first day"
        details = {"title": "The Harbour", "language": "en", "subject": "FB", "sample_bps": "1000"}
        for number in range(CORRECTIONS):
            told = {**details, "description": f"Rain, and {number} boats."}
            assert client.post(reverse("work-details", args=[work.public_id]), told).status_code == 302
            price = {"USD": f"{number % 5 + 2}.99"}
            assert client.post(reverse("work-price", args=[work.public_id]), price).status_code == 302
        work.refresh_from_db()
        finish(work)
        rights = {"basis": "own", "ai_text": "none", "ai_images": "none", "ai_cover": "none", "ai_translation": "none"}
        client.post(reverse("work-rights", args=[work.public_id]), rights)
        answer = client.post(reverse("work-publish", args=[work.public_id]))
        assert answer.status_code == 302, answer.content.decode()
    assert Listing.objects.get(work=work).is_on_sale
    assert restrictions.current(newcomer) == []


def test_a_flood_of_uploads_is_stopped(newcomer, client):
    """The same account, an hour later in a loop."""
    client.force_login(newcomer)
    per_hour = int(settings.ACCOUNT_RATE_LIMITS["upload"].split("/")[0])
    assert per_hour > CORRECTIONS
    with clock.frozen(NOON):
        client.post(reverse("work-create"), {"manuscript": a_file(0)})
        work = Work.objects.get(owner=newcomer)
        codes = [
            client.post(reverse("work-manuscript", args=[work.public_id]), {"manuscript": a_file(number)}).status_code
            for number in range(per_hour + 2)
        ]
    assert codes[-1] == 429
    assert 429 not in codes[:CORRECTIONS]


def test_who_has_not_confirmed_the_address_uploads_nothing(client):
    person = make_member()
    person.emailaddress_set.update(verified=False)
    client.force_login(person)
    client.post(reverse("work-create"), {"manuscript": a_file(0)})
    assert not Work.objects.exists()
