"""The shop for devices and apps: feeds of both versions, filters, search, samples, the page that says where to buy."""

from __future__ import annotations

import json
import re
from urllib.parse import urlsplit

import pytest
from django.test import Client
from lxml import etree

from publishing import services as publishing_services
from publishing.services import editions
from publishing.territories import Territory
from storefront.catalogue.models import Listing
from tests.factories.accounts import make_reader
from tests.factories.publishing import make_published_edition
from tests.storefront.devices.clients import ATOM, OPDS, SEARCH, KOReader, ask, entries, link, titles

pytestmark = pytest.mark.django_db

V1, V2 = "/opds/v1.2", "/opds/v2"
BUY = "http://opds-spec.org/acquisition/buy"
SAMPLE = "http://opds-spec.org/acquisition/sample"
THR_COUNT = "{http://purl.org/syndication/thread/1.0}count"


def put_on_sale(title: str, **told) -> Listing:
    """A book on sale that the search finds."""
    edition = make_published_edition(title=title, **told)
    return Listing.objects.get(work=edition.work)


def links_of(entry, rel: str) -> list:
    if isinstance(entry, dict):
        return [one for one in [*entry["links"], *entry["images"]] if one["rel"] == rel]
    return [one for one in entry.findall(f"{ATOM}link") if one.get("rel") == rel]


def feed_of(href: str, **headers: str):
    response = ask(href, **headers)
    assert response.status_code == 200, (href, response.status_code)
    return json.loads(response.body) if response["Content-Type"].startswith("application/opds+json") else xml(response)


def xml(response):
    return etree.fromstring(response.body)


@pytest.mark.parametrize("start", [V1, V2])
class TestStart:
    def test_leads_to_all_lists(self, start):
        put_on_sale("The Lighthouse", subject="FB", language="de")
        feed = feed_of(start)
        assert titles(feed) == ["New books", "Bestselling", "By subject", "By language", "Your books"]
        assert urlsplit(link(feed, "http://opds-spec.org/shelf")).path == f"{start}/shelf"
        assert urlsplit(link(feed, "start")).path == start
        assert titles(feed_of(f"{start}/subjects")) == ["Fiction"]
        assert titles(feed_of(f"{start}/languages")) == ["German"]

    def test_is_there_with_a_slash_as_well(self, start):
        assert ask(f"{start}/").status_code == 200

    def test_no_address_of_a_catalogue_redirects(self, start):
        for path in ("", "/", "/books", "/books/", "/subjects", "/languages", "/search", "/shelf", "/shelf/", "/none"):
            for region in ("", "/de-at", "/en-us"):
                assert ask(f"{region}{start}{path}").status_code in {200, 401, 404}, path


@pytest.mark.parametrize("start", [V1, V2])
class TestKOReader:
    def test_opens_each_door_that_it_shows(self, start):
        """It opens an entry of Atom only by some relations: that of shelves is not among them."""
        put_on_sale("The Lighthouse")
        feed = feed_of(start)
        for door in entries(feed):
            ways = [door] if isinstance(door, dict) else [dict(one.attrib) for one in door.findall(f"{ATOM}link")]
            opened = {None, "subsection", "http://opds-spec.org/sort/popular", "http://opds-spec.org/sort/new"}
            assert [one["href"] for one in ways if one.get("rel") in opened]

    def test_searches(self, start):
        put_on_sale("The Lighthouse")
        put_on_sale("The Harbour")
        koreader = KOReader()
        found = koreader.search(koreader.feed(f"{start}/books"), "lighthouse")
        assert titles(found) == ["The Lighthouse"]
        nothing = koreader.search(koreader.feed(f"{start}/books"), "zzzz")
        assert titles(nothing) in ([], ["Search: zzzz"])

    def test_shows_the_price_on_the_button_that_opens_a_page(self, start):
        put_on_sale("The Lighthouse", slug="the-lighthouse", prices={"USD": 699})
        koreader = KOReader()
        (entry,) = entries(koreader.feed(f"{start}/books"))
        buttons = koreader.buttons(entry, f"http://testserver{start}/books")
        assert [title for title, _href in buttons] == ["Buy, $6.99", "Sample"]
        page, sample = [koreader.fetch(href) for _title, href in buttons]
        assert page["Content-Type"].startswith("text/html")
        assert (sample["Content-Type"], sample.body[:4]) == ("application/epub+zip", b"samp")
        assert [tag for tag in (b"<script", b"<link", b"<img", b"<form") if tag in page.body] == []
        assert re.findall(rb'href="([^"]+)"', page.body) == [b"http://testserver/books/the-lighthouse/"]
        assert b">testserver/books/the-lighthouse<" in page.body

    def test_finds_pictures_that_it_can_show(self, start):
        put_on_sale("The Lighthouse")
        (entry,) = entries(feed_of(f"{start}/books"))
        for rel in ("http://opds-spec.org/image", "http://opds-spec.org/image/thumbnail"):
            (picture,) = links_of(entry, rel)
            assert picture.get("type") == "image/jpeg"
            assert picture.get("href").endswith(".jpg")

    def test_fetches_nothing_while_it_reads_a_list(self, start):
        """It would ask for each `indirectAcquisition` at once."""
        put_on_sale("The Lighthouse")
        assert b"indirectAcquisition" not in ask(f"{start}/books").body

    @pytest.mark.parametrize("path", ["", "/books", "/subjects", "/search?q=light"])
    def test_is_answered_by_head_as_by_get(self, start, path):
        put_on_sale("The Lighthouse")
        asked = {"accept_encoding": "identity"}
        get, head = ask(start + path, **asked), ask(start + path, method="HEAD", **asked)
        ids = {"X-Request-ID"}
        assert {n: v for n, v in head.items() if n not in ids} == {n: v for n, v in get.items() if n not in ids}
        assert (head.status_code, head.body, int(head["Content-Length"])) == (200, b"", len(get.body))


