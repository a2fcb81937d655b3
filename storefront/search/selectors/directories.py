"""Lists of all authors and series, by number of books or by name."""

from __future__ import annotations

from dataclasses import dataclass

from storefront.catalogue.selectors import cursors
from storefront.search.backend import AUTHOR, SERIES
from storefront.search.models import SearchDocument
from storefront.search.query import ParsedQuery, parse
from storefront.search.selectors.search import Hit
from storefront.search.selectors.suggestions import find_names

PAGE_SIZE = 96
# By the first part of their URLs.
KINDS = {"authors": AUTHOR, "series": SERIES}


@dataclass(frozen=True, slots=True)
class Directory:
    names: list[Hit]
    next_cursor: str = ""  # "" at the end


def directory(kind: str, *, query: str = "", after: str = "") -> Directory:
    """Return a page of one of `KINDS`; with a query, up to a page of those whose names match.

    An invalid cursor shows the first page.
    """
    if (asked := parse(query)).terms:
        return Directory(_called(KINDS[kind], asked))
    rows = SearchDocument.objects.filter(kind=KINDS[kind])
    if (cursor := cursors.parsed(after)) is not None:
        rows = cursors.rows_after(rows, "books", *cursor)
    page = list(rows.order_by("-books", "-pk").values_list("label", "target", "books", "pk")[: PAGE_SIZE + 1])
    next_cursor = cursors.text(*page[PAGE_SIZE - 1][2:]) if len(page) > PAGE_SIZE else ""
    return Directory([Hit(*row[:3]) for row in page[:PAGE_SIZE]], next_cursor)


def _called(kind: str, asked: ParsedQuery) -> list[Hit]:
    """Return names that begin with the query, then those that contain its words; if there are none, corrected ones."""
    return [Hit(row.label, row.target, row.books) for row in find_names(kind, asked, limit=PAGE_SIZE)]
