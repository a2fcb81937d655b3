"""Facets of search results: how many of the books found each further filter would leave.

Up to a thousand books are counted by combination of their facets. If there are more, filters are shown without numbers.
Expensive counts are cached for five minutes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from hashlib import blake2b
from typing import Any

from django.core.cache import caches

from publishing import thema
from storefront.catalogue import facets
from storefront.catalogue.selectors.browse import Filters
from storefront.catalogue.selectors.facet_counts import FacetCounts, to_facet_counts
from storefront.search.backend import Facets, Match, Term
from storefront.search.databases import get_backend
from storefront.search.documents import filter_mark, warning_mark

MAX_COUNTED = 1000
_CACHED_FROM = 24  # counting fewer books is faster than the cache
_TIMEOUT_S = 300

type Combinations = Sequence[tuple[Facets, int]]
type Test = Callable[[Facets], bool]

# Each part: its name, the column with its value, and the filter to ignore, because its choices replace each other.
_PARTS = (
    ("subject", "subject", "subject"),
    ("language", "language", "language"),
    ("price", "price_band", "price"),
    ("length", "length_band", "length"),
    ("format", "formats", "format"),
    ("feature", "features", ""),
    ("warning", "warnings", ""),
)


@dataclass(frozen=True, slots=True)
class Counted:
    counts: FacetCounts
    count: int
    is_capped: bool  # "or more"


def narrow(match: Match, filters: Filters) -> Match:
    """Return the match narrowed by the (known) filters."""
    tokens = facets.tokens(
        subject=filters.subject,
        language=filters.language,
        price=list(facets.PRICES).index(filters.price) if filters.price else None,
        length=list(facets.LENGTHS).index(filters.length) if filters.length else None,
        formats=facets.bits([filters.format], facets.FORMATS),
        features=facets.bits(filters.features, facets.FEATURES),
    )
    places = [place for place, one in enumerate(facets.WARNINGS) if one in filters.without]
    return replace(
        match,
        marks=(*match.marks, *map(filter_mark, tokens)),
        without=(*match.without, *(Term((warning_mark(place),)) for place in places)),
    )


def counted(every: Match, filters: Filters, *, complete: Sequence[Facets] | None = None) -> Counted:
    """Return the facet counts of what `every` finds without the filters.

    `complete` has the facets of all of it, if known.
    """
    found = list(Counter(complete).items()) if complete is not None else _combinations(every)
    is_whole = _total(found) <= MAX_COUNTED

    def left(but: str = "") -> Combinations:
        others = replace(filters, **dict[str, Any]({but: ""})) if but else filters
        return _fitting(found, others) if is_whole else _combinations(narrow(every, others))

    narrowed = left()
    parts: dict[str, Counter[str]] = {"total": Counter({"": _total(narrowed)})}
    is_counted = _total(narrowed) <= MAX_COUNTED
    for name, column, own in _PARTS:
        combinations = left(own) if own and getattr(filters, own) else narrowed
        is_counted &= _total(combinations) <= MAX_COUNTED
        parts[name] = Counter()
        for one, books in combinations:
            parts[name][str(getattr(one, column))] += books
    total = _total(narrowed)
    return Counted(to_facet_counts(parts, is_counted=is_counted), min(total, MAX_COUNTED), total > MAX_COUNTED)


def _combinations(match: Match) -> Combinations:
    key = f"search-facets-{blake2b(repr(match).encode(), digest_size=16).hexdigest()}"
    rows: list[tuple[tuple[str | int | bool, ...], int]] | None = caches["pages"].get(key)
    if rows is not None:
        return [(Facets(*one), books) for one, books in rows]  # type: ignore[arg-type]  # cached by us
    found = get_backend().facets(match, limit=MAX_COUNTED + 1)
    if _total(found) > _CACHED_FROM:
        caches["pages"].set(key, [(tuple(one), books) for one, books in found], _TIMEOUT_S)
    return found


def _total(combinations: Combinations) -> int:
    return sum(books for _, books in combinations)


def _fitting(combinations: Combinations, filters: Filters) -> Combinations:
    tests = list(_tests(filters))
    return [(one, books) for one, books in combinations if all(test(one) for test in tests)] if tests else combinations


def _tests(filters: Filters) -> Sequence[Test]:
    """Return a test for each active filter. Books for adults are already excluded by the search itself."""
    tests: list[Test] = []
    if filters.subject in thema.SECTIONS:
        tests.append(lambda one: thema.section(one.subject) == filters.subject)
    elif filters.subject:
        tests.append(lambda one: one.subject == filters.subject)
    if filters.language:
        tests.append(lambda one: facets.is_in(one.language, filters.language))
    if filters.price:
        highest = list(facets.PRICES).index(filters.price)
        tests.append(lambda one: one.price_band <= highest)
    if filters.length:
        band = list(facets.LENGTHS).index(filters.length)
        tests.append(lambda one: one.length_band == band)
    if wanted := facets.bits([filters.format], facets.FORMATS):
        tests.append(lambda one: one.formats & wanted == wanted)
    if needed := facets.bits(filters.features, facets.FEATURES):
        tests.append(lambda one: one.features & needed == needed)
    if unwanted := facets.bits(filters.without, facets.WARNINGS):
        tests.append(lambda one: not one.warnings & unwanted)
    return tests