class TestThorium:
    """`opds.ts`: takes Atom by its first five characters and types, and search by a link of one of three kinds."""

    def test_takes_the_types_and_beginnings(self):
        atom, second = ask(f"{V1}/books"), ask(f"{V2}/books")
        assert atom["Content-Type"].startswith("application/atom+xml")
        assert atom.body.startswith(b"<?xml")
        assert second["Content-Type"].startswith("application/opds+json")
        assert second.body.startswith(b"{")

    def test_searches_by_a_link_of_its_own(self):
        """`new URL(…)` makes "search{?query}" a path that ends in "%7B" and a query with "query"."""
        put_on_sale("The Lighthouse")
        href = link(feed_of(f"{V2}/books"), "search")
        path, _mark, query = href.partition("?")
        assert path.endswith("{")
        assert "query" in query
        assert titles(feed_of(f"{href.partition('{')[0]}?query=lighthouse")) == ["The Lighthouse"]

    def test_reads_what_to_buy_and_to_try(self):
        put_on_sale("The Lighthouse", prices={"USD": 699})
        (entry,) = entries(feed_of(f"{V2}/books"))
        (buy,), (sample,) = links_of(entry, BUY), links_of(entry, SAMPLE)
        assert buy["properties"]["price"] == {"currency": "USD", "value": 6.99}
        assert sample["type"] == "application/epub+zip"
        assert b'"value": 6.99' in ask(f"{V2}/books").body

    def test_is_told_how_to_sign_in_before_and_after_it_is_refused(self):
        (shelf,) = [one for one in feed_of(V2)["links"] if one["rel"] == "http://opds-spec.org/shelf"]
        told = shelf["properties"]["authenticate"]
        assert told["type"] == "application/opds-authentication+json"
        document = json.loads(ask(told["href"]).body)
        refused = ask(shelf["href"])
        assert (refused.status_code, json.loads(refused.body)) == (401, document)
        assert document["id"] == told["href"]
        assert document["authentication"][0]["type"] == "http://opds-spec.org/auth/basic"
        assert set(document["authentication"][0]["labels"]) == {"login", "password"}


class TestSearchDescription:
    def test_has_a_template_for_each_version(self):
        response = ask("/opds/search.xml")
        assert response["Content-Type"] == "application/opensearchdescription+xml"
        found = {one.get("type"): one.get("template") for one in xml(response).iter(f"{SEARCH}Url")}
        put_on_sale("The Lighthouse")
        for kind in ("application/atom+xml", "application/opds+json"):
            answer = ask(found[kind].replace("{searchTerms}", "lighthouse"))
            assert answer["Content-Type"].startswith(kind)
            assert b"The Lighthouse" in answer.body


