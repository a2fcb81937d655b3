"""Pages that a web process keeps: each only for what it was made of."""

from __future__ import annotations

import gzip
import re
from datetime import timedelta
from typing import Any
from urllib.parse import quote

import pytest
from django.test import Client
from django.utils.safestring import SafeString
from pytest_django import DjangoAssertNumQueries

from common import clock
from common.shared_recent import SharedRecent
from publishing.models import Edition
from storefront.models import FacetTotal, FlagRule, Fold, Listing, ReviewReply, Standing
from storefront.selectors import browse
from storefront.selectors import reviews as review_selectors
from storefront.selectors.browse import CataloguePage
from storefront.selectors.cards import Card
from storefront.views import catalogue, kept, narrowing, search, shop
from tests.conftest import NOON
from tests.factories.accounts import make_author, make_reader
from tests.factories.publishing import make_published_edition
from tests.factories.trust import make_review

pytestmark = pytest.mark.django_db
PATH, FOUND = "/books/the-lamp/", "/search/?q=lamp"
GZIP = {"Accept-Encoding": "gzip, br"}  # as browsers ask: a list is kept for nobody else


class Browser(Client):
    """Asks as browsers do, and unpacks what it gets."""

    def get(self, *args: Any, **more: Any) -> Any:
        response = super().get(*args, **{"headers": GZIP, **more})
        if response.headers.get("Content-Encoding") == "gzip":
            response.content = gzip.decompress(response.content)
        return response


@pytest.fixture
def client() -> Client:
    return Browser()


