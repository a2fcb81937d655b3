"""Where a work is found: with its title until readers know it, as its owner says, and by its old addresses for good."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest
from django.urls import reverse

from common import clock
from common.errors import NotAllowed, NotFound
from publishing import errors, services
from publishing.models import OldAddress
from tests.factories.offers import make_awaited
from tests.factories.publishing import make_contributor, make_edition, make_published_edition, make_work
from tests.publishing.test_services_works import DETAILS

pytestmark = pytest.mark.django_db


def move(work, slug, actor=None):
    return services.set_address(actor=actor or work.owner, work=work, slug=slug, at=clock.now())


def retitle(work, title):
    return services.update_details(actor=work.owner, work=work, details=replace(DETAILS, title=title), at=clock.now())


class TestFollowsTheTitle:
    def test_until_it_is_published(self, owner):
        work = make_edition(work=make_work(owner=owner, title="salt road messy", slug="salt-road-messy")).work
        assert retitle(work, "The Salt Road").slug == "the-salt-road"
        assert retitle(work, "The Salt Road II").slug == "the-salt-road-ii"
        assert retitle(work, "The Salt Road").slug == "the-salt-road"

    def test_and_stays_from_then_on(self, owner):
        work = make_published_edition(owner=owner, title="Old", slug="old", announce=False).work
        assert retitle(work, "New").slug == "old"

    def test_and_stays_once_it_is_announced(self):
        work = make_awaited().work
        assert retitle(work, "Quite another").slug == work.slug

    def test_not_if_its_owner_chose_another(self, owner):
        work = make_edition(work=make_work(owner=owner)).work
        move(work, "lamp")
        assert retitle(work, "The Salt Road").slug == "lamp"

    @pytest.mark.parametrize(
        ("title", "slug"),
        [
            ("Война и мир", "voina-i-mir"),
            ("Πόλεμος", "polemos"),
            ("紅樓夢", "hong-lou-meng"),
            ("Łódź, Århus & Kraków", "lodz-arhus-krakow"),
            ("Größe", "grosse"),
            ("???", "book"),
        ],
    )
    def test_in_any_script(self, owner, title, slug):
        work = services.create_work(actor=owner, content=io.BytesIO(b"# One\n"), name=f"{title}.md", at=clock.now())
        assert work.slug == slug


class TestSetAddress:
    def test_the_old_one_is_kept_for_the_book(self, owner):
        work = make_published_edition(owner=owner, slug="salt-road-messy").work
        assert move(work, "the-salt-road").slug == "the-salt-road"
        assert work.listing.slug != "the-salt-road", "the row in hand is the one before"
        work.listing.refresh_from_db()
        assert work.listing.slug == "the-salt-road"
        assert [old.slug for old in OldAddress.objects.all()] == ["salt-road-messy"]

    def test_nobody_else_gets_an_address_that_a_book_had(self, owner, stranger):
        move(make_published_edition(owner=owner, slug="lamp").work, "lantern")
        other = make_edition(work=make_work(owner=stranger)).work
        for taken in ("lamp", "lantern"):
            with pytest.raises(errors.SlugTaken):
                move(other, taken)
        made = services.create_work(actor=stranger, content=io.BytesIO(b"# One\n"), name="lamp.md", at=clock.now())
        assert made.slug.startswith("lamp-")

    def test_the_book_itself_gets_it_back(self, owner):
        work = move(make_published_edition(owner=owner, slug="lamp").work, "lantern")
        assert move(work, "lamp").slug == "lamp"
        assert [old.slug for old in OldAddress.objects.all()] == ["lantern"]

    def test_of_a_draft_nothing_is_kept(self, owner):
        move(make_edition(work=make_work(owner=owner)).work, "lamp")
        assert not OldAddress.objects.exists()

    @pytest.mark.parametrize("slug", ["", "a", "Lamp", "lamp light", "-lamp", "lamp--light", "lämp", "a" * 81, "a/b"])
    def test_refuses_what_is_none(self, owner, slug):
        with pytest.raises(errors.SlugInvalid):
            move(make_edition(work=make_work(owner=owner)).work, slug)

    def test_is_for_the_owner(self, owner, stranger):
        work = make_edition(work=make_work(owner=owner)).work
        with pytest.raises(NotFound):
            move(work, "lamp", stranger)
        make_contributor(work, user=stranger)
        with pytest.raises(NotAllowed):
            move(work, "lamp", stranger)


class TestOldAddresses:
    @pytest.fixture
    def moved(self, owner):
        return move(make_published_edition(owner=owner, slug="lamp").work, "lantern")

    @pytest.mark.parametrize(
        "name",
        [
            "pages:book",
            "community:reviews",
            "reading:sample",
            "catalogue:book-onix",
            "reading:read",
            "checkout:give",
            "pages:book-author-share",
        ],
    )
    @pytest.mark.parametrize("region", ["", "/de-at"])
    def test_lead_on_for_good(self, client, moved, name, region):
        if name.startswith("reading:"):
            region = ""
        response = client.get(region + reverse(name, args=["lamp"]), {"page": "2"})
        assert response.status_code == 301
        assert response["Location"] == f"{region}{reverse(name, args=['lantern'])}?page=2"
        assert "max-age=3600" in response["Cache-Control"]

    @pytest.mark.parametrize("name", ["reading:sample", "reading:read"])
    def test_of_the_reader_have_the_region_behind(self, client, moved, name):
        behind = reverse(name, args=["lantern"]).replace("/read/", "/read/de-AT/")
        response = client.get("/de-at" + reverse(name, args=["lamp"]), {"page": "2"}, follow=True)
        codes = dict(response.redirect_chain)
        assert codes[f"{behind}?page=2"] in {301, 308}

    def test_of_chapters_and_files_too(self, client, moved):
        parts = {
            "reading:sample-file": ["edn_1", "style.css"],
            "reading:sample-chapter": ["c1"],
            "reading:chapter": ["c1"],
        }
        for name, rest in parts.items():
            response = client.get(reverse(name, args=["lamp", *rest]))
            assert response["Location"] == reverse(name, args=["lantern", *rest])

    def test_that_no_book_had_are_still_no_page(self, client, moved):
        assert client.get(reverse("pages:book", args=["wick"])).status_code == 404


class TestPage:
    def test_saves_and_shows_the_earlier_ones(self, client, owner):
        work = make_published_edition(owner=owner, slug="salt-road-messy").work
        client.force_login(owner)
        address = reverse("work-address", args=[work.public_id])
        assert client.post(address, {"slug": "The-Salt-Road"}).status_code == 302
        page = client.get(address).content.decode()
        assert "the-salt-road" in page
        assert "/books/salt-road-messy/" in page

    def test_says_what_is_wrong_and_keeps_what_was_typed(self, client, owner):
        make_published_edition(slug="lamp")
        work = make_edition(work=make_work(owner=owner)).work
        client.force_login(owner)
        response = client.post(reverse("work-address", args=[work.public_id]), {"slug": "lamp"})
        assert response.status_code == 422
        page = response.content.decode()
        assert "The address lamp belongs to another book" in page
        assert 'value="lamp"' in page