@pytest.mark.parametrize("start", [V1, V2])
class TestFacets:
    def choices(self, feed) -> dict[str, dict[str, tuple[str, int | None, bool]]]:
        found: dict[str, dict[str, tuple[str, int | None, bool]]] = {}
        if isinstance(feed, dict):
            for group in feed.get("facets", []):
                found[group["metadata"]["title"]] = {
                    one["title"]: (
                        one["href"],
                        one.get("properties", {}).get("numberOfItems"),
                        one.get("rel") == "self",
                    )
                    for one in group["links"]
                }
            return found
        for one in feed.findall(f"{ATOM}link"):
            if one.get("rel") == "http://opds-spec.org/facet":
                count = one.get(THR_COUNT)
                told = (one.get("href"), int(count) if count else None, one.get(f"{OPDS}activeFacet") == "true")
                found.setdefault(one.get(f"{OPDS}facetGroup"), {})[one.get("title")] = told
        return found

    def test_narrow_the_list_and_say_by_how_much(self, start):
        put_on_sale("Dear", subject="FB", prices={"USD": 1999})
        put_on_sale("Cheap", subject="FB", prices={"USD": 399})
        put_on_sale("History", subject="NH", language="de", prices={"USD": 399})
        choices = self.choices(feed_of(f"{start}/books"))
        assert {"Sort by", "Subject", "Language", "Price"} <= set(choices)
        href, count, is_active = choices["Price"]["Up to $5.00"]
        assert (count, is_active) == (2, False)
        narrowed = feed_of(href)
        assert sorted(titles(narrowed)) == ["Cheap", "History"]
        assert self.choices(narrowed)["Price"]["Up to $5.00"][2]
        both, *_rest = self.choices(narrowed)["Language"]["German"]
        assert titles(feed_of(both)) == ["History"]
        widened = feed_of(self.choices(feed_of(both))["Price"]["Up to $5.00"][0])
        assert titles(widened) == ["History"]
        assert urlsplit(link(feed_of(both), "self")).query == "language=de&price=5"

    def test_sort(self, start):
        first, second = put_on_sale("First"), put_on_sale("Second")
        Listing.objects.filter(pk=first.pk).update(sales_count=5)
        assert titles(feed_of(f"{start}/books")) == ["Second", "First"]
        href = self.choices(feed_of(f"{start}/books"))["Sort by"]["Bestselling"][0]
        assert titles(feed_of(href)) == ["First", "Second"]
        assert second.pk > first.pk


@pytest.mark.parametrize("start", [V1, V2])
class TestRules:
    """Those of the shop's lists, by the same selectors."""

    def test_books_for_adults_are_there_for_who_asks(self, start):
        put_on_sale("Mild")
        Listing.objects.filter(pk=put_on_sale("Wild").pk).update(is_adult=True)
        assert titles(feed_of(f"{start}/books")) == ["Mild"]
        assert titles(feed_of(f"{start}/books?adult=1")) == ["Wild", "Mild"]

    def test_withdrawn_books_are_gone_with_their_sample_and_page(self, start):
        listing = put_on_sale("Gone")
        (entry,) = entries(feed_of(f"{start}/books"))
        there = [links_of(entry, rel)[0].get("href") for rel in (BUY, SAMPLE)]
        editions.withdraw_edition(actor=listing.work.owner, edition=listing.edition, at=listing.published_at)
        assert titles(feed_of(f"{start}/books")) in ([], ["Books"])
        assert {ask(href).status_code for href in there} == {404}

    def test_prices_are_those_of_the_region_in_the_address(self, start):
        put_on_sale("The Lighthouse", prices={"USD": 699, "EUR": 599})
        (entry,) = entries(feed_of(f"/de-at{start}/books"))
        (buy,) = links_of(entry, BUY)
        assert buy.get("title").replace("\u00a0", " ") == "Kaufen, 5,99 €" or "5,99" in buy.get("title")
        assert buy.get("href").startswith("http://testserver/de-at/opds/buy/")
        assert "/de-at/" in link(feed_of(f"/de-at{start}/books"), "start")

    def test_a_session_changes_no_price_and_no_cache(self, start):
        put_on_sale("The Lighthouse", prices={"USD": 699, "EUR": 599})
        client = Client()
        client.force_login(make_reader(country="DE"))
        anybody, person = ask(f"{start}/books"), ask(f"{start}/books", client=client)
        assert anybody.body == person.body
        assert "public" in anybody["Cache-Control"]

    def test_a_book_that_is_not_sold_in_the_country_has_no_way_to_buy(self, start):
        listing = put_on_sale("The Lighthouse", prices={"USD": 699, "EUR": 599})
        territory = Territory.of("except", ["AT"])
        publishing_services.set_territory(
            actor=listing.work.owner, work=listing.work, territory=territory, at=listing.published_at
        )
        assert not links_of(entries(feed_of(f"/de-at{start}/books"))[0], BUY)
        assert links_of(entries(feed_of(f"/de-de{start}/books"))[0], BUY)


