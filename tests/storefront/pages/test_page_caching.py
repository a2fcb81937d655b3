"""How public pages may be cached, and that they always say what is so now."""

from __future__ import annotations

import gzip
from dataclasses import replace
from datetime import timedelta
from urllib.parse import quote

import pytest
from django.core.cache import caches
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from common import clock
from publishing.models import Edition
from storefront.catalogue.models import Listing
from storefront.catalogue.selectors import facet_counts
from tests.conftest import NOON
from tests.factories.accounts import make_author, make_reader
from tests.factories.publishing import make_published_edition
from tests.factories.trust import make_review

pytestmark = pytest.mark.django_db
BOOK = "/books/the-lamp/"
PAGES = [BOOK, "/", "/books/", "/search/?q=lamp", "/ranking/", "/books/the-lamp/reviews/"]
VERSIONED = [BOOK, "/", "/books/", "/ranking/", "/books/the-lamp/reviews/"]


@pytest.fixture
def lamp() -> Edition:
    return make_published_edition(slug="the-lamp", title="The Lamp", owner=make_author(display_name="Marit S."))


@pytest.mark.usefixtures("lamp")
class TestPublicPage:
    @pytest.mark.parametrize("path", PAGES)
    def test_may_be_cached_by_anybody_for_a_minute(self, client: Client, path: str) -> None:
        page = client.get(path)
        assert page["Cache-Control"].startswith("public, max-age=60, stale-while-revalidate=")
        assert page["Vary"] == "Accept-Encoding, Cookie"
        assert not page.cookies

    @pytest.mark.parametrize("path", PAGES)
    def test_is_compressed_for_who_takes_gzip(self, client: Client, path: str) -> None:
        packed = client.get(path, headers={"Accept-Encoding": "gzip, br"})
        assert packed["Content-Encoding"] == "gzip"
        assert gzip.decompress(packed.content) == client.get(path).content

    @pytest.mark.parametrize("path", VERSIONED)
    def test_is_not_sent_again_while_it_says_the_same(self, client: Client, path: str) -> None:
        first = client.get(path)
        again = client.get(path, headers={"If-None-Match": first["ETag"]})
        assert (again.status_code, again.content) == (304, b"")
        for name in ("ETag", "Cache-Control", "Vary"):
            assert again[name] == first[name]

    @pytest.mark.parametrize("path", VERSIONED)
    def test_is_sent_again_when_the_shop_has_changed(self, client: Client, path: str) -> None:
        etag = client.get(path)["ETag"]
        make_published_edition(title="The Oar")
        assert client.get(path, headers={"If-None-Match": etag}).status_code == 200

    @pytest.mark.parametrize("path", VERSIONED)
    def test_has_an_etag_of_its_own_in_each_region_and_on_each_day(self, client: Client, path: str) -> None:
        etags = {client.get(f"{region}{path}")["ETag"] for region in ("", "/de-at", "/en-us")}
        with clock.frozen(NOON + timedelta(days=1)):
            etags.add(client.get(path)["ETag"])
        assert len(etags) == 4

    @pytest.mark.parametrize("path", PAGES)
    def test_is_cached_by_nobody_else_for_somebody_with_a_session(self, client: Client, path: str) -> None:
        client.force_login(make_reader())
        page = client.get(path)
        assert page["Cache-Control"] == "private, no-cache"
        assert "Cookie" in page["Vary"]

    @pytest.mark.parametrize("path", ["/books/no-such-book/", "/books/no-such-book/reviews/", "/series/none/"])
    def test_what_is_not_there_is_not_cached(self, client: Client, path: str) -> None:
        page = client.get(path)
        assert page.status_code == 404
        assert "public" not in page.get("Cache-Control", "")


@pytest.mark.usefixtures("lamp")
def test_a_page_for_one_person_is_never_compressed(client: Client) -> None:
    client.force_login(make_reader())
    page = client.get("/account/", headers={"Accept-Encoding": "gzip"})
    assert (page.status_code, page.get("Content-Encoding")) == (200, None)


@pytest.mark.parametrize("other", ["/de-at/books/the-lamp/", "/en-gb/books/the-lamp/"])
def test_regions_do_not_mix(client: Client, lamp: Edition, other: str) -> None:
    pages = {path: client.get(path).content for path in (BOOK, other)}
    assert pages[BOOK] != pages[other]
    assert {path: client.get(path).content for path in (other, BOOK)} == pages
    assert b"Warenkorb" in client.get("/de-at/").content
    assert b"Warenkorb" not in client.get("/").content


