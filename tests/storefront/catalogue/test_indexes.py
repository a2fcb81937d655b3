"""The shop's lists are answered by the index of their order, on both databases."""

from __future__ import annotations

import random
import re
from datetime import UTC, datetime

import pytest
from django.core.cache import caches
from django.db import connection
from django.test.utils import CaptureQueriesContext

from storefront.catalogue.models import Listing
from storefront.catalogue.selectors import browse, feeds
from storefront.catalogue.selectors.browse import Filters
from storefront.catalogue.selectors.related import related
from storefront.search.backend import Match
from storefront.search.databases import get_backend
from storefront.search.models import SearchDocument, SearchWord, place_of
from storefront.search.selectors import search, suggestions
from tests.factories.publishing import make_published_edition

pytestmark = [pytest.mark.django_db, pytest.mark.both]


def test_nothing_is_kept_that_nobody_reads() -> None:
    """The full text over listings, of before search had entries of its own."""
    kept = "SELECT indexname FROM pg_indexes" if connection.vendor == "postgresql" else "SELECT name FROM sqlite_master"
    with connection.cursor() as cursor:
        cursor.execute(kept)
        names = {name for (name,) in cursor.fetchall()}
    assert "listing_newest" in names
    assert not [name for name in names if "listing" in name and "fts" in name]
    assert not names & {"listing_names_fts", "listing_text_fts"}


def plan(sql: str, *switched_off: str) -> str:
    """The statement's plan. On PostgreSQL some ways are switched off that only win while a table is tiny."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            for way in ("seqscan", "bitmapscan", "indexscan", "sort"):
                cursor.execute(f"SET LOCAL enable_{way} = {'off' if way in switched_off else 'on'}")
            cursor.execute(f"EXPLAIN {sql}")
        else:
            cursor.execute(f"EXPLAIN QUERY PLAN {sql}")
        return "\n".join(str(row) for row in cursor.fetchall())


@pytest.mark.parametrize(
    ("filters", "index"),
    [
        (Filters(), "listing_newest"),
        (Filters(after="hqjz9kzls-5"), "listing_newest"),
        (Filters(sort="bestselling", after="7-5"), "listing_bestselling"),
        (Filters(sort="rating", after="7-5"), "listing_best_rated"),
        (Filters(subject="DC", after="hqjz9kzls-5"), "listing_subject_newest"),
        (Filters(language="de", after="hqjz9kzls-5"), "listing_tongue_newest"),
        (Filters(language="de", sort="bestselling"), "listing_tongue_bestselling"),
        (Filters(language="de", sort="rating"), "listing_tongue_rated"),
        (Filters(language="de-AT"), "listing_language_newest"),
        (Filters(sort="rising", after="7-5"), "ranked_rising_place_once"),
    ],
)
def test_catalogue_pages_walk_their_index(filters: Filters, index: str) -> None:
    with CaptureQueriesContext(connection) as queries:
        browse.catalogue_page(filters, books=1_000_000)
    if connection.vendor == "postgresql" and filters.is_filtered:
        with connection.cursor() as cursor:  # in an empty table the index of all books costs as little
            cursor.execute("DROP INDEX listing_newest, listing_bestselling, listing_best_rated")
    shown = plan(queries[0]["sql"], "seqscan", "bitmapscan", "sort")
    assert index in shown
    assert "Sort Key" not in shown
    assert "TEMP B-TREE" not in shown


def test_postgresql_knows_how_many_books_a_language_has() -> None:
    """Else it takes each for a rarity, and would rather sort all of its books than walk some."""
    if connection.vendor != "postgresql":
        pytest.skip("SQLite guesses nothing")
    for number in range(8):
        make_published_edition(language="de-AT" if number % 2 else "de")
    with CaptureQueriesContext(connection) as queries, connection.cursor() as cursor:
        cursor.execute("ANALYZE catalogue_listing")
        browse.catalogue_page(Filters(language="de"), books=1_000_000)
    sql = queries[-1]["sql"].partition("ORDER BY")[0]
    assert "rows=8 " in plan(sql)


@pytest.mark.parametrize("since", [None, datetime(2026, 1, 1, tzinfo=UTC)])
def test_feeds_of_changes_walk_their_index(since: datetime | None) -> None:
    with CaptureQueriesContext(connection) as queries:
        list(feeds.changes(since=since, after="hqjz9kzls-5").listings)
    for query in queries:
        shown = plan(query["sql"], "seqscan", "bitmapscan", "sort", "hashjoin", "mergejoin")
        assert "listing_changed" in shown
        assert "Sort Key" not in shown
        assert "TEMP B-TREE" not in shown


def test_what_stands_beside_a_book_is_found_by_indexes() -> None:
    listing = Listing.objects.get(work=make_published_edition().work)
    with CaptureQueriesContext(connection) as queries:
        related(listing)
    assert len(queries) == 3
    shown = "\n".join(plan(query["sql"], "seqscan", "bitmapscan", "sort") for query in queries)
    if connection.vendor == "postgresql":
        assert "bought_together_place" in shown
        assert "subject_pick_place" in shown
        assert "Seq Scan on catalogue_listing" not in shown
    assert not re.search(r"SCAN (catalogue|library|checkout|community|search)_", shown)


def fill() -> None:
    """So many words and documents that the planner's choice is that of a shop: of a tiny table any way of reading
    serves, and how much space earlier tests left in it decides."""
    chance = random.Random(1)
    words = sorted({"".join(chance.choices("abcdefghijklmnoprstuvwz", k=8)) for _ in range(5000)})
    SearchWord.objects.bulk_create(SearchWord(word=word, books=1) for word in words)
    SearchDocument.objects.bulk_create(
        SearchDocument(
            place=place_of("b", 10_000_000 + number, 0),
            **{"kind": "b", "target": word, "label": word, "key": f"b{word}", "title": f"{word} {word[::-1]}"},
        )
        for number, word in enumerate(words)
    )
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE search_searchword, search_searchdocument")
    caches["pages"].clear()


def is_sought(shown: str, table: str) -> bool:
    """Whether the plan reads the table, and only where an index says. Which of those that serve is the planner's."""
    if connection.vendor == "sqlite":
        return f"SEARCH {table}" in shown and f"SCAN {table}" not in shown
    reads = re.findall(rf"(\w+ Scan)[^\n]* on {table}\b[^\n]*\n([^\n]*)", shown)
    return bool(reads) and all(
        way == "Bitmap Heap Scan" or (way in ("Index Scan", "Index Only Scan") and "Index Cond" in how)
        for way, how in reads
    )


