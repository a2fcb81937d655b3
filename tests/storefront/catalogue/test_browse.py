"""Narrowing the catalogue: pages and counts agree with looking at every book."""

from __future__ import annotations

import random
import re
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection

from common import clock
from publishing import hooks, thema
from publishing.models import ContentWarning, Series, Work
from storefront.catalogue import facets
from storefront.catalogue.models import Listing
from storefront.catalogue.selectors import browse
from storefront.catalogue.selectors import facet_counts as counting
from storefront.catalogue.selectors.browse import Filters, catalogue_page
from storefront.catalogue.selectors.facet_choices import facet_choices, query_string
from storefront.catalogue.selectors.facet_counts import facet_counts
from storefront.catalogue.services import listings
from storefront.search.selectors import facets as facets_module
from storefront.search.selectors import search
from tests.factories.accounts import make_author
from tests.factories.publishing import make_published_edition

pytestmark = [pytest.mark.django_db, pytest.mark.both]

_SUBJECTS = ("FB", "FF", "DC", "YB")
_TAGS = ("en", "de", "de-AT", "pt-BR", "pt-PT", "gsw-CH")
_LANGUAGES = (*_TAGS, "pt", "gsw")


@pytest.fixture
def books() -> list[Listing]:
    """Sixty different listings of a shop; each facet has every value."""
    chance = random.Random(11)
    model = Listing.objects.get(work=make_published_edition().work)
    rows = []
    for number in range(60):
        work = make_published_edition(slug=f"n-{number}").work
        row = Listing.objects.get(work=work)
        row.subject = chance.choice(_SUBJECTS)
        row.section = row.subject[0]
        row.language = chance.choice(_TAGS)
        row.price_minor = chance.choice([0, 99, 500, 501, 1000, 5000, None])
        row.price_band = facets.price_band(row.price_minor)
        row.length_band = chance.randrange(len(facets.LENGTHS))
        row.formats, row.features = chance.randrange(1, 64), chance.randrange(16)
        row.warnings = chance.choice([0, 0, 1, 3, 8])
        row.is_adult = chance.random() < 0.2
        row.is_on_sale = chance.random() < 0.9
        row.published_at = clock.now() - timedelta(days=chance.randrange(20))
        row.facet_words = facets.words_of_book(
            subject=row.subject,
            language=row.language,
            price=row.price_band,
            length=row.length_band,
            formats=row.formats,
            features=row.features,
        )
        row.save()
        rows.append(row)
    model.delete()
    return rows


def fits(row: Listing, filters: Filters) -> bool:
    """Said once more, as a reader would."""
    return (
        row.is_on_sale
        and (not row.is_adult or filters.with_adult)
        and row.subject.startswith(filters.subject)
        and filters.language in {"", row.language, row.language.partition("-")[0]}
        and (not filters.price or (row.price_minor is not None and row.price_minor <= facets.PRICES[filters.price]))
        and (not filters.length or list(facets.LENGTHS)[row.length_band] == filters.length)
        and (not filters.format or bool(row.formats & 1 << list(facets.FORMATS).index(filters.format)))
        and all(row.features & 1 << list(facets.FEATURES).index(one) for one in filters.features)
        and not any(row.warnings & 1 << list(facets.WARNINGS).index(one) for one in filters.without)
    )


def some_filters(chance: random.Random) -> Filters:
    def maybe(values):
        return chance.choice(list(values)) if chance.random() < 0.4 else ""

    return Filters(
        subject=maybe([*_SUBJECTS, "F", "Y"]),
        language=maybe(_LANGUAGES),
        price=maybe(facets.PRICES),
        length=maybe(facets.LENGTHS),
        format=maybe(facets.FORMATS),
        features=tuple(filter(None, [maybe(facets.FEATURES)])),
        without=tuple(filter(None, [maybe(list(facets.WARNINGS)[:4])])),
        with_adult=chance.random() < 0.5,
    ).known()


