"""Authors and series of the whole shop, those with the most books first, or by their names."""

from __future__ import annotations

from dataclasses import dataclass

from storefront.catalogue.selectors import cursors
from storefront.search.backend import AUTHOR, SERIES
from storefront.search.models import SearchDocument
from storefront.search.query import ParsedQuery, parse
from storefront.search.selectors.search import Hit
from storefront.search.selectors.suggestions import named

PAGE_SIZE = 96
# By the first part of their pages' addresses.
KINDS = {"authors": AUTHOR, "series": SERIES}


@dataclass(frozen=True, slots=True)
class Directory:
    names: list[Hit]
    next_cursor: str = ""  # "" at the end


def directory(kind: str, *, query: str = "", after: str = "") -> Directory:
    """A page of a kind of `KINDS`; with a query those whose names have its words, as many as a page has.

    A cursor nobody gave out shows the first page.
    """
    if (asked := parse(query)).terms:
        return Directory(_called(KINDS[kind], asked))
    rows = SearchDocument.objects.filter(kind=KINDS[kind])
    if (cursor := cursors.parsed(after)) is not None:
        rows = cursors.behind(rows, "books", *cursor)
    page = list(rows.order_by("-books", "-pk").values_list("label", "target", "books", "pk")[: PAGE_SIZE + 1])
    next_cursor = cursors.text(*page[PAGE_SIZE - 1][2:]) if len(page) > PAGE_SIZE else ""
    return Directory([Hit(*row[:3]) for row in page[:PAGE_SIZE]], next_cursor)


def _called(kind: str, asked: ParsedQuery) -> list[Hit]:
    """Names that begin as asked, then those with the words; if there are none, slips are corrected."""
    return [Hit(row.label, row.target, row.books) for row in named(kind, asked, limit=PAGE_SIZE)]
