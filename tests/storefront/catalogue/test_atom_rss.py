from __future__ import annotations

from datetime import timedelta
from typing import Any

import feedparser
import pytest
from django.test import Client
from lxml import etree

from common import clock
from publishing import hooks
from publishing.models import Edition, Series
from storefront.community.models import Visibility
from storefront.community.services import shelves
from tests.factories.accounts import make_author, make_reader
from tests.factories.publishing import make_published_edition, make_work

pytestmark = pytest.mark.django_db
A = "{http://www.w3.org/2005/Atom}"


def read(client: Client, address: str) -> Any:
    response = client.get(address)
    assert response.status_code == 200
    assert response["Cache-Control"].startswith("public")
    assert not response.cookies
    feed = feedparser.parse(response.content)
    assert not feed.bozo, feed.get("bozo_exception")
    return feed


@pytest.fixture
def books() -> list[Edition]:
    """An author's two books, of which one is in a series, and another author's one."""
    marit = make_author(display_name="Marit S.")
    series = Series.objects.create(owner=marit, slug="ice", title="Ice & Fire")
    return [
        make_published_edition(work=make_work(owner=marit, series=series, slug="lamp", title="The Lamp", subject="FF")),
        make_published_edition(
            owner=marit, slug="net", title="The <Net>", published_at=clock.now() + timedelta(days=1)
        ),
        make_published_edition(slug="other", language="de", published_at=clock.now() - timedelta(days=1)),
    ]


class TestFeeds:
    @pytest.mark.parametrize("kind", ["atom", "rss"])
    @pytest.mark.parametrize(
        ("address", "slugs"),
        [
            ("/feeds/new.", ["net", "lamp", "other"]),
            ("/feeds/subjects/F.", ["net", "lamp", "other"]),
            ("/feeds/subjects/FF.", ["lamp"]),
            ("/feeds/subjects/UM.", []),
            ("/feeds/languages/de.", ["other"]),
            ("/series/ice/new.", ["lamp"]),
        ],
    )
    def test_hold_the_newest_first(
        self, client: Client, books: list[Edition], address: str, kind: str, slugs: list[str]
    ) -> None:
        feed = read(client, address + kind)
        assert feed.version == {"atom": "atom10", "rss": "rss20"}[kind]
        assert [entry.link for entry in feed.entries] == [f"http://testserver/books/{slug}/" for slug in slugs]
        assert feed.feed.title
        assert feed.feed.link.startswith("http://testserver/")

    @pytest.mark.parametrize("kind", ["atom", "rss"])
    def test_an_entry_has_title_author_text_cover_subject_and_dates(
        self, client: Client, books: list[Edition], kind: str
    ) -> None:
        entry = read(client, f"/feeds/new.{kind}").entries[1]
        assert entry.title == "The Lamp"
        assert entry.author == "Marit S."
        assert "<img" in entry.summary
        assert "A keeper, a letter, and a light that should have gone out." in entry.summary
        assert entry.media_thumbnail[0]["url"].startswith("http://testserver/public/")
        assert [tag.term for tag in entry.tags] == ["Crime and mystery"]
        assert entry.published_parsed[:4] == (2026, 11, 24, 12)

    @pytest.mark.parametrize("kind", ["atom", "rss"])
    def test_an_entry_stays_the_same_one_under_another_address(
        self, client: Client, books: list[Edition], kind: str
    ) -> None:
        before = read(client, f"/feeds/new.{kind}").entries[0]
        work = books[1].work
        work.slug, work.title = "fishing-net", "The Fishing Net"
        work.save()
        hooks.notify_listed(books[1])
        after = read(client, f"/feeds/new.{kind}").entries[0]
        assert after.link == "http://testserver/books/fishing-net/"
        assert after.id == before.id == f"tag:testserver,2026:{work.public_id}"

    def test_atom_has_what_its_specification_requires(self, client: Client, books: list[Edition]) -> None:
        """RFC 4287: id, title and updated in the feed and in each entry; an author in each; a link to itself."""
        root = etree.fromstring(client.get("/feeds/new.atom").content)
        for element in [root, *root.iterfind(f"{A}entry")]:
            assert [len(element.findall(A + name)) for name in ("id", "title", "updated")] == [1, 1, 1]
        assert all(entry.find(f"{A}author/{A}name") is not None for entry in root.iterfind(f"{A}entry"))
        links = {link.get("rel"): link.get("href") for link in root.iterfind(f"{A}link")}
        assert links == {"self": "http://testserver/feeds/new.atom", "alternate": "http://testserver/books/"}

    def test_rss_has_what_its_specification_requires(self, client: Client, books: list[Edition]) -> None:
        """RSS 2.0: title, link and description in the channel; a guid that says that it is no address."""
        channel = etree.fromstring(client.get("/feeds/new.rss").content)[0]
        assert all(channel.findtext(name) for name in ("title", "link", "description", "lastBuildDate"))
        assert {item.find("guid").get("isPermaLink") for item in channel.iterfind("item")} == {"false"}

    def test_of_an_author(self, client: Client, books: list[Edition]) -> None:
        owner = books[0].work.owner
        feed = read(client, f"/authors/{owner.public_id}/new.atom")
        assert [entry.title for entry in feed.entries] == ["The <Net>", "The Lamp"]
        assert "Marit S." in feed.feed.title

    @pytest.mark.parametrize(
        "path",
        ["/feeds/new.json", "/feeds/subjects/QQ.atom", "/feeds/languages/fr.atom", "/series/none/new.atom"],
    )
    def test_there_are_no_others(self, client: Client, books: list[Edition], path: str) -> None:
        assert client.get(path).status_code == 404

    def test_readers_have_none(self, client: Client, books: list[Edition]) -> None:
        assert client.get(f"/authors/{make_reader().public_id}/new.atom").status_code == 404

    def test_adult_books_are_left_out(self, client: Client) -> None:
        make_published_edition(work=make_work(is_adult=True, slug="adult"))
        assert read(client, "/feeds/new.atom").entries == []

    def test_answers_304_until_the_shop_changes(self, client: Client, books: list[Edition]) -> None:
        etag = client.get("/feeds/new.atom")["ETag"]
        assert client.get("/feeds/new.atom", headers={"if-none-match": etag}).status_code == 304
        hooks.notify_listed(books[0])
        assert client.get("/feeds/new.atom", headers={"if-none-match": etag}).status_code == 200

    def test_what_authors_type_stays_text(self, client: Client) -> None:
        make_published_edition(description="<script>alert(1)</script>")
        assert "<script" not in read(client, "/feeds/new.atom").entries[0].summary
        assert b"<script" not in client.get("/feeds/new.atom").content