@pytest.mark.parametrize("start", [V1, V2])
class TestPages:
    def test_link_to_the_next_until_the_end(self, start, monkeypatch):
        monkeypatch.setattr("storefront.catalogue.selectors.browse.PAGE_SIZE", 2)
        for number in range(5):
            put_on_sale(f"Book {number}")
        seen, href, pages = [], f"{start}/books", 0
        while href:
            feed = feed_of(href)
            seen += titles(feed)
            href, pages = link(feed, "next"), pages + 1
        assert (seen, pages) == ([f"Book {number}" for number in (4, 3, 2, 1, 0)], 3)

    def test_take_as_many_queries_for_many_books_as_for_one(self, start, django_assert_max_num_queries):
        put_on_sale("One")
        ask(f"{start}/books")
        with django_assert_max_num_queries(8) as one:
            ask(f"{start}/books")
        for number in range(6):
            put_on_sale(f"Book {number}")
        with django_assert_max_num_queries(len(one)):
            assert len(entries(feed_of(f"{start}/books"))) == 7

    def test_are_not_sent_again_unchanged(self, start):
        put_on_sale("One")
        first = ask(f"{start}/books")
        assert ask(f"{start}/books", if_none_match=first["ETag"]).status_code == 304
        put_on_sale("Two")
        assert ask(f"{start}/books", if_none_match=first["ETag"]).status_code == 200


class TestStructure:
    """What the specifications ask for. Their schemas are in no package registry, so this is written from the texts."""

    ODD = "Salt & <b>“Ŀight”</b> \x0b"

    def test_atom(self):
        put_on_sale(self.ODD, description="Rain & <wind>.", subject="FB")
        for path in ("", "/books", "/subjects", "/languages", "/search?q=salt"):
            feed = feed_of(V1 + path)
            assert feed.tag == f"{ATOM}feed"
            for element in [feed, *feed.findall(f"{ATOM}entry")]:
                for tag in ("id", "title", "updated"):
                    (one,) = element.findall(f"{ATOM}{tag}")
                    assert one.text
            assert len({one.findtext(f"{ATOM}id") for one in feed.findall(f"{ATOM}entry")}) == len(entries(feed))
            rels = [one.get("rel") for one in feed.findall(f"{ATOM}link")]
            assert rels.count("self") == rels.count("start") == 1
            kind = "navigation" if path in {"", "/subjects", "/languages"} else "acquisition"
            own = next(one for one in feed.findall(f"{ATOM}link") if one.get("rel") == "self")
            assert own.get("type") == f"application/atom+xml;profile=opds-catalog;kind={kind}"
            assert ask(V1 + path)["Content-Type"] == own.get("type")
            for one in feed.iter(f"{ATOM}link"):
                assert one.get("href").startswith("http://testserver/")
                assert one.get("type")
        (entry,) = entries(feed_of(f"{V1}/books"))
        assert entry.find(f"{ATOM}author/{ATOM}name").text
        assert links_of(entry, BUY)[0].find(f"{OPDS}price").get("currencycode") == "USD"

    def test_json(self):
        put_on_sale(self.ODD, description="Rain & <wind>.", subject="FB")
        for path in ("", "/books", "/subjects", "/languages", "/search?q=salt", "/search?q=zzzz"):
            feed = feed_of(V2 + path)
            assert feed["metadata"]["title"]
            assert [one["rel"] for one in feed["links"]].count("self") == 1
            assert feed.get("navigation") or feed.get("publications")
            assert not [name for name, value in feed.items() if value in ([], None)], "empty lists trip programs up"
            for one in [*feed["links"], *feed.get("navigation", [])]:
                assert one["href"].startswith("http://testserver/")
                assert one["type"]
            for door in feed.get("navigation", []):
                assert door["title"]
            for one in feed.get("publications", []):
                assert {"title", "author", "language", "modified", "identifier"} <= set(one["metadata"])
                assert one["images"]
                assert one["links"]
        (entry,) = entries(feed_of(f"{V2}/books"))
        assert ":" in entry["metadata"]["identifier"]

    def test_a_book_without_a_cover_has_the_shop_s_picture(self):
        """KOReader takes the first picture of a list, and stops at an empty one."""
        Listing.objects.filter(pk=put_on_sale("Bare").pk).update(cover={})
        (entry,) = entries(feed_of(f"{V2}/books"))
        assert [one["href"] for one in entry["images"]] == ["http://testserver/apple-touch-icon.png"]
        assert not [one for one in entries(feed_of(f"{V1}/books"))[0].iter() if "image" in (one.get("rel") or "")]


@pytest.mark.parametrize(
    "path", ["/opds/v3", "/opds/", "/opds/v2/none", "/opds/buy/none.html", "/opds/samples/none.epub"]
)
def test_what_is_not_there_is_not_found(path):
    assert ask(path).status_code == 404


@pytest.mark.parametrize("path", ["/opds/v2/books", "/opds/v2/shelf", "/opds/search.xml"])
def test_nothing_is_written_there(path):
    assert Client().post(path).status_code == 405