def all_slugs(filters: Filters, books: int) -> list[str]:
    """Every page, one after another."""
    found: list[str] = []
    while True:
        page = catalogue_page(filters, books=books)
        found += [card.slug for card in page.cards]
        if not page.next_cursor:
            return found
        filters = replace(filters, after=page.next_cursor)


def test_pages_and_counts_agree_with_looking_at_every_book(books: list[Listing], monkeypatch) -> None:
    monkeypatch.setattr(browse, "PAGE_SIZE", 7)
    chance = random.Random(5)
    for _ in range(60):
        filters = some_filters(chance)
        expected = sorted(
            (row for row in books if fits(row, filters)), key=lambda row: (row.published_at, row.pk), reverse=True
        )
        slugs = [row.slug for row in expected]
        assert all_slugs(filters, 1_000_000) == slugs, filters
        # By the index over all facets, where there is one.
        assert all_slugs(filters, len(slugs)) == slugs, filters
        counts = facet_counts(filters)
        assert counts.total == len(slugs), filters


def test_each_choice_leaves_as_many_books_as_it_says(books: list[Listing]) -> None:
    chance = random.Random(6)
    for _ in range(20):
        filters = some_filters(chance)
        counts = facet_counts(filters)
        for name, found, values in (
            ("subject", counts.subjects, thema.SUBJECTS),
            ("subject", counts.sections, thema.SECTIONS),
            ("language", counts.languages, set(_TAGS) - {"de"}),
            ("language", counts.tongues, ("en", "de", "pt", "gsw")),
            ("price", counts.prices, facets.PRICES),
            ("length", counts.lengths, facets.LENGTHS),
            ("format", counts.formats, facets.FORMATS),
        ):
            for value in values:
                chosen = replace(filters, **{name: value})
                assert found.get(value, 0) == sum(fits(row, chosen) for row in books), (filters, name, value)
        for value in facets.FEATURES:
            chosen = replace(filters, features=tuple({*filters.features, value}))
            assert counts.features.get(value, 0) == sum(fits(row, chosen) for row in books)
        for place, value in enumerate(facets.WARNINGS):
            warned = [row for row in books if row.warnings >> place & 1]
            assert counts.warnings.get(value, 0) == sum(fits(row, filters) for row in warned)


class TestCounts:
    def test_follow_what_happens_to_a_book(self) -> None:
        edition = make_published_edition(subject="FF")
        assert facet_counts(Filters()).subjects == {"FF": 1}
        edition.work.subject, edition.work.is_adult = "YB", True
        edition.work.warnings = [ContentWarning.WAR.value]
        edition.work.save()
        listings.refresh_listing(edition)
        assert facet_counts(Filters()).total == 0
        assert facet_counts(Filters()).adult == facet_counts(Filters(with_adult=True)).total == 1
        assert facet_counts(Filters(with_adult=True)).warnings == {"war": 1}
        listings.withdraw_listing(edition)
        listings.withdraw_listing(edition)
        assert facet_counts(Filters(with_adult=True)).total == 0

    def test_many_are_counted_once_in_five_minutes(self, monkeypatch, django_assert_num_queries) -> None:
        monkeypatch.setattr(counting, "_CACHED_FROM", 2)
        for subject in ("FF", "DC"):
            make_published_edition(subject=subject)
        first = facet_counts(Filters(subject="FF"))  # one book, but the other subjects beside it have two
        make_published_edition(subject="FF")
        with django_assert_num_queries(0):
            assert facet_counts(Filters(subject="FF", sort="rating", after="1-1")) == first
        assert facet_counts(Filters(subject="DC")).subjects == {"FF": 2, "DC": 1}

    def test_a_longer_code_counts_as_its_beginning(self) -> None:
        make_published_edition(subject="FFH")
        assert facet_counts(Filters()).subjects == {"FF": 1}
        assert facet_counts(Filters(subject="F")).sections == {"F": 1}