class TestDiscovery:
    @pytest.mark.parametrize(
        ("page", "feed"),
        [
            ("/", "/feeds/new.atom"),
            ("/books/", "/feeds/new.atom"),
            ("/books/?subject=FF", "/feeds/subjects/FF.atom"),
            ("/books/?language=de", "/feeds/languages/de.atom"),
            ("/series/ice/", "/series/ice/new.atom"),
        ],
    )
    def test_pages_name_their_feed_and_link_it(
        self, client: Client, books: list[Edition], page: str, feed: str
    ) -> None:
        text = client.get(page).content.decode()
        assert f'rel="alternate" type="application/atom+xml" href="{feed}"' in text
        assert f'<a href="{feed}"' in text
        assert client.get(feed).status_code == 200

    @pytest.mark.parametrize("tags", [("de-AT", "de-DE"), ("de-AT", "de")])
    def test_a_languages_has_what_its_page_lists(self, client: Client, tags: tuple[str, ...]) -> None:
        for tag in (*tags, "deu", "en"):
            make_published_edition(language=tag, slug=tag.lower())
        for asked, listed in (("de", {*tags}), ("de-AT", {"de-AT"})):
            page = client.get(f"/books/?language={asked}").content.decode()
            assert f'href="/feeds/languages/{asked}.atom"' in page
            slugs = {tag.lower() for tag in listed}
            assert {slug for slug in ("de", "de-at", "de-de", "deu") if f'href="/books/{slug}/"' in page} == slugs
            links = {entry.link for entry in read(client, f"/feeds/languages/{asked}.atom").entries}
            assert links == {f"http://testserver/books/{slug}/" for slug in slugs}

    def test_pages_with_nothing_but_books_for_adults_have_an_empty_one(self, client: Client) -> None:
        owner = make_author()
        series = Series.objects.create(owner=owner, slug="tides", title="Tides")
        book = make_published_edition(work=make_work(owner=owner, series=series, is_adult=True))
        pages = (f"/authors/{owner.public_id}/", "/series/tides/")
        for page in pages:
            assert f'href="{page}new.atom"' in client.get(page).content.decode()
            assert read(client, f"{page}new.atom").entries == []
        hooks.notify_withdrawn(book)
        assert [client.get(f"{page}new.atom").status_code for page in pages] == [404, 404]

    def test_so_does_an_authors(self, client: Client, books: list[Edition]) -> None:
        page = f"/authors/{books[0].work.owner.public_id}/"
        text = client.get(page).content.decode()
        assert f'rel="alternate" type="application/atom+xml" href="{page}new.atom"' in text
        assert f'<a href="{page}new.atom"' in text


class TestCharactersThatXmlDoesNotHave:
    """They came in before forms dropped them, and one book must not take the feeds of all."""

    @pytest.mark.parametrize("kind", ["atom", "rss"])
    @pytest.mark.parametrize("odd", ["\v", "\x01", "\f", "\ufffe"])
    def test_are_left_out(self, client: Client, kind: str, odd: str) -> None:
        words = {"title": f"The La{odd}mp", "description": f"One{odd}two"}
        make_published_edition(work=make_work(subject="FF", owner=make_author(display_name=f"Ma{odd}rit"), **words))
        (entry,) = read(client, f"/feeds/new.{kind}").entries
        assert entry.title == "The Lamp"
        assert "Onetwo" in entry.summary

    def test_are_left_out_of_a_shelf(self, client: Client) -> None:
        keeper, book = make_reader(display_name="Ka\vro"), make_published_edition(title="The La\vmp")
        told = {"title": "Si\x01x", "description": "Of\v them", "visibility": Visibility.PUBLIC}
        shelf = shelves.make_shelf(actor=keeper, at=clock.now(), **told)
        shelves.add_book(actor=keeper, shelf=shelf, work=book.work, reason="Be\fcause", at=clock.now())
        feed = read(client, f"/shelves/{shelf.slug}/feed/")
        assert (feed.feed.title, feed.feed.author) == ("Six", "Karo")
        assert feed.entries[0].summary == "<p>Because</p>"
