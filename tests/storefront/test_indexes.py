"""The shop's lists are answered by the index of their order, on both databases."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from storefront.selectors import browse, search
from storefront.selectors.browse import Filters
from tests.factories.publishing import make_published_edition

pytestmark = [pytest.mark.django_db, pytest.mark.both]


def plan(sql: str, *switched_off: str) -> str:
    """The statement's plan. On PostgreSQL some ways are switched off that only win while a table is tiny."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            for way in switched_off:
                cursor.execute(f"SET LOCAL enable_{way} = off")
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
        (Filters(sort="rising", after="7-5"), "ranked_rising_place_once"),
    ],
)
def test_catalogue_pages_walk_their_index(filters: Filters, index: str) -> None:
    with CaptureQueriesContext(connection) as queries:
        browse.catalogue_page(filters)
    shown = plan(queries[0]["sql"], "seqscan", "bitmapscan", "sort")
    assert index in shown
    assert "Sort Key" not in shown
    assert "TEMP B-TREE" not in shown


def test_search_reads_its_full_text_index() -> None:
    make_published_edition(title="Winter")
    with CaptureQueriesContext(connection) as queries:
        search.search("winter")
    asked = [query["sql"] for query in queries if "tsquery" in query["sql"] or "MATCH" in query["sql"]]
    expected = (
        ("listing_names_fts", "listing_text_fts") if connection.vendor == "postgresql" else ("VIRTUAL TABLE",) * 2
    )
    for sql, index in zip(asked, expected, strict=True):
        # Every listing of a test is on sale, which makes the partial indexes look better than they are.
        assert index in plan(re.sub(r"(listing\.)?is_on_sale\s+AND", "", sql), "seqscan", "indexscan")