class TestAddresses:
    def test_lead_to_the_state_they_name(self, client) -> None:
        make_published_edition(slug="verse", subject="DC", language="de")
        filters = Filters(subject="DC", language="de", features=("described",), without=("war",), with_adult=True)
        assert query_string(filters) == "?subject=DC&language=de&feature=described&without=war&adult=1"
        assert client.get(f"/books/{query_string(filters)}").context["filters"] == filters

    def test_unknown_words_count_as_not_given(self) -> None:
        odd = Filters(subject="ZZ", price="7", length="x", format="doc", features=("a",), without=("b",), sort="c")
        assert odd.known() == Filters()

    def test_a_warning_left_out_is_not_told_as_one_asked_for(self) -> None:
        filters = Filters(without=("war",))
        (chosen,) = facet_choices(filters, facet_counts(filters)).chosen
        assert (chosen.label, chosen.address, chosen.books) == (f"Without: {facets.WARNINGS['war']}", "?", None)

    def test_a_chosen_filter_leads_back(self) -> None:
        make_published_edition(subject="DC")
        filters = Filters(subject="DC", price="5")
        choices = facet_choices(filters, facet_counts(filters))
        assert {choice.address for choice in choices.chosen} == {"?price=5", "?subject=DC"}

    def test_few_books_are_found_by_the_index_over_all_facets(self, django_assert_num_queries) -> None:
        if connection.vendor != "postgresql":
            pytest.skip("SQLite always walks the index of the order")
        make_published_edition(subject="DC")
        with django_assert_num_queries(1) as queries:
            catalogue_page(Filters(subject="DC", price="5"), books=1)
        assert "to_tsquery" in queries.captured_queries[0]["sql"]

    @pytest.mark.parametrize(
        ("filters", "books"),
        [
            (Filters(subject="DC", price="5"), 5000),
            (Filters(subject="DC"), 1),
            (Filters(language="de"), 1),
            (Filters(without=("war",)), 1),
        ],
    )
    def test_others_on_the_way_of_an_order(self, filters: Filters, books: int, django_assert_num_queries) -> None:
        with django_assert_num_queries(1) as queries:
            catalogue_page(filters, books=books)
        assert "to_tsquery" not in queries.captured_queries[0]["sql"]


class TestLanguages:
    @staticmethod
    def shown(client, path: str) -> list[tuple[str, str, str]]:
        """(class, name, books) of each language to choose."""
        text = client.get(path).content.decode()
        markup = text.partition("<summary>Language</summary>")[2].partition("</details>")[0]
        return re.findall(
            r'<li\s*(class="below")?>\s*<a\s+href="[^"]*"[^>]*>([^<]*)</a>\s*<span class="figures">(\d+)', markup
        )

    @pytest.mark.parametrize("path", ["/books/", "/search/?q=winter"])
    def test_one_stands_above_its_regions_where_it_has_several(self, client, path) -> None:
        for tag in ("de-AT", "de-AT", "de-DE", "de", "pt-BR", "fr"):
            make_published_edition(title="Winter", language=tag)
        below = 'class="below"'
        german = [("", "German", "4"), (below, "German (Austria)", "2"), (below, "German (Germany)", "1")]
        assert self.shown(client, path) == [*german, ("", "French", "1"), ("", "Portuguese (Brazil)", "1")]

    @pytest.mark.parametrize("path", ["/books/?", "/search/?q=winter&"])
    def test_what_is_chosen_is_shown(self, client, path) -> None:
        make_published_edition(title="Winter", language="de-AT")
        narrowed = self.shown(client, f"{path}language=de")
        assert narrowed == [("", "German", "1"), ('class="below"', "German (Austria)", "1")]
        assert ("", "French", "0") in self.shown(client, f"{path}language=fr")

    @pytest.mark.parametrize("path", ["/books/?", "/search/?q=winter&"])
    def test_one_has_all_of_its_books(self, client, path) -> None:
        for tag in ("de-AT", "de-DE", "de", "gsw-CH", "en"):
            make_published_edition(title="Winter", language=tag)
        for asked, books in (("de", "3 books"), ("de-AT", "1 book"), ("gsw", "1 book"), ("d", "0 books")):
            text = client.get(f"{path}language={asked}&subject=FB&price=5").content.decode()
            assert re.search(rf"[^0-9]{books}[^s]", text), asked
            assert re.search(rf'>Fiction</a>\s*<span class="figures">{books[0]}', text)

    @pytest.mark.parametrize("asked", ["de", "de-AT"])
    def test_search_is_narrowed_to_all_of_a_language(self, client, monkeypatch, asked) -> None:
        """Also in the index, where more books were found than are looked at."""
        for tag in ("en", "de-AT", "de-DE", "de"):
            make_published_edition(slug=f"winter-{tag.lower()}", title="Winter", language=tag)
        expected = {"winter-de-at", *(["winter-de", "winter-de-de"] if asked == "de" else [])}
        for most in (1000, 3):
            monkeypatch.setattr(facets_module, "MAX_COUNTED", most)
            found = search.search(Filters(query="winter", language=asked))
            assert {card.slug for card in found.cards} == expected


