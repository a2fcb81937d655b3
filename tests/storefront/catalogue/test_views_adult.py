"""Books for adults are on no list unless a reader asks for them, and then they are."""

from __future__ import annotations

import pytest
from django.test import Client

from accounts.models import User
from publishing.models import Series
from storefront.catalogue.models import Listing
from storefront.community.models import Visibility
from storefront.community.selectors import shelves as shelf_selectors
from storefront.community.services import shelves
from tests.conftest import NOON
from tests.factories.accounts import make_author
from tests.factories.publishing import make_published_edition, make_work
from tests.factories.trust import make_standing

pytestmark = pytest.mark.django_db

HIDDEN = "1 book for adults (18+) is not shown here."


@pytest.fixture
def author() -> User:
    return make_author(display_name="Ada Quill")


@pytest.fixture
def pages(author: User) -> list[str]:
    """An author's, a series' and a shelf's page, each with a lamp for everybody and a night for adults."""
    series = Series.objects.create(owner=author, slug="tides", title="Tides")
    shelf = shelves.make_shelf(
        actor=make_standing(12, is_curator=True), title="Lights", description="", visibility=Visibility.PUBLIC, at=NOON
    )
    for number, slug in enumerate(("the-lamp", "the-night"), start=1):
        work = make_work(owner=author, slug=slug, series=series, series_number=number, is_adult=slug == "the-night")
        make_published_edition(work=work)
        shelves.add_book(actor=shelf.owner, shelf=shelf, work=work, reason="It glows.", at=NOON)
    return [f"/authors/{author.public_id}/", "/series/tides/", f"/shelves/{shelf.slug}/"]


def test_a_page_of_books_says_how_many_it_hides_and_shows_them_when_asked(client: Client, pages: list[str]) -> None:
    for page in pages:
        text = client.get(page).content.decode()
        assert "/books/the-lamp/" in text
        assert "/books/the-night/" not in text
        assert HIDDEN in text
        asked = client.get(page, {"adult": "1"}).content.decode()
        assert "/books/the-night/" in asked
        assert HIDDEN not in asked


def test_a_page_of_nothing_else_is_there_and_says_so(client: Client, author: User, pages: list[str]) -> None:
    Listing.objects.update(is_adult=True)
    for page in pages:
        assert "2 books for adults (18+) are not shown here." in client.get(page).content.decode()


def test_feeds_have_none(client: Client, author: User, pages: list[str]) -> None:
    feeds = ["/feeds/new.atom", f"/authors/{author.public_id}/new.atom", "/series/tides/new.atom", f"{pages[2]}feed/"]
    for feed in feeds:
        answer = client.get(feed)
        assert answer.status_code == 200, feed
        assert "the-lamp" in answer.content.decode()
        assert "the-night" not in answer.content.decode()


def test_search_engines_are_told(client: Client, pages: list[str]) -> None:
    mark = '<meta name="rating" content="adult">'
    assert mark in client.get("/books/the-night/").content.decode()
    assert mark not in client.get("/books/the-lamp/").content.decode()


def test_a_shelf_without_enough_to_show_takes_no_place_on_the_front_page() -> None:
    keeper = make_standing(12, is_curator=True)
    shown, *others = [
        shelves.make_shelf(actor=keeper, title=title, description="", visibility=Visibility.PUBLIC, at=NOON)
        for title in ("Lights", "Nights", "More nights", "Still more nights", "Last nights")
    ]
    for shelf in (shown, *others):
        for _ in range(3):
            work = make_work(is_adult=shelf is not shown)
            make_published_edition(work=work)
            shelves.add_book(actor=keeper, shelf=shelf, work=work, reason="", at=NOON)
    found = shelf_selectors.front_shelves()
    assert [shelf.title for shelf in found] == ["Lights"]
