from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client
from lxml import etree
from pytest_django import DjangoAssertNumQueries

from common import clock
from publishing import hooks
from publishing.models import Edition, Series
from storefront.catalogue.models import Listing
from storefront.community.models import Shelf, Visibility
from storefront.community.services import shelves
from storefront.pages.selectors import sitemaps
from tests.factories.accounts import make_author, make_reader
from tests.factories.offers import make_bundle
from tests.factories.publishing import make_published_edition, make_work

pytestmark = pytest.mark.django_db
N = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9"}
# W3C's profile of ISO 8601, which sitemaps.org asks for.
_W3C = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")


def read(client: Client, address: str, root: str, tag: str) -> list[str]:
    """Paths that a sitemap names, its form checked: the protocol's root, one `loc` each, dates in its format."""
    response = client.get(address)
    assert response.status_code == 200
    tree = etree.fromstring(response.getvalue())
    assert tree.tag == f"{{{N['s']}}}{root}"
    assert 0 < len(tree) <= 50_000
    paths = []
    for one in tree:
        assert one.tag == f"{{{N['s']}}}{tag}"
        assert [etree.QName(child).localname for child in one] in (["loc"], ["loc", "lastmod"])
        location = one.findtext("s:loc", None, N) or ""
        assert location.startswith("http://testserver/")
        assert len(location) < 2048
        assert _W3C.fullmatch(one.findtext("s:lastmod", "2026-11-24T12:00:00Z", N))
        paths.append(location.removeprefix("http://testserver"))
    assert len(paths) == len(set(paths))
    return paths


def everything(client: Client) -> list[str]:
    index = read(client, "/sitemap.xml", "sitemapindex", "sitemap")
    return [path for one in index for path in read(client, one, "urlset", "url")]


def make_shelf(title: str, *books: Edition, visibility: Visibility = Visibility.PUBLIC) -> Shelf:
    at, keeper = clock.now(), make_reader()
    shelf = shelves.make_shelf(actor=keeper, title=title, description="", visibility=visibility, at=at)
    for book in books:
        shelves.add_book(actor=keeper, shelf=shelf, work=book.work, reason="", at=at)
    return shelf