def plans_of(queries: CaptureQueriesContext) -> str:
    return "\n".join(plan(one["sql"]) for one in queries if "searchdocument" in one["sql"])


@pytest.mark.parametrize("query", ["winter", "winetr", "wint", "salt winter"])
def test_search_reads_its_indexes(query: str) -> None:
    make_published_edition(title="Winter")
    fill()
    with CaptureQueriesContext(connection) as queries:
        search.search(Filters(query=query))
    shown = plans_of(queries)
    if connection.vendor == "postgresql":
        assert "Seq Scan on search_searchdocument" not in shown
        # Of common words the highest places are walked by their key, of others an index of words is read.
        assert {"search_names", "search_everything", "search_searchdocument_pkey"} & set(re.findall(r"\w+", shown))
    else:
        assert "VIRTUAL TABLE" in shown
        assert "SCAN document" not in shown


def test_search_finds_a_title_by_its_key() -> None:
    make_published_edition(title="Winter")
    fill()
    assert get_backend().find(Match(keys=("winter",)), limit=25)
    with CaptureQueriesContext(connection) as queries:
        get_backend().find(Match(keys=("winter",)), limit=25)
        get_backend().find(Match(key_prefix="winter "), limit=25)
    for one in queries:
        assert re.search(r"search_searchdocument_key_\w+", plan(one["sql"])), one["sql"]


def test_suggestions_read_their_indexes() -> None:
    make_published_edition(title="Winter")
    fill()
    with CaptureQueriesContext(connection) as queries:
        assert suggestions.suggest("win").books
    shown = plans_of(queries)
    assert "Seq Scan on search_searchdocument" not in shown
    assert "SCAN document" not in shown
    assert re.search(r"search_searchdocument_key_\w+", shown)