class TestPages:
    def test_a_series_in_its_order(self, client) -> None:
        owner = make_author()
        series = Series.objects.create(owner=owner, slug="the-keepers", title="The Keepers")
        for slug, number in (("third", None), ("second", 2), ("first", 1)):
            edition = make_published_edition(slug=slug, owner=owner)
            Work.objects.filter(pk=edition.work_id).update(series=series, series_number=number)
            edition.work.refresh_from_db()
            listings.refresh_listing(edition)
        text = client.get("/series/the-keepers/").content.decode()
        assert re.findall(r'<h3 dir="auto"><a href="/books/([^/]+)/"', text) == ["first", "second", "third"]
        assert 'href="/series/the-keepers/"' in client.get("/books/first/").content.decode()
        assert client.get("/series/unknown/").status_code == 404

    def test_warnings_stand_on_the_books_page(self, client) -> None:
        edition = make_published_edition(slug="dark")
        edition.work.warnings, edition.work.is_adult = ["war"], True
        edition.work.save()
        listings.refresh_listing(edition)
        text = client.get("/books/dark/").content.decode()
        assert "War" in text
        assert "for adults (18+)" in text

    @pytest.mark.parametrize(("path", "is_shown"), [("/books/", False), ("/books/?adult=1", True), ("/", False)])
    def test_books_for_adults_are_shown_when_asked_for(self, client, path, is_shown) -> None:
        edition = make_published_edition(slug="late-hours", title="Late Hours")
        edition.work.is_adult = True
        edition.work.save()
        listings.refresh_listing(edition)
        assert ("Late Hours" in client.get(path).content.decode()) is is_shown

    @pytest.mark.parametrize(("query", "is_found"), [("late", False), ("late&adult=1", True)])
    def test_search_finds_them_when_asked_for(self, client, query, is_found) -> None:
        edition = make_published_edition(slug="late-hours", title="Late Hours")
        edition.work.is_adult = True
        edition.work.save()
        hooks.notify_listed(edition)
        assert ("/books/late-hours/" in client.get(f"/search/?q={query}").content.decode()) is is_found


class TestKeptMarkup:
    def test_counts_beside_the_filters_follow_the_catalogue(self, client) -> None:
        editions = [make_published_edition(subject="DC", language=tag) for tag in ("de", "fr")]
        for _ in range(2):
            assert re.search(rb'>Poetry</a>\s*<span class="figures">2</span>', client.get("/books/?subject=DC").content)
        listings.withdraw_listing(editions[0])
        shown = client.get("/books/?subject=DC").content
        assert re.search(rb'>Poetry</a>\s*<span class="figures">1</span>', shown)
        assert b"language=de" not in shown

    def test_the_shelves_of_the_front_page_do_too(self, client) -> None:
        edition = make_published_edition(slug="verse", subject="DC")
        for _ in range(2):
            assert b"/books/verse/" in client.get("/").content
        listings.withdraw_listing(edition)
        assert b"/books/verse/" not in client.get("/").content
