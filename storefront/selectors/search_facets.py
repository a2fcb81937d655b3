"""Filters beside a query: which of the found books fit them, and how many each further choice leaves."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from operator import attrgetter

from publishing import thema
from storefront import facets
from storefront.selectors.browse import Filters
from storefront.selectors.facet_counts import FacetCounts, named
from storefront.selectors.search_sql import Row

type Test = Callable[[Row], bool]

# What is counted, where its value stands, and the filter that does not count for it.
_PARTS = (
    ("subject", "subject", "subject"),
    ("language", "language", "language"),
    ("price", "price_band", "price"),
    ("length", "length_band", "length"),
    ("format", "formats", "format"),
    ("feature", "features", ""),
    ("warning", "warnings", ""),
)


def fitting(rows: Sequence[Row], filters: Filters) -> Sequence[Row]:
    """The books that fit the known filters."""
    return _passing(rows, list(_tests(filters).values()))


def counts_of(rows: Sequence[Row], narrowed: Sequence[Row], filters: Filters, *, is_capped: bool) -> FacetCounts:
    """Books by value of each facet, were it chosen instead of the present one.

    `narrowed` are those that fit the filters. `is_capped` says that more may have been found: then no numbers are told.
    """
    tests = _tests(filters)
    found: dict[str, Mapping[str, int]] = {"total": {"": len(narrowed)}}
    for name, column, own in _PARTS:
        others = [test for facet, test in tests.items() if facet != own]
        counted = Counter(map(attrgetter(column), _passing(rows, others) if own in tests else narrowed))
        found[name] = {str(value): books for value, books in counted.items()}
    return named(found, is_counted=not is_capped)


def _passing(rows: Sequence[Row], tests: Sequence[Test]) -> Sequence[Row]:
    return [row for row in rows if all(test(row) for test in tests)] if tests else rows


def _tests(filters: Filters) -> dict[str, Test]:
    """What each filter in force asks of a book; for adults is a filter of the search itself."""
    tests: dict[str, Test] = {}
    if filters.subject in thema.SECTIONS:
        tests["subject"] = lambda row: thema.section(row.subject) == filters.subject
    elif filters.subject:
        tests["subject"] = lambda row: row.subject == filters.subject
    if filters.language:
        tests["language"] = lambda row: facets.is_in(row.language, filters.language)
    if filters.price:
        most = list(facets.PRICES).index(filters.price)
        tests["price"] = lambda row: row.price_band <= most
    if filters.length:
        band = list(facets.LENGTHS).index(filters.length)
        tests["length"] = lambda row: row.length_band == band
    if wanted := facets.bits([filters.format], facets.FORMATS):
        tests["format"] = lambda row: row.formats & wanted == wanted
    if needed := facets.bits(filters.features, facets.FEATURES):
        tests["feature"] = lambda row: row.features & needed == needed
    if unwanted := facets.bits(filters.without, facets.WARNINGS):
        tests["without"] = lambda row: not row.warnings & unwanted
    return tests
