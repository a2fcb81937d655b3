"""How many books each further filter would leave. Expensive counts are cached for five minutes."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from hashlib import blake2b
from typing import Any

from django.core.cache import caches
from django.db.models import Case, CharField, Count, F, IntegerField, Q, QuerySet, Value, When
from django.db.models.functions import Cast

from publishing import thema
from storefront.catalogue import facets
from storefront.catalogue.models import Listing
from storefront.catalogue.selectors.browse import SORTS, Filters, matching_listings, promoted_to

_CACHED_FROM = 5000  # fewer books are counted without a cache, and exactly
_TIMEOUT_S = 300

type Counts = dict[str, int]


@dataclass(frozen=True, slots=True)
class FacetCounts:
    """How many books would match each value of a facet, if it were chosen instead of the current one.

    Values without books are missing. `total` books match the current filters; `adult` more would if books for adults
    were included. `languages` counts tags, `tongues` languages with all of their tags. `warnings` counts the books that
    match. If not `is_counted`, the values are right but the numbers cover only some books.
    """

    total: int = 0
    adult: int = 0
    sections: Counts = field(default_factory=dict)
    subjects: Counts = field(default_factory=dict)
    languages: Counts = field(default_factory=dict)
    tongues: Counts = field(default_factory=dict)
    prices: Counts = field(default_factory=dict)
    lengths: Counts = field(default_factory=dict)
    formats: Counts = field(default_factory=dict)
    features: Counts = field(default_factory=dict)
    warnings: Counts = field(default_factory=dict)
    is_counted: bool = True


# Each part: its name, the column with its value, and the filter to ignore, because its choices replace each other.
# Features add up, and so do exclusions.
_PARTS = (
    ("subject", "subject", "subject"),
    ("language", "language", "language"),
    ("price", "price_band", "price"),
    ("length", "length_band", "length"),
    ("format", "formats", "format"),
    ("feature", "features", ""),
    ("warning", "warnings", ""),
)


def facet_counts(filters: Filters) -> FacetCounts:
    """Return the counts for known filters, with one query.

    They are the same on all pages and in all sort orders of a list.
    """
    asked = replace(filters, after="", sort=SORTS[0])
    key = f"facets:{blake2b(repr(asked).encode('utf-8', 'surrogatepass'), digest_size=16).hexdigest()}"
    cached: FacetCounts | None = caches["pages"].get(key)
    if cached is not None:
        return cached
    found = _count(asked)
    counts = to_facet_counts(found)
    if max(sum(part.values()) for part in found.values()) >= _CACHED_FROM:
        caches["pages"].set(key, counts, _TIMEOUT_S)
    return counts


def _count(filters: Filters) -> Mapping[str, Counts]:
    """Return the books by part and by stored value. Books for adults are counted separately if they are excluded."""
    parts = [_part("total", "", filters)]
    if not filters.with_adult:
        parts.append(_part("with_adult", "", replace(filters, with_adult=True)))
    for name, column, own in _PARTS:
        parts.append(_part(name, column, replace(filters, **dict[str, Any]({own: ""})) if own else filters))
    found: dict[str, Counts] = {"total": {}}
    for name, value, books in parts[0].union(*parts[1:], all=True):
        found.setdefault(name, {})[value] = books
    if "with_adult" in found:
        found["adult"] = {"": found.pop("with_adult")[""] - found["total"][""]}
    return found


def _part(name: str, column: str, filters: Filters) -> QuerySet[Listing, tuple[str, str, int]]:
    """Return the books by the column's value, or all of them."""
    value = Cast(_band_now() if column == "price_band" else column, CharField()) if column else Value("")
    rows = matching_listings(filters).order_by().annotate(part=Value(name), value=value)
    return rows.values_list("part", "value").annotate(books=Count("pk"))


def _band_now() -> Case:
    """Return the price band with running promotions, which only ever lower it."""
    limits = enumerate(facets.PRICES.values())
    cheaper = [When(promoted_to(limit) & Q(price_band__gt=band), then=Value(band)) for band, limit in limits]
    return Case(*cheaper, default=F("price_band"), output_field=IntegerField())


def to_facet_counts(found: Mapping[str, Mapping[str, int]], *, is_counted: bool = True) -> FacetCounts:
    """Return the counts under the names of filters.

    `found` is books by part ("total", "adult", or a facet) and by stored value.
    """
    subjects = dict(found.get("subject", {}))
    sections: Counts = {}
    for code, books in subjects.items():
        if letter := thema.section(code):
            sections[letter] = sections.get(letter, 0) + books
    languages = dict(found.get("language", {}))
    tongues: Counts = {}
    for tag, books in languages.items():
        tongues[facets.base_language(tag)] = tongues.get(facets.base_language(tag), 0) + books
    bands = found.get("price", {})
    prices = [sum(bands.get(str(band), 0) for band in range(place + 1)) for place in range(len(facets.PRICES))]
    lengths = found.get("length", {})
    return FacetCounts(
        total=found.get("total", {}).get("", 0),
        adult=found.get("adult", {}).get("", 0),
        sections=sections,
        subjects=subjects,
        languages=languages,
        tongues=tongues,
        prices={value: books for value, books in zip(facets.PRICES, prices, strict=True) if books},
        lengths={value: lengths[str(place)] for place, value in enumerate(facets.LENGTHS) if str(place) in lengths},
        formats=_of_bits(found.get("format", {}), facets.FORMATS),
        features=_of_bits(found.get("feature", {}), facets.FEATURES),
        warnings=_of_bits(found.get("warning", {}), facets.WARNINGS),
        is_counted=is_counted,
    )


def _of_bits(counts: Mapping[str, int], of: Collection[str]) -> Counts:
    """Return books by value, from books by bit set."""
    named = {
        value: sum(books for bits, books in counts.items() if int(bits) >> place & 1) for place, value in enumerate(of)
    }
    return {value: books for value, books in named.items() if books}
