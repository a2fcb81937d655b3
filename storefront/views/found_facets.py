"""The facets beside what a search found, put together from pieces of their template.

Each search has addresses and numbers of its own, so its facets cannot be kept as those of a list are. What lies between
is the same wherever the same values are found: the template is rendered once for each such shape, with stand-ins for
the query and the numbers, and searches put in their own.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from urllib.parse import quote_plus

from django.template.loader import render_to_string
from django.utils.formats import localize
from django.utils.safestring import SafeString, mark_safe

from accounts import regions
from accounts.regions import Region
from publishing import thema
from storefront.selectors.browse import Filters
from storefront.selectors.facet_choices import MOST_LANGUAGES, facet_choices
from storefront.selectors.facet_counts import FacetCounts

_KEPT = 128  # shapes; some 12 kB each
_COUNTED = ("sections", "subjects", "languages", "prices", "lengths", "formats", "features")
_QUERY = "\ue000"  # means nothing to anybody
# The query as addresses have it, and numbers below 0, which no count is.
_STAND_INS = re.compile(f"({quote_plus(_QUERY)}|(?<=>)-[0-9]+(?=<))")
_SEPARATED = 1000  # from here on languages write numbers each in its own way

type _Values = tuple[tuple[str, ...], ...]  # of each of _COUNTED


@dataclass(frozen=True, slots=True)
class _Shape:
    """`pieces` with gaps: places where the query goes, and where which of the numbers goes."""

    pieces: Sequence[str]
    queries: Sequence[int]
    numbers: Sequence[tuple[int, int]]


def found_facets(filters: Filters, counts: FacetCounts) -> SafeString:
    """What `storefront/_facets.html` renders for a search with these (known) filters and counts of what it found."""
    shown = _shown(filters, counts)
    values = tuple(tuple(by_value) for by_value in shown)
    asked = replace(filters, query=_QUERY, after="")
    shape = _shape(asked, values, is_counted=counts.is_counted, region=regions.current())
    pieces = list(shape.pieces)
    query = quote_plus(filters.query)
    for place in shape.queries:
        pieces[place] = query
    if shape.numbers:
        numbers = [books for by_value in shown for books in by_value.values()]
        for place, number in shape.numbers:
            books = numbers[number]
            pieces[place] = str(books) if books < _SEPARATED else str(localize(books))
    return mark_safe("".join(pieces))  # our own template's, and what quote_plus leaves needs no escaping


def _shown(filters: Filters, counts: FacetCounts) -> list[Mapping[str, int]]:
    """Books by value for each of _COUNTED, as far as the template shows them: the fewer, the fewer shapes."""
    section = thema.section(filters.subject)
    by_use = sorted(counts.languages.items(), key=lambda one: (-one[1], one[0]))
    return [
        counts.sections if not section else {one: n for one, n in counts.sections.items() if one == section},
        {one: n for one, n in counts.subjects.items() if section and thema.section(one) == section},
        dict(by_use[:MOST_LANGUAGES]),
        *(getattr(counts, name) for name in _COUNTED[3:]),
    ]


@lru_cache(maxsize=_KEPT)
def _shape(filters: Filters, values: _Values, *, is_counted: bool, region: Region) -> _Shape:
    """For the active region, which `region` names."""
    counts: dict[str, dict[str, int]] = {}
    number = 0
    for name, those in zip(_COUNTED, values, strict=True):
        # Below 0 and falling: the first language stays the one with the most books.
        counts[name] = {value: -(number + place + 1) for place, value in enumerate(those)}
        number += len(those)
    choices = facet_choices(filters, FacetCounts(**counts, is_counted=is_counted))  # type: ignore[arg-type]
    markup = render_to_string("storefront/_facets.html", {"choices": choices, "nofollow": True})
    pieces = _STAND_INS.split(markup)
    gaps = range(1, len(pieces), 2)
    return _Shape(
        pieces,
        queries=[place for place in gaps if not pieces[place].startswith("-")],
        numbers=[(place, -int(pieces[place]) - 1) for place in gaps if pieces[place].startswith("-")],
    )
