"""Filters beside a query: which of the found books fit them, and how many each further choice leaves."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence

from publishing import thema
from storefront import facets
from storefront.indexing import FACETS
from storefront.selectors.browse import Filters
from storefront.selectors.facet_counts import FacetCounts, named

# A book's facets, in the order of FACETS.
type Facets = tuple[str | int | bool, ...]
type Test = Callable[[Facets], bool]

_PLACE = {name: place for place, name in enumerate(FACETS)}
# What is counted, where its value stands, and the filter that does not count for it.
_PARTS = (
    ("subject", "subject", "subject"),
    ("language", "language", "language"),
    ("price", "price_band", "price"),
    ("length", "length_band", "length"),
    ("format", "formats", "format"),
    ("feature", "features", ""),
)


def fitting(rows: Sequence[Facets], filters: Filters) -> list[bool]:
    """For each book whether it fits the known filters."""
    tests = _tests(filters).values()
    return [all(test(row) for test in tests) for row in rows]


def counts_of(rows: Sequence[Facets], narrowed: Sequence[Facets], filters: Filters, *, is_capped: bool) -> FacetCounts:
    """Books by value of each facet, were it chosen instead of the present one.

    `narrowed` are those that fit the filters. `is_capped` says that more may have been found: then no numbers are told.
    """
    tests = _tests(filters)
    found: dict[str, Mapping[str, int]] = {"total": {"": len(narrowed)}}
    for name, column, own in _PARTS:
        others = [test for facet, test in tests.items() if facet != own]
        chosen = [row for row in rows if all(test(row) for test in others)] if own in tests else narrowed
        place = _PLACE[column]
        found[name] = {str(value): books for value, books in Counter(row[place] for row in chosen).items()}
    return named(found, is_counted=not is_capped)


def _tests(filters: Filters) -> dict[str, Test]:
    """What each filter in force asks of a book; for adults is a filter of the search itself."""
    tests: dict[str, Test] = {}
    if filters.subject in thema.SECTIONS:
        tests["subject"] = lambda row: thema.section(str(row[_PLACE["subject"]])) == filters.subject
    elif filters.subject:
        tests["subject"] = lambda row: row[_PLACE["subject"]] == filters.subject
    if filters.language:
        tests["language"] = lambda row: row[_PLACE["language"]] == filters.language
    if filters.price:
        most = list(facets.PRICES).index(filters.price)
        tests["price"] = lambda row: int(row[_PLACE["price_band"]]) <= most
    if filters.length:
        band = list(facets.LENGTHS).index(filters.length)
        tests["length"] = lambda row: row[_PLACE["length_band"]] == band
    if wanted := facets.bits([filters.format], facets.FORMATS):
        tests["format"] = lambda row: int(row[_PLACE["formats"]]) & wanted == wanted
    if needed := facets.bits(filters.features, facets.FEATURES):
        tests["feature"] = lambda row: int(row[_PLACE["features"]]) & needed == needed
    if unwanted := facets.bits(filters.without, facets.WARNINGS):
        tests["without"] = lambda row: not int(row[_PLACE["warnings"]]) & unwanted
    return tests
