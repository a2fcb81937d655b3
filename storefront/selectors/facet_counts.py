"""How many books each further filter would leave, summed from the shop's counts and never from the books."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from django.db import connection

from publishing import thema
from storefront import facets
from storefront.selectors.browse import Filters

type Counts = dict[str, int]
type Condition = tuple[str, list[str | int]]


@dataclass(frozen=True, slots=True)
class FacetCounts:
    """Books by value of each facet, were it chosen instead of the present one; values without books are missing.

    `total` fit the filters as they are; `adult` more would, were books for adults not left out. When not `is_counted`,
    the values are there, and the numbers are of some books only.
    """

    total: int = 0
    adult: int = 0
    sections: Counts = field(default_factory=dict)
    subjects: Counts = field(default_factory=dict)
    languages: Counts = field(default_factory=dict)
    prices: Counts = field(default_factory=dict)
    lengths: Counts = field(default_factory=dict)
    formats: Counts = field(default_factory=dict)
    features: Counts = field(default_factory=dict)
    is_counted: bool = True


# What is counted: a name, the value that a row has, and the facet whose own filter does not count.
_PARTS = (
    ("total", "''", ""),
    ("subject", "subject", "subject"),
    ("language", "language", "language"),
    ("price", "price_band", "price"),
    ("length", "length_band", "length"),
    ("format", "formats", "format"),
    ("feature", "features", ""),
)


def facet_counts(filters: Filters) -> FacetCounts:
    """For known filters, in one query."""
    conditions = _conditions(filters)
    parts = [
        _part(name, value, {facet: condition for facet, condition in conditions.items() if facet != own})
        for name, value, own in _PARTS
    ]
    if "adult" in conditions:
        parts.append(_part("adult", "''", {**conditions, "adult": ("is_adult", [])}))
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(sql for sql, _ in parts), [value for _, values in parts for value in values])
        rows = cursor.fetchall()
    found: dict[str, Counts] = {}
    for part, value, books in rows:
        if books:
            found.setdefault(part, {})[str(value)] = int(books)
    return named(found)


def named(found: Mapping[str, Mapping[str, int]], *, is_counted: bool = True) -> FacetCounts:
    """Books by part ("total", "adult", or a facet) and by value as stored, under the names that filters have."""
    subjects = dict(found.get("subject", {}))
    sections: Counts = {}
    for code, books in subjects.items():
        if letter := thema.section(code):
            sections[letter] = sections.get(letter, 0) + books
    bands = found.get("price", {})
    prices = [sum(bands.get(str(band), 0) for band in range(place + 1)) for place in range(len(facets.PRICES))]
    lengths = found.get("length", {})
    return FacetCounts(
        total=found.get("total", {}).get("", 0),
        adult=found.get("adult", {}).get("", 0),
        sections=sections,
        subjects=subjects,
        languages=dict(found.get("language", {})),
        prices={value: books for value, books in zip(facets.PRICES, prices, strict=True) if books},
        lengths={value: lengths[str(place)] for place, value in enumerate(facets.LENGTHS) if str(place) in lengths},
        formats=_of_bits(found.get("format", {}), facets.FORMATS),
        features=_of_bits(found.get("feature", {}), facets.FEATURES),
        is_counted=is_counted,
    )


def _of_bits(counts: Mapping[str, int], of: Collection[str]) -> Counts:
    """Books by value, from books by set of values."""
    named = {
        value: sum(books for bits, books in counts.items() if int(bits) >> place & 1) for place, value in enumerate(of)
    }
    return {value: books for value, books in named.items() if books}


def _conditions(filters: Filters) -> dict[str, Condition]:
    conditions: dict[str, Condition] = {}
    if filters.subject in thema.SECTIONS:
        conditions["subject"] = ("substr(subject, 1, 1) = %s", [filters.subject])
    elif filters.subject:
        conditions["subject"] = ("subject = %s", [filters.subject])
    if filters.language:
        conditions["language"] = ("language = %s", [filters.language])
    if filters.price:
        conditions["price"] = ("price_band <= %s", [list(facets.PRICES).index(filters.price)])
    if filters.length:
        conditions["length"] = ("length_band = %s", [list(facets.LENGTHS).index(filters.length)])
    if needed := facets.bits([filters.format], facets.FORMATS):
        conditions["format"] = ("formats & %s = %s", [needed, needed])
    if needed := facets.bits(filters.features, facets.FEATURES):
        conditions["feature"] = ("features & %s = %s", [needed, needed])
    if unwanted := facets.bits(filters.without, facets.WARNINGS):
        conditions["without"] = ("warnings & %s = 0", [unwanted])
    if not filters.with_adult:
        conditions["adult"] = ("NOT is_adult", [])
    return conditions


def _part(name: str, value: str, conditions: Mapping[str, Condition]) -> Condition:
    where = " AND ".join(sql for sql, _ in conditions.values()) or "books <> 0"
    sql = (
        f"SELECT '{name}' AS part, CAST({value} AS text) AS value, SUM(books) AS books "  # noqa: S608 - our own words
        f"FROM storefront_facetcount WHERE {where}"
    )
    if value != "''":
        sql += f" GROUP BY {value}"
    return sql, [one for _, values in conditions.values() for one in values]