@pytest.fixture
def lamp() -> Edition:
    return make_published_edition(slug="the-lamp", title="The Lamp", owner=make_author(display_name="Marit S."))


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The templates rendered since, and the pages of lists put together."""
    found: list[str] = []
    render, put_together = shop.render, browse.catalogue_page

    def counted(request, template, context):
        found.append(template)
        return render(request, template, context)

    def counted_list(rows):
        found.append("a list")
        return put_together(rows)

    for views in (shop, search):
        monkeypatch.setattr(views, "render", counted)
    monkeypatch.setattr(browse, "catalogue_page", counted_list)
    return found


def test_is_rendered_once_and_read_each_time(
    client: Client, lamp: Edition, made: list[str], django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    first = client.get(PATH).content
    with django_assert_num_queries(3):
        assert client.get(PATH).content == first
    assert len(made) == 1


def test_a_reader_gets_the_same(client: Client, lamp: Edition, made: list[str]) -> None:
    first = client.get(PATH).content
    client.force_login(make_reader(display_name="Somebody Special"))
    assert client.get(PATH).content == first
    assert len(made) == 1


@pytest.mark.parametrize("other", ["/de-at/books/the-lamp/", "/en-gb/books/the-lamp/", "/en-us/books/the-lamp/"])
def test_a_region_has_its_own(client: Client, lamp: Edition, made: list[str], other: str) -> None:
    for path in (PATH, other, PATH):
        shown = client.get(path).content
        kept.forget_pages()
        assert client.get(path).content == shown
    assert b"Warenkorb" in client.get("/de-at/books/the-lamp/").content
    assert b"Warenkorb" not in client.get(PATH).content


def test_books_stay_apart(client: Client, lamp: Edition) -> None:
    make_published_edition(slug="the-oar", title="The Oar")
    for _ in range(2):
        assert b'<h1 dir="auto" lang="en">The Lamp<' in client.get(PATH).content
        assert b'<h1 dir="auto" lang="en">The Oar<' in client.get("/books/the-oar/").content


def test_whatever_is_read_anew_is_shown(client: Client, lamp: Edition) -> None:
    client.get(PATH)
    Listing.objects.filter(slug="the-lamp").update(description="Another description")
    assert b"Another description" in client.get(PATH).content
    review = make_review(edition=lamp, title="Lovely", body="A review’s body")
    assert "A review’s body" in client.get(PATH).content.decode()
    type(review).objects.filter(pk=review.pk).update(body="Its other body")
    assert b"Its other body" in client.get(PATH).content
    make_published_edition(title="The Oar", owner=lamp.work.owner)
    assert b"The Oar" in client.get(PATH).content


def test_an_adult_s_book_warns_as_soon_as_it_is_one(client: Client, lamp: Edition) -> None:
    assert b"18+" not in client.get(PATH).content
    Listing.objects.filter(slug="the-lamp").update(is_adult=True)
    assert b"18+" in client.get(PATH).content


def test_what_moves_with_the_day_moves(client: Client, lamp: Edition) -> None:
    """A reduction is announced for thirty days; nothing is written when they are over."""
    listing = Listing.objects.get(slug="the-lamp")
    steps = [[(NOON - timedelta(days=40)).isoformat(), 900], [(NOON - timedelta(days=1)).isoformat(), 450]]
    listing.details["price_history"] = {"USD": steps}
    listing.prices, listing.price_minor = {"USD": 450}, 450
    listing.save()
    assert b"Reduced by 50 %" in client.get(PATH).content
    with clock.frozen(NOON + timedelta(days=31)):
        assert b"Reduced by" not in client.get(PATH).content


def test_an_address_with_a_query_is_not_kept(client: Client, lamp: Edition, made: list[str]) -> None:
    for _ in range(2):
        assert b"utm=2" in client.get(PATH + "?utm=2").content
    assert len(made) == 2


LISTS = ["/", "/books/", "/books/?sort=rating", "/books/?subject=FM&language=de", "/de-at/books/"]


@pytest.mark.parametrize("path", LISTS)
def test_lists_are_rendered_once_and_read_each_time(
    client: Client, lamp: Edition, made: list[str], path: str, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    first = client.get(path).content
    with django_assert_max_num_queries(3):
        assert client.get(path).content == first
    assert len(made) == 1


@pytest.mark.parametrize("path", ["/books/?utm=2", "/books/?language=de&subject=FM", "/books/?sort=newest", "/?utm=2"])
def test_a_list_is_kept_under_the_shop_s_own_address_alone(
    client: Client, lamp: Edition, made: list[str], path: str
) -> None:
    for _ in range(2):
        client.get(path)
    assert len(made) == 2


def test_lists_stay_apart(client: Client, lamp: Edition) -> None:
    """All of these show the one book and nothing else."""
    paths = ["/books/", "/books/?sort=rating", "/books/?sort=bestselling", "/de-at/books/", "/de-ch/books/"]
    apart = {}
    for path in paths:
        kept.forget_pages()
        apart[path] = client.get(path).content
    kept.forget_pages()
    for path in paths * 2:
        assert client.get(path).content == apart[path]
    assert len(set(apart.values())) == len(paths)


@pytest.mark.parametrize("path", ["/", "/books/"])
def test_lists_show_whatever_is_read_anew(client: Client, lamp: Edition, path: str) -> None:
    client.get(path)
    Listing.objects.filter(slug="the-lamp").update(title="The Candle", card_html="<b>Its card</b><!--price-->")
    narrowing.shelves.cache_clear()  # the catalogue's version tells them, and nothing here moved it
    page = client.get(path).content
    assert b"Its card" in page or b"The Candle" in page
    Listing.objects.filter(slug="the-lamp").update(is_on_sale=False)
    narrowing.shelves.cache_clear()
    assert b"/books/the-lamp/" not in client.get(path).content


def test_a_shop_of_one_day_does_not_call_its_shelves_empty(client: Client) -> None:
    """Nothing is rated yet, and turns are planned for the next day."""
    assert b"still empty" in client.get("/").content
    make_published_edition(slug="the-lamp", title="The Lamp")
    page = client.get("/").content
    assert b"The Lamp" in page
    assert b"still empty" not in page


def test_a_list_shows_new_counts(client: Client, lamp: Edition) -> None:
    assert b"1 book<" in client.get("/books/").content
    FacetTotal.objects.update(books=7)
    narrowing.forget_narrowings()  # the catalogue's version tells them, and nothing here moved it
    assert b"7 books<" in client.get("/books/").content


def test_a_review_of_the_statement_is_that_of_the_queryset(lamp: Edition) -> None:
    make_review(edition=lamp, stars=4, title="Good", body="Read it")
    flagged = make_review(edition=lamp, fold=Fold.FLAGGED, fold_rule=FlagRule.SPAM, is_verified=False)
    make_review(edition=lamp, fold=Fold.HIDDEN)
    Standing.objects.create(user=flagged.user, points=-3, is_curator=True)
    later = NOON + timedelta(days=1)
    for review, changed_at in ((flagged, later), (lamp.work.reviews.first(), NOON)):
        reply = {"author": lamp.work.owner, "body": "Thanks", "created_at": NOON, "changed_at": changed_at}
        ReviewReply.objects.update_or_create(review=review, defaults=reply)
    listing = Listing.objects.get(slug="the-lamp")
    page = review_selectors.reviews_page(listing, review_selectors.ReviewFilters())
    found = review_selectors.first_reviews(lamp.work_id)
    assert [review_selectors.shown(one) for one in page.reviews] == list(found)
    assert len(found) == 2


@pytest.mark.both
class TestSearches:
    """Each only for what was found, and for the address that asked."""

    def test_are_rendered_once_and_asked_each_time(
        self, client: Client, lamp: Edition, made: list[str], django_assert_num_queries: DjangoAssertNumQueries
    ) -> None:
        first = client.get(FOUND).content
        with django_assert_num_queries(3):
            assert client.get(FOUND).content == first
        assert len(made) == 1

    def test_show_what_is_found_anew(self, client: Client, lamp: Edition) -> None:
        assert b"A Second Lamp" not in client.get(FOUND).content
        make_published_edition(title="A Second Lamp")
        assert b"A Second Lamp" in client.get(FOUND).content
        Listing.objects.filter(slug="the-lamp").update(prices={"USD": 1234})
        assert b"12.34" in client.get(FOUND).content

    @pytest.mark.parametrize(
        "other", ["/de-at/search/?q=lamp", "/search/?q=LAMP", "/search/?q=lamp&adult", FOUND + "&a=b"]
    )
    def test_an_address_has_its_own(self, client: Client, lamp: Edition, other: str) -> None:
        for path in (FOUND, other, FOUND):
            shown = client.get(path).content
            kept.forget_pages()
            assert client.get(path).content == shown
        assert client.get(other).content != client.get(FOUND).content


@pytest.mark.usefixtures("lamp")
@pytest.mark.parametrize(("path", "room"), [(FOUND, "_searches"), ("/books/", "_lists")])
def test_neither_searches_nor_lists_drive_a_book_out(
    client: Client, monkeypatch: pytest.MonkeyPatch, made: list[str], path: str, room: str
) -> None:
    monkeypatch.setattr(kept, room, SharedRecent(most=1))
    for asked in (PATH, path, path, PATH):
        client.get(asked)
    assert len(made) == 3  # the book once


@pytest.mark.parametrize("region", ["", "/de-at", "/en-us"])
@pytest.mark.parametrize("query", ["", "sort=rating", "subject=FM&language=en", "sort=bestselling&adult=1"])
def test_pages_of_a_list_are_what_their_template_renders(
    client: Client, monkeypatch: pytest.MonkeyPatch, region: str, query: str
) -> None:
    """The first, one in the middle and the last, put together from pieces and rendered whole."""
    monkeypatch.setattr(browse, "PAGE_SIZE", 2)
    for number in range(5):
        make_published_edition(title=f"Lamp & <b>{number}</b>", subject="FM", prices={"USD": 100 * number})
    address, seen = f"{region}/books/?{query}".rstrip("?"), []
    for _ in range(3):
        seen.append(address)
        text = client.get(address).content.decode()
        kept.forget_pages()
        again = client.get(address).content.decode()
        with monkeypatch.context() as whole:
            whole.setattr(catalogue, "_frame", _Whole)
            kept.forget_pages()
            assert client.get(address).content.decode() == text == again
        found = re.search(r'rel="next" href="([^"]+)"', text)
        address = f"{region}/books/{found[1].replace('&amp;', '&')}" if found else ""
    assert (len(set(seen)), address) == (3, "")


@pytest.mark.parametrize(
    "after", ["%22%3E%3Cscript%3Ealert%281%29%3C%2Fscript%3E", "1%26a%3D-1", "+1-1", "A-1", "01-1"]
)
def test_what_somebody_else_wrote_in_the_place_of_a_cursor_is_escaped(
    client: Client, lamp: Edition, after: str
) -> None:
    """The address is as our own links have it, but what it ends with was never given out."""
    text = client.get(f"/books/?after={after}").content.decode()
    assert "<script>alert" not in text
    assert f'?to=%2Fbooks%2F%3Fafter%3D{quote(after)}"' in text


class _Whole:
    """In the place of a frame: the page as its template renders it."""

    def __init__(self, request, filters, narrowed, *, has_more) -> None:
        self._asked = request, filters, narrowed

    def filled(self, values: dict[str, bytes]) -> bytes:
        request, filters, narrowed = self._asked
        cards = [Card(slug, SafeString(html)) for slug, html in zip(*_books_in(values), strict=True)]
        return catalogue._whole(request, filters, CataloguePage(cards, values["next"].decode()), narrowed).content


def _books_in(values: dict[str, bytes]) -> tuple[list[str], list[str]]:
    html = re.findall(r"<li>(.*?)</li>", values["books"].decode(), re.DOTALL)
    return [re.findall(r'href="[^"]*/books/([^/]+)/"', one)[0] for one in html], html


def test_a_list_reads_its_books_and_the_shop_s_state_at_once(
    client: Client, lamp: Edition, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    path = "/books/?language=en"
    tag = client.get(path)["ETag"]
    with django_assert_num_queries(1):
        assert client.get(path)["ETag"] == tag
    with django_assert_num_queries(1):
        assert client.get(path, headers={"If-None-Match": tag}).status_code == 304


@pytest.mark.parametrize("path", [PATH, "/", "/books/", FOUND])
def test_who_takes_gzip_gets_the_page_as_it_is_kept(lamp: Edition, path: str) -> None:
    plain, packing = Client(), Client(headers=GZIP)
    whole = plain.get(path)
    for _ in range(2):
        short = packing.get(path)
        assert gzip.decompress(short.content) == whole.content == plain.get(path).content
        assert (short["Content-Encoding"], short["Vary"]) == ("gzip", "Accept-Encoding, Cookie")
        assert "Content-Encoding" not in whole.headers


def test_who_does_not_waits_for_no_compression(lamp: Edition, made: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "packed", None)
    for _ in range(2):
        assert b"The Lamp" in Client().get(PATH).content
    assert len(made) == 2
