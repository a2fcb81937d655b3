"""JSON-LD of the public pages, held against what schema.org says of the types and properties that we use."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from common import clock
from publishing import hooks
from publishing import services as publishing_services
from publishing.models import Edition, Series
from publishing.territories import Territory
from storefront.catalogue.models import Listing
from storefront.community.models import Fold, Visibility
from storefront.community.services import ratings, reviews, shelves
from tests.factories.accounts import make_author, make_reader
from tests.factories.conversion import make_finding
from tests.factories.offers import make_bundle
from tests.factories.publishing import make_contributor, make_edition, make_published_edition, make_work
from tests.factories.trust import make_entitlement, make_review

pytestmark = pytest.mark.django_db

# schema.org 29.x: for each type its properties with what may be their value: types, or plain text, numbers and so on.
_THING = {
    "name": "text", "url": "address", "description": "text", "image": "address", "mainEntity": "Person",
}  # fmt: skip
_WORK = _THING | {
    "inLanguage": "language", "datePublished": "date", "alternativeHeadline": "text", "genre": "text",
    "publisher": "Organization", "author": "Person", "editor": "Person", "translator": "Person",
    "contributor": "Person",
    "isPartOf": "BookSeries", "hasPart": "Book ItemList", "position": "number", "aggregateRating": "AggregateRating",
    "review": "Review", "offers": "Offer", "workExample": "Book", "translationOfWork": "Book",
    "workTranslation": "Book", "accessibilityFeature": "feature",
    "accessibilityHazard": "hazard", "accessibilitySummary": "text", "accessMode": "mode",
    "accessModeSufficient": "ItemList",
}  # fmt: skip
TYPES: dict[str, dict[str, str]] = {
    "Book": _WORK | {
        "bookFormat": "format", "bookEdition": "text", "isbn": "isbn", "illustrator": "Person",
        "numberOfPages": "number",
    },
    "BookSeries": _WORK,
    "Person": _THING,
    "Organization": _THING | {"logo": "address"},
    "WebSite": _WORK | {"potentialAction": "SearchAction"},
    "ProfilePage": _WORK,
    "Product": _WORK,
    "Collection": _WORK,
    "SearchAction": {"target": "EntryPoint", "query-input": "text"},
    "EntryPoint": {"urlTemplate": "text"},
    "ItemList": {"name": "text", "description": "text", "numberOfItems": "number", "itemListElement": "ListItem mode"},
    "BreadcrumbList": {"itemListElement": "ListItem"},
    "ListItem": {"position": "number", "name": "text", "item": "address", "url": "address"},
    "AggregateRating": {
        "ratingValue": "text", "ratingCount": "number", "bestRating": "number", "worstRating": "number",
    },
    "Review": _THING | {"author": "Person", "datePublished": "date", "reviewRating": "Rating", "reviewBody": "text"},
    "Rating": {"ratingValue": "number", "bestRating": "number", "worstRating": "number"},
    "Offer": {"price": "price", "priceCurrency": "currency", "availability": "availability", "url": "address",
        "eligibleRegion": "Country", "ineligibleRegion": "Country"},
    "Country": {"name": "text"},
}  # fmt: skip
PLAIN = {
    "text": r".+", "address": r"http://testserver/\S*", "language": r"[a-z]{2,3}(-\w+)*", "date": r"\d{4}-\d\d-\d\d",
    "format": "https://schema.org/EBook", "isbn": r"97[89]\d{10}", "price": r"\d+(\.\d+)?", "currency": "[A-Z]{3}",
    "availability": "https://schema.org/(InStock|PreOrder)",
    "feature": "tableOfContents|readingOrder|structuralNavigation|displayTransformability|unlocked|alternativeText",
    "hazard": "no(Flashing|MotionSimulation|Sound)Hazard", "mode": "textual|visual",
}  # fmt: skip


def check(node: Any, expected: str = "") -> None:
    """Raise AssertionError for a type, a property or a value that schema.org does not know there."""
    if isinstance(node, list):
        assert node
        for one in node:
            check(one, expected)
    elif isinstance(node, dict):
        if set(node) == {"@id"}:
            return
        kinds = node["@type"] if isinstance(node["@type"], list) else [node["@type"]]
        assert not expected or kinds[0] in expected.split(), (kinds, expected)
        known = {name: value for kind in kinds for name, value in TYPES[kind].items()}
        for name, value in node.items():
            if name in {"@type", "@id", "@context"}:
                continue
            assert name in known, f"{kinds} have no {name}"
            check(value, known[name])
    else:
        plain = [one for one in expected.split() if one in PLAIN or one == "number"]
        assert plain, (node, expected)
        if plain[0] == "number":
            assert type(node) is int
        else:
            assert isinstance(node, str)
            assert re.fullmatch(PLAIN[plain[0]], node, re.DOTALL), (node, expected)


def read(client: Client, address: str) -> list[dict[str, Any]]:
    text = client.get(address).content.decode()
    (found,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', text)
    document = json.loads(found)
    assert document["@context"] == "https://schema.org"
    nodes: list[dict[str, Any]] = document["@graph"]
    check(nodes)
    return nodes


class TestBook:
    def test_says_who_made_it_in_which_role(self, client: Client) -> None:
        work = make_work(owner=make_author(display_name="Ada Quill"), slug="lamp", imprint="Harbour Press")
        make_contributor(work, name="Nora Lind", role="trl")
        make_contributor(work, name="Ida Ink", role="ill")
        make_contributor(work, name="Mo Fore", role="aui")
        make_published_edition(work=work)
        book = read(client, "/books/lamp/")[0]
        assert book["author"][0]["url"] == f"http://testserver/authors/{work.owner.public_id}/"
        assert [book[role][0]["name"] for role in ("translator", "illustrator", "contributor")] == [
            "Nora Lind",
            "Ida Ink",
            "Mo Fore",
        ]
        assert book["publisher"]["name"] == "Harbour Press"

    def test_the_edition_on_sale_is_an_example_of_the_work(self, client: Client) -> None:
        make_published_edition(slug="lamp", identifier="urn:isbn:978-0-306-40615-7", language="de")
        edition = read(client, "/books/lamp/")[0]["workExample"]
        assert edition["bookFormat"] == "https://schema.org/EBook"
        assert (edition["isbn"], edition["inLanguage"], edition["bookEdition"]) == ("9780306406157", "de", "1")

    def test_a_series_with_the_books_place(self, client: Client) -> None:
        owner = make_author()
        series = Series.objects.create(owner=owner, slug="tides", title="Tides")
        make_published_edition(work=make_work(owner=owner, series=series, series_number=3, slug="lamp"))
        book = read(client, "/books/lamp/")[0]
        assert (book["isPartOf"]["name"], book["position"]) == ("Tides", 3)

    def test_each_currency_is_an_offer(self, client: Client) -> None:
        make_published_edition(slug="lamp", prices={"USD": 499, "JPY": 800})
        offers = read(client, "/books/lamp/")[0]["offers"]
        assert [(one["priceCurrency"], one["price"]) for one in offers] == [("JPY", "800"), ("USD", "4.99")]

    def test_a_book_to_come_is_ordered_ahead(self, client: Client) -> None:
        day = clock.now().date() + timedelta(days=30)
        hooks.notify_listed(make_edition(work=make_work(release_date=day, slug="lamp")))
        book = read(client, "/books/lamp/")[0]
        assert book["offers"][0]["availability"] == "https://schema.org/PreOrder"
        assert book["datePublished"] == day.isoformat()

    @pytest.mark.parametrize(("rule", "said"), [("only", "eligibleRegion"), ("except", "ineligibleRegion")])
    def test_says_where_the_offer_is_good(self, client: Client, rule: str, said: str) -> None:
        edition = make_published_edition(slug="lamp")
        publishing_services.set_territory(
            actor=edition.work.owner, work=edition.work, territory=Territory.of(rule, ["DE", "AT"]), at=clock.now()
        )
        (offer,) = read(client, "/books/lamp/")[0]["offers"]
        assert [one["name"] for one in offer[said]] == ["AT", "DE"]
        elsewhere = "/en-us/" if rule == "only" else "/de-at/"
        assert "offers" not in read(client, f"{elsewhere}books/lamp/")[0]

    def test_reviews_that_stand_on_the_page(self, client: Client, noon: datetime) -> None:
        edition = make_published_edition(slug="lamp")
        reader = make_reader(display_name="Lea Fischer")
        make_entitlement(reader, edition)
        reviews.write_review(actor=reader, work=edition.work, stars=4, title="Exact", body="Yes </script>", at=noon)
        book = read(client, "/books/lamp/")[0]
        assert (book["aggregateRating"]["ratingValue"], book["aggregateRating"]["ratingCount"]) == ("4.0", 1)
        assert (book["review"][0]["author"]["name"], book["review"][0]["reviewBody"]) == (
            "Lea Fischer",
            "Yes </script>",
        )

    def test_no_rating_without_reviews(self, client: Client) -> None:
        make_published_edition(slug="lamp")
        assert not {"aggregateRating", "review"} & set(read(client, "/books/lamp/")[0])

    @pytest.mark.parametrize(
        "words", ["</script><script>alert(1)</script>", "<!-- <script>", "]]>&amp;\u2028", '"\\', "</SCRIPT >"]
    )
    def test_words_cannot_leave_the_script(self, client: Client, words: str) -> None:
        make_published_edition(slug="evil", title=words, description=words)
        assert read(client, "/books/evil/")[0]["name"] == words

    def test_the_way_to_it(self, client: Client) -> None:
        make_published_edition(slug="lamp", title="The Lamp", subject="FF")
        crumbs = read(client, "/books/lamp/")[1]
        assert crumbs["@type"] == "BreadcrumbList"
        assert [one["name"] for one in crumbs["itemListElement"]] == ["Books", "Crime and mystery", "The Lamp"]
        for one in crumbs["itemListElement"]:
            assert client.get(one["item"].removeprefix("http://testserver")).status_code == 200


class TestAccessibility:
    def edition(self, client: Client, book: Edition, **details: Any) -> dict[str, Any]:
        listing = Listing.objects.get(work=book.work)
        listing.details = replace(listing.details, **details)
        listing.save()
        found: dict[str, Any] = read(client, f"/books/{book.work.slug}/")[0]["workExample"]
        return found

    def test_what_is_made_so_is_said(self, client: Client) -> None:
        edition = self.edition(client, make_published_edition(), pictures=0)
        assert edition["accessibilityFeature"] == [
            "displayTransformability",
            "tableOfContents",
            "readingOrder",
            "structuralNavigation",
            "unlocked",
        ]
        assert edition["accessMode"] == ["textual"]
        assert edition["accessModeSufficient"]["itemListElement"] == ["textual"]
        assert "Reflowable text" in edition["accessibilitySummary"]

    def test_descriptions_need_pictures(self, client: Client) -> None:
        edition = self.edition(client, make_published_edition(), pictures=2)
        assert "alternativeText" in edition["accessibilityFeature"]
        assert edition["accessMode"] == ["textual", "visual"]

    def test_silent_pictures_are_no_text(self, client: Client) -> None:
        book = make_published_edition()
        make_finding(book.job, code="image.alt-missing")
        hooks.notify_listed(book)
        edition = self.edition(client, book, pictures=2)
        assert "alternativeText" not in edition["accessibilityFeature"]
        assert "accessModeSufficient" not in edition

    def test_what_nobody_counted_is_not_said(self, client: Client) -> None:
        edition = self.edition(client, make_published_edition(), pictures=None)
        assert "alternativeText" not in edition["accessibilityFeature"]
        assert not {"accessMode", "accessModeSufficient"} & set(edition)


class TestOtherPages:
    def test_the_front_page_names_the_site_its_search_and_who_runs_it(self, client: Client) -> None:
        make_published_edition(title="Salt Roads", slug="salt")
        site, shop = read(client, "/")
        assert (site["@type"], shop["@type"]) == ("WebSite", "Organization")
        template = site["potentialAction"]["target"]["urlTemplate"]
        search = template.replace("{search_term_string}", "salt").removeprefix("http://testserver")
        assert b"/books/salt/" in client.get(search).content

    def test_a_list_names_its_books_in_order(self, client: Client) -> None:
        for number in range(3):
            make_published_edition(slug=f"lamp-{number}", subject="FF")
        listed, crumbs = read(client, "/books/?subject=FF")
        assert [one["url"].split("/")[-2] for one in listed["itemListElement"]] == ["lamp-2", "lamp-1", "lamp-0"]
        assert listed["numberOfItems"] == 3
        assert len(crumbs["itemListElement"]) == 2

    def test_an_author_is_a_person(self, client: Client) -> None:
        author = make_author(display_name="Ada Quill")
        make_published_edition(owner=author, slug="lamp")
        profile = read(client, f"/authors/{author.public_id}/")[0]
        assert profile["mainEntity"]["name"] == "Ada Quill"
        assert profile["hasPart"]["itemListElement"][0]["url"] == "http://testserver/books/lamp/"

    def test_a_series_holds_its_books(self, client: Client) -> None:
        owner = make_author()
        series = Series.objects.create(owner=owner, slug="tides", title="Tides")
        for number in (2, 1):
            make_published_edition(
                work=make_work(owner=owner, series=series, series_number=number, slug=f"tide-{number}")
            )
        found = read(client, "/series/tides/")[0]
        assert [part["url"].split("/")[-2] for part in found["hasPart"]] == ["tide-1", "tide-2"]

    def test_a_shelf_lists_what_stands_on_it(self, client: Client) -> None:
        keeper, edition = make_reader(), make_published_edition(slug="lamp")
        shelf = shelves.make_shelf(
            actor=keeper, title="Lights", description="What glows.", visibility=Visibility.PUBLIC, at=clock.now()
        )
        shelves.add_book(actor=keeper, shelf=shelf, work=edition.work, reason="", at=clock.now())
        listed, crumbs = read(client, f"/shelves/{shelf.slug}/")
        assert (listed["name"], listed["description"]) == ("Lights", "What glows.")
        assert [one["url"] for one in listed["itemListElement"]] == ["http://testserver/books/lamp/"]
        assert crumbs["itemListElement"][-1]["name"] == "Lights"

    def test_an_unlisted_shelf_says_nothing(self, client: Client) -> None:
        shelf = shelves.make_shelf(
            actor=make_reader(), title="Mine", description="", visibility=Visibility.UNLISTED, at=clock.now()
        )
        assert b"ld+json" not in client.get(f"/shelves/{shelf.address}/").content

    def test_a_bundle_is_sold_with_its_books(self, client: Client) -> None:
        author = make_author()
        editions = [make_published_edition(owner=author, slug=f"lamp-{number}") for number in range(2)]
        bundle = make_bundle(*editions)
        found = read(client, f"/bundles/{bundle.slug}/")[0]
        assert (found["offers"]["price"], found["offers"]["priceCurrency"]) == ("8.00", "USD")
        assert sorted(part["url"].split("/")[-2] for part in found["hasPart"]) == ["lamp-0", "lamp-1"]


class TestReviews:
    def test_those_that_the_page_folds_are_left_out(self, client: Client) -> None:
        edition = make_published_edition(slug="lamp")
        for title, fold in (("Open", Fold.NONE), ("Behind a word", Fold.SPOILER), ("Doubtful", Fold.FLAGGED)):
            make_review(edition=edition, title=title, fold=fold)
        ratings.refresh(edition.work)
        book = read(client, "/books/lamp/")[0]
        assert [review["name"] for review in book["review"]] == ["Open"]


class TestStatesOfTheCatalogue:
    @pytest.mark.parametrize("query", ["", "?subject=FF"])
    def test_a_subject_has_a_page_of_its_own(self, client: Client, query: str) -> None:
        make_published_edition(work=make_work(subject="FF"))
        text = client.get(f"/books/{query}").content.decode()
        assert f'<link rel="canonical" href="http://testserver/books/{query}">' in text
        assert f'<meta property="og:url" content="http://testserver/books/{query}">' in text
        assert "noindex" not in text

    @pytest.mark.parametrize(
        "path", ["/books/?subject=AB", "/series/", "/bundles/", "/shelves/", "/books/lamp/reviews/"]
    )
    def test_an_empty_list_is_left_out(self, client: Client, path: str) -> None:
        make_published_edition(slug="lamp")
        assert '<meta name="robots" content="noindex">' in client.get(path).content.decode()
        assert "noindex" not in client.get("/authors/").content.decode()

    @pytest.mark.parametrize("more", ["price=5", "sort=rating", "after=zz-zz", "adult=1", "language=de"])
    def test_whatever_narrows_it_further_has_none(self, client: Client, more: str) -> None:
        text = client.get(f"/books/?subject=FF&{more}").content.decode()
        assert '<link rel="canonical" href="http://testserver/books/?subject=FF">' in text
        assert '<meta name="robots" content="noindex">' in text


def test_the_check_finds_faults() -> None:
    """The check that others stand on."""
    for wrong in (
        {"@type": "Book", "colour": "red"},
        {"@type": "Offer", "price": "free"},
        {"@type": "Rating", "name": 1},
    ):
        with pytest.raises(AssertionError):
            check(wrong)


class TestTranslations:
    def test_both_pages_and_both_nodes_lead_to_each_other(self, client: Client) -> None:
        owner = make_author()
        original = make_work(owner=owner, slug="salt", language="en", title="Salt Roads")
        make_published_edition(work=original)
        for language, title in (("de", "Salzstrassen"), ("fr", "Routes du sel")):
            translated = make_work(owner=owner, slug=language, language=language, title=title, translation_of=original)
            make_published_edition(work=translated)
        unpublished = make_work(owner=owner, slug="it", language="it", title="Strade di sale", translation_of=original)
        make_edition(work=unpublished)

        book = read(client, "/books/salt/")[0]
        check(book)
        assert [(one["name"], one["inLanguage"]) for one in book["workTranslation"]] == [
            ("Salzstrassen", "de"),
            ("Routes du sel", "fr"),
        ]
        assert "translationOfWork" not in book
        text = " ".join(client.get("/books/salt/").content.decode().split())
        assert "<dt>Also in</dt> <dd> German:" in text
        assert "Strade di sale" not in text

        node = read(client, "/books/de/")[0]
        check(node)
        assert node["translationOfWork"]["url"] == "http://testserver/books/salt/"
        assert "workTranslation" not in node
        text = " ".join(client.get("/books/de/").content.decode().split())
        assert "<dt>Translated from</dt> <dd> English:" in text
        assert "Routes du sel" in text  # another translation of the same book

    def test_a_book_for_adults_is_not_shown_beside_others(self, client: Client) -> None:
        owner = make_author()
        original = make_work(owner=owner, slug="salt", title="Salt Roads", is_adult=True)
        make_published_edition(work=original)
        make_published_edition(work=make_work(owner=owner, slug="sal", title="Sal", translation_of=original))
        assert "translationOfWork" not in read(client, "/books/sal/")[0]
        assert "Salt Roads" not in client.get("/books/sal/").content.decode()
