"""How many books each further filter would leave, read from the shop's counts and never from the books.

Up to two filters beside the counted facet are answered by sums that are kept (FacetTotal), some thousand short rows at
most in the largest shop. Three and more, or warnings left out, are summed from every combination of facets
(FacetCount).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from publishing import thema
from storefront.catalogue import facets
from storefront.catalogue.models import FacetTotal
from storefront.catalogue.selectors.browse import Filters
from storefront.catalogue.selectors.raw import read_rows

type Counts = dict[str, int]
type Condition = tuple[str, list[str | int]]


@dataclass(frozen=True, slots=True)
class FacetCounts:
    """Books by value of each facet, were it chosen instead of the present one; values without books are missing.

    `total` fit the filters as they are, among `walked` books that the order of a list leads past; `adult` more would,
    were books for adults not left out. `languages` are tags, `tongues` languages with all of theirs. `warnings` are of
    the books that fit. When not `is_counted`, values are there, and the numbers are of some books only.
    """

    total: int = 0
    walked: int = 0
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


# The facets that are counted, each with its column.
_COUNTED = {
    "subject": "subject",
    "language": "language",
    "price": "price_band",
    "length": "length_band",
    "format": "formats",
    "feature": "features",
    "warning": "warnings",
}
_NUMBERS = frozenset({"price", "length", "format", "feature", "warning"})
# A facet whose own filter does not count, since its choices replace each other. Features add up, and so does what is
# left out.
_ALONE = frozenset(_COUNTED) - {"feature", "warning"}
_UNSUMMED = frozenset({"without"})
# The facets that the indexes of a list's orders begin with.
_WALKED = ("subject", "language")


def facet_counts(filters: Filters, *, languages: Iterable[str]) -> FacetCounts:
    """For known filters, in one query. `languages` are the tags that books may have: those of a language are asked for
    one by one, since the sums are found by what they are of."""
    tags = [tag for tag in languages if facets.is_in(tag, filters.language)]
    wanted = _Wanted(filters, tags or [filters.language])
    asked = _asked(filters)
    parts = [_part("total", "", asked), *(_part("walked", "", [one]) for one in _WALKED if one in asked)]
    if not set(asked) & set(_WALKED):
        parts.append(_part("walked", "", []))
    parts += [_part(facet, facet, [one for one in asked if one != facet or facet not in _ALONE]) for facet in _COUNTED]
    if not filters.with_adult:
        parts.append(_part("adult", "", asked))
    statements = [_statement(part, wanted) for part in parts]
    values = [value for _, some in statements for value in some]
    rows = read_rows(" UNION ALL ".join(sql for sql, _ in statements), values)
    found: dict[str, Counts] = {}
    for part, value, books in rows:
        if books and part != "walked":
            found.setdefault(part, {})[str(value)] = int(books)
    walked = min([int(books or 0) for part, _, books in rows if part == "walked"])
    return replace(named(found), walked=walked)


def named(found: Mapping[str, Mapping[str, int]], *, is_counted: bool = True) -> FacetCounts:
    """Books by part ("total", "adult", or a facet) and by value as stored, under the names that filters have."""
    subjects = dict(found.get("subject", {}))
    sections: Counts = {}
    for code, books in subjects.items():
        if letter := thema.section(code):
            sections[letter] = sections.get(letter, 0) + books
    languages = dict(found.get("language", {}))
    tongues: Counts = {}
    for tag, books in languages.items():
        tongues[facets.tongue(tag)] = tongues.get(facets.tongue(tag), 0) + books
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
    """Books by value, from books by set of values."""
    named = {
        value: sum(books for bits, books in counts.items() if int(bits) >> place & 1) for place, value in enumerate(of)
    }
    return {value: books for value, books in named.items() if books}


def _asked(filters: Filters) -> list[str]:
    """The facets that the filters ask for something of."""
    values = {
        **{name: getattr(filters, name) for name in ("subject", "language", "price", "length", "format", "without")},
        "feature": filters.features,
    }
    return [facet for facet, value in values.items() if value]


@dataclass(frozen=True, slots=True)
class _Part:
    """One statement's worth: the facet whose values are told apart ("" for none), and those whose filters hold."""

    name: str
    facet: str
    held: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Wanted:
    """`tags` are those of the language that the filters ask for."""

    filters: Filters
    tags: list[str]


def _part(name: str, facet: str, held: Iterable[str]) -> _Part:
    return _Part(name, facet, tuple(held))


def _statement(part: _Part, wanted: _Wanted) -> Condition:
    """Read from the sums where they know all facets of the part."""
    facets_ = {*part.held, *([part.facet] if part.facet else [])}
    if len(facets_) > len(FacetTotal.PLACES) or facets_ & _UNSUMMED:
        return _select(part, wanted, "catalogue_facetcount", {**_COUNTED, "without": "warnings"}, [])
    names = [facet for facet in _COUNTED if facet in facets_] or ["language"]  # any facet sums up to all books
    places = dict(zip(names, FacetTotal.PLACES, strict=False))
    columns = {facet: f"CAST({place} AS integer)" if facet in _NUMBERS else place for facet, place in places.items()}
    which: Condition = ("facets = %s", [",".join(_COUNTED[facet] for facet in names)])
    return _select(part, wanted, "catalogue_facettotal", columns, [which])


def _select(
    part: _Part,
    wanted: _Wanted,
    table: str,
    columns: Mapping[str, str],
    conditions: Iterable[Condition],
) -> Condition:
    where = [*conditions, *(_condition(facet, columns[facet], wanted) for facet in part.held)]
    if part.name == "adult":
        where.append(("is_adult", []))
    elif not wanted.filters.with_adult:
        where.append(("NOT is_adult", []))
    value = f"CAST({columns[part.facet]} AS text)" if part.facet else "''"
    sql = (
        f"SELECT '{part.name}' AS part, {value} AS value, SUM(books) AS books FROM {table} "  # noqa: S608 - our own words
        f"WHERE {' AND '.join(condition for condition, _ in where) or 'books <> 0'}"
    )
    if part.facet:
        sql += f" GROUP BY {columns[part.facet]}"
    return sql, [one for _, values in where for one in values]


def _condition(facet: str, column: str, wanted: _Wanted) -> Condition:
    """What a row must be for the facet's filter."""
    filters = wanted.filters
    match facet:
        case "subject":  # a section by its subjects: by its first letter no index knows it
            return _is_one_of(column, [filters.subject, *(code for code, _ in thema.divisions(filters.subject))])
        case "language":
            return _is_one_of(column, wanted.tags)
        case "price":
            return f"{column} <= %s", [list(facets.PRICES).index(filters.price)]
        case "length":
            return f"{column} = %s", [list(facets.LENGTHS).index(filters.length)]
        case "without":
            return f"{column} & %s = 0", [facets.bits(filters.without, facets.WARNINGS)]
    needed = (
        facets.bits([filters.format], facets.FORMATS)
        if facet == "format"
        else facets.bits(filters.features, facets.FEATURES)
    )
    return f"{column} & %s = %s", [needed, needed]


def _is_one_of(column: str, values: Sequence[str]) -> Condition:
    return f"{column} IN ({', '.join(['%s'] * len(values))})", [*values]