def test_whatever_is_written_is_shown(client: Client, lamp: Edition) -> None:
    client.get(BOOK)
    Listing.objects.filter(slug="the-lamp").update(description="Another description")
    assert b"Another description" in client.get(BOOK).content
    review = make_review(edition=lamp, title="Lovely", body="A review’s body")
    assert "A review’s body" in client.get(BOOK).content.decode()
    type(review).objects.filter(pk=review.pk).update(body="Its other body")
    assert b"Its other body" in client.get(BOOK).content
    make_published_edition(title="The Oar", owner=lamp.work.owner)
    assert b"The Oar" in client.get(BOOK).content


def test_an_adult_s_book_warns_as_soon_as_it_is_one(client: Client, lamp: Edition) -> None:
    assert b"18+" not in client.get(BOOK).content
    Listing.objects.filter(slug="the-lamp").update(is_adult=True)
    assert b"18+" in client.get(BOOK).content


def test_a_reduction_ends_though_nothing_is_written(client: Client, lamp: Edition) -> None:
    listing = Listing.objects.get(slug="the-lamp")
    steps = ((NOON - timedelta(days=40), 900), (NOON - timedelta(days=1), 450))
    listing.details = replace(listing.details, price_history={"USD": steps})
    listing.prices, listing.price_minor = {"USD": 450}, 450
    listing.save()
    assert b"Reduced by 50%" in client.get(BOOK).content
    with clock.frozen(NOON + timedelta(days=31)):
        assert b"Reduced by" not in client.get(BOOK).content


def test_a_shop_of_one_day_does_not_call_its_shelves_empty(client: Client) -> None:
    """Nothing is rated yet, and turns are planned for the next day."""
    assert b"no books here yet" in client.get("/").content
    make_published_edition(slug="the-lamp", title="The Lamp")
    page = client.get("/").content
    assert b"The Lamp" in page
    assert b"no books here yet" not in page


@pytest.mark.parametrize(
    "after", ["%22%3E%3Cscript%3Ealert%281%29%3C%2Fscript%3E", "1%26a%3D-1", "+1-1", "A-1", "01-1"]
)
def test_what_somebody_else_wrote_in_the_place_of_a_cursor_is_escaped(
    client: Client, lamp: Edition, after: str
) -> None:
    text = client.get(f"/books/?after={after}").content.decode()
    assert "<script>alert" not in text
    assert f'?to=%2Fbooks%2F%3Fafter%3D{quote(after)}"' in text


class TestWhatIsDear:
    """Counts of facets, where there are many, and the front page's shelves are in Django's cache."""

    def test_is_computed_once(
        self,
        client: Client,
        lamp: Edition,
        monkeypatch: pytest.MonkeyPatch,
        django_assert_max_num_queries: DjangoAssertNumQueries,
    ) -> None:
        monkeypatch.setattr(facet_counts, "_CACHED_FROM", 1)
        for path, most in (("/books/?language=en", 3), ("/", 8)):
            client.get(path)
            with django_assert_max_num_queries(most):
                client.get(path)

    def test_is_there_again_at_once_when_the_shop_changes(self, client: Client, lamp: Edition) -> None:
        assert b"1 book<" in client.get("/books/").content
        assert b"The Oar" not in client.get("/").content
        make_published_edition(title="The Oar")
        assert b"2 books<" in client.get("/books/").content
        assert b"The Oar" in client.get("/").content

    def test_does_without_a_cache(self, client: Client, lamp: Edition, monkeypatch: pytest.MonkeyPatch) -> None:
        """As while a cache server is away: nothing is ever found there."""
        monkeypatch.setattr(type(caches["pages"]), "get", lambda self, key, default=None, version=None: default)
        assert b"1 book<" in client.get("/books/").content
        assert b"The Lamp" in client.get("/").content


@pytest.mark.both
@pytest.mark.parametrize(("path", "most"), [(BOOK, 8), ("/books/", 4), ("/books/?sort=rising", 4)])
def test_as_many_queries_for_one_book_as_for_many(
    client: Client, lamp: Edition, path: str, most: int, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(6):
        other = make_published_edition(title=f"Book {number}", owner=lamp.work.owner)
        make_review(edition=other)
        make_review(edition=lamp)
    with django_assert_max_num_queries(most):
        client.get(path)