class TestSitemaps:
    def test_name_each_page_once_and_each_is_there(self, client: Client) -> None:
        owner = make_author()
        series = Series.objects.create(owner=owner, slug="tides", title="Tides")
        make_published_edition(work=make_work(owner=owner, series=series, slug="ebb"))
        make_published_edition(owner=owner, slug="flood")
        make_reader()
        paths = everything(client)
        assert {"/", "/books/", "/books/?subject=F", "/books/ebb/", "/books/flood/", "/series/tides/"} < set(paths)
        assert {"/help/", "/faq/", "/about/"} < set(paths)
        assert [path for path in paths if path.startswith("/authors/")] == ["/authors/", f"/authors/{owner.public_id}/"]
        for path in paths:
            assert client.get(path).status_code == 200

    def test_of_a_region_name_its_pages(self, client: Client) -> None:
        owner = make_author()
        series = Series.objects.create(owner=owner, slug="tides", title="Tides")
        make_published_edition(work=make_work(owner=owner, series=series, slug="ebb"))
        for kind, path in (
            ("books", "books/ebb/"),
            ("authors", f"authors/{owner.public_id}/"),
            ("series", "series/tides/"),
        ):
            assert read(client, f"/de-at/sitemaps/{kind}-0.xml", "urlset", "url") == [f"/de-at/{path}"]
            assert read(client, f"/sitemaps/{kind}-0.xml", "urlset", "url") == [f"/{path}"]

    @pytest.mark.parametrize("size", [1, 2, 5, 1000])
    def test_ranges_hold_every_book_once(self, client: Client, monkeypatch: pytest.MonkeyPatch, size: int) -> None:
        monkeypatch.setattr(sitemaps, "ADDRESSES_A_SITEMAP", size)
        for number in range(7):
            make_published_edition(slug=f"lamp-{number}")
        Listing.objects.filter(slug="lamp-3").delete()
        books = [path for path in everything(client) if path.startswith("/books/lamp")]
        assert sorted(books) == [f"/books/lamp-{number}/" for number in (0, 1, 2, 4, 5, 6)]

    def test_withdrawn_books_leave(self, client: Client) -> None:
        hooks.notify_withdrawn(make_published_edition(slug="gone"))
        assert "/books/gone/" not in everything(client)

    def test_of_subjects_those_with_books_are_named(self, client: Client) -> None:
        make_published_edition(work=make_work(subject="FF"))
        make_published_edition(work=make_work(subject="DC", is_adult=True))
        hooks.notify_withdrawn(make_published_edition(work=make_work(subject="WM")))
        subjects = [path for path in everything(client) if path.startswith("/books/?")]
        assert subjects == ["/books/?subject=F", "/books/?subject=FF"]

    def test_no_page_that_asks_to_be_left_out_is_named(self, client: Client) -> None:
        make_published_edition(work=make_work(subject="FF", is_adult=True))
        make_shelf("Nothing")
        owner = make_author()
        series = Series.objects.create(owner=owner, slug="tides", title="Tides")
        book = make_published_edition(work=make_work(owner=owner, series=series))
        make_shelf("Lights", book)
        paths = everything(client)
        assert "/series/" in paths
        assert "/shelves/" in paths
        assert "/bundles/" not in paths
        assert [path for path in paths if "noindex" in client.get(path).content.decode()] == []

    def test_of_bundles_those_that_their_list_shows_are_named(self, client: Client) -> None:
        night = make_published_edition(work=make_work(is_adult=True))
        hidden = [make_bundle(make_published_edition(), night)]
        assert "/bundles/" not in everything(client)
        withdrawn = make_published_edition()
        hidden.append(make_bundle(withdrawn, make_published_edition(work=make_work(owner=withdrawn.work.owner))))
        hooks.notify_withdrawn(withdrawn)
        withdrawn.work.editions.update(state="withdrawn")
        unpriced = make_published_edition()
        hidden.append(make_bundle(unpriced, make_published_edition()))
        unpriced.work.prices.all().delete()
        hidden.append(make_bundle(make_published_edition(), make_published_edition(), on_sale=False))
        in_euro = [make_published_edition(work=make_work(prices={"EUR": 499})) for _ in range(2)]
        shown = [make_bundle(make_published_edition(), make_published_edition())]
        shown.append(make_bundle(*in_euro, currency="EUR"))
        paths, listed = everything(client), client.get("/bundles/").content.decode()
        assert "/bundles/" in paths
        for bundle, is_shown in [*((one, False) for one in hidden), *((one, True) for one in shown)]:
            assert (f"/bundles/{bundle.slug}/" in paths) is is_shown
            assert (f"/bundles/{bundle.slug}/" in listed) is is_shown

    def test_public_shelves_with_something_to_show_are_named(self, client: Client) -> None:
        lamp, night = make_published_edition(), make_published_edition(work=make_work(is_adult=True))
        gone = make_published_edition()
        shown = make_shelf("Lights", lamp, night)
        make_shelf("Nothing")
        make_shelf("Nights", night)
        make_shelf("Friends", lamp, visibility=Visibility.UNLISTED)
        make_shelf("Yesterday", gone)
        hooks.notify_withdrawn(gone)
        named = [path for path in everything(client) if path.startswith("/shelves/")]
        assert named == ["/shelves/", f"/shelves/{shown.slug}/"]
        assert b"<lastmod>2026-11-24T12:00:00Z</lastmod>" in client.get("/sitemaps/shelves-0.xml").getvalue()

    def test_a_change_is_dated(self, client: Client) -> None:
        edition = make_published_edition(slug="lamp")
        with clock.frozen(clock.now() + timedelta(days=3)):
            hooks.notify_listed(edition)
        assert b"<lastmod>2026-11-27T12:00:00Z</lastmod>" in client.get("/sitemap.xml").content

    @pytest.mark.parametrize("path", ["/sitemaps/books-7.xml", "/sitemaps/readers-0.xml", "/sitemaps/authors-3.xml"])
    def test_there_is_no_empty_one(self, client: Client, path: str) -> None:
        make_published_edition()
        assert client.get(path).status_code == 404

    @pytest.mark.parametrize("books", [1, 9])
    def test_take_a_constant_number_of_queries(
        self, client: Client, django_assert_num_queries: DjangoAssertNumQueries, books: int
    ) -> None:
        for _ in range(books):
            make_published_edition()
        with django_assert_num_queries(5):
            client.get("/sitemap.xml")
        number = Listing.objects.earliest("pk").pk // sitemaps.ADDRESSES_A_SITEMAP
        with django_assert_num_queries(1):
            client.get(f"/sitemaps/books-{number}.xml").getvalue()


class TestRobots:
    def test_names_the_sitemap_and_what_is_for_one_person(self, client: Client) -> None:
        text = client.get("/robots.txt").content.decode()
        assert "Sitemap: http://testserver/sitemap.xml" in text.splitlines()
        assert {"Disallow: /cart/", "Disallow: /desk/", "Disallow: /finance/"} < set(text.splitlines())

    def test_no_page_of_the_sitemap_is_forbidden(self, client: Client) -> None:
        make_published_edition()
        text = client.get("/robots.txt").content.decode()
        forbidden = [line.removeprefix("Disallow: ") for line in text.splitlines() if line.startswith("Disallow")]
        patterns = [re.compile("".join(".*" if c == "*" else re.escape(c) for c in one)) for one in forbidden]
        assert patterns
        assert [path for path in everything(client) if any(one.match(path) for one in patterns)] == []
