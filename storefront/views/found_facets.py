"""The facets beside what a search found, put together from pieces of their template.

Each search has addresses and numbers of its own, so its facets cannot be kept as those of a list are. What lies between
is the same for every search: the template is rendered once with every value that a facet has, stand-ins for the query
and the numbers in it, and taken apart. A search puts in its own and leaves out the values that it did not find.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, NamedTuple
from urllib.parse import quote_plus

from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

from accounts import regions
from accounts.regions import Region
from common.numerals import localized
from publishing import thema
from storefront import facets
from storefront.selectors.browse import Filters
from storefront.selectors.facet_choices import Choice, FacetChoices, Group, facet_choices, shown_languages
from storefront.selectors.facet_counts import FacetCounts

_KEPT = 64  # sets of filters; some 12 kB each
_KEPT_LANGUAGES = 512
_QUERY = "\ue000"  # means nothing to anybody
_LANGUAGE = "language"
_SEPARATED = 1000  # from here on languages write numbers each in its own way
_NUMBER = re.compile(r" <[^>]*>(-[0-9]+)<[^>]*>")  # below 0, which no count is

type _Values = Mapping[str, Sequence[str]]  # by field of FacetCounts


class _Item(NamedTuple):
    """A choice's markup but for the query and the number, and what stands around the number where it is told.

    `facet` is the field of FacetCounts that has the number of books by `value`, "" where none is told.
    """

    facet: str
    value: str
    is_always: bool  # whatever was found
    before: str
    between: str
    number: tuple[str, str]
    after: str


@dataclass(frozen=True, slots=True)
class _Block:
    """A facet's markup: what stands before and after its choices."""

    name: str
    before: str
    items: Sequence[_Item]
    after: str


@dataclass(frozen=True, slots=True)
class _Shape:
    """Addresses of what is `chosen`, and that of `all_books`, have the stand-in for the query."""

    before: str
    blocks: Sequence[_Block]
    after: str
    chosen: Sequence[Choice]
    all_books: str


@dataclass(frozen=True, slots=True)
class FoundFacets:
    """What `facet_choices` would say of filters in force, and its markup."""

    markup: SafeString
    chosen: list[Choice]
    all_books: str


def found_facets(filters: Filters, counts: FacetCounts) -> FoundFacets:
    """What `storefront/_facets.html` renders for a search with these (known) filters and counts of what it found, and
    the filters in force."""
    asked, region = replace(filters, query=_QUERY, after=""), regions.current()
    shape = _shape(asked, region)
    query = quote_plus(filters.query)
    parts = [shape.before]
    for block in shape.blocks:
        items = _languages(asked, region, counts) if block.name == _LANGUAGE else block.items
        shown = [_markup(item, query, counts) for item in items if _is_shown(item, counts)]
        if shown:
            parts += [block.before, *shown, block.after]
    parts.append(shape.after)
    stand_in = quote_plus(_QUERY)
    return FoundFacets(
        mark_safe("".join(parts)),  # our own template's, and what quote_plus leaves needs no escaping
        [replace(one, address=one.address.replace(stand_in, query)) for one in shape.chosen],
        shape.all_books.replace(stand_in, query),
    )


def _is_shown(item: _Item, counts: FacetCounts) -> bool:
    return item.is_always or item.value in getattr(counts, item.facet)


def _markup(item: _Item, query: str, counts: FacetCounts) -> str:
    if not item.facet or not counts.is_counted:
        return f"{item.before}{query}{item.between}{item.after}"
    books = getattr(counts, item.facet).get(item.value, 0)
    number = str(books) if books < _SEPARATED else localized(books)
    return f"{item.before}{query}{item.between}{item.number[0]}{number}{item.number[1]}{item.after}"


def _languages(asked: Filters, region: Region, counts: FacetCounts) -> list[_Item]:
    """There are more languages than any shop has, so each is rendered, with its regions, when found."""
    items: list[_Item] = []
    for choices in shown_languages(asked.language, counts):
        chosen = asked.language if asked.language in choices else ""
        items += _language(replace(asked, language=chosen), tuple(choices), region)
    return items


@lru_cache(maxsize=_KEPT_LANGUAGES)
def _language(asked: Filters, choices: tuple[str, ...], region: Region) -> Sequence[_Item]:
    """For the active region, which `region` names."""
    values = {"tongues": [facets.tongue(choices[0])], "languages": choices}
    return next(block.items for block in _rendered(asked, values, _LANGUAGE).blocks)


@lru_cache(maxsize=_KEPT)
def _shape(asked: Filters, region: Region) -> _Shape:
    """For the active region, which `region` names. Of languages it has one, whose place the found ones take."""
    section = thema.section(asked.subject)
    subjects = [code for code, _label in thema.divisions(section)] if section else []
    values = {
        "sections": [section] if section else list(thema.SECTIONS),
        "subjects": subjects,
        "tongues": [region.language],
        "languages": [region.language],
        "prices": list(facets.PRICES),
        "lengths": list(facets.LENGTHS),
        "formats": list(facets.FORMATS),
        "features": list(facets.FEATURES),
        "warnings": list(facets.WARNINGS),
    }
    return _rendered(asked, values)


def _rendered(asked: Filters, values: _Values, only: str = "") -> _Shape:
    """The template's markup with these values, taken apart; or of one facet `only`."""
    places = [(facet, value) for facet, those in values.items() for value in those]
    counts: dict[str, Any] = {facet: {} for facet in values}
    for place, (facet, value) in enumerate(places):
        counts[facet][value] = -place - 1
    choices = facet_choices(asked, FacetCounts(**counts))
    groups = [group for group in choices.groups if not only or group.name == only]
    context = {"choices": FacetChoices([], groups, [], ""), "nofollow": True}
    markup = render_to_string("storefront/_facets.html", context)
    before, *pieces = re.split(r"(?=<details class=\"facet\")", markup)
    end = pieces[-1].index("</ul></details>") + len("</ul></details>\n")
    after, pieces[-1] = pieces[-1][end:], pieces[-1][:end]
    section = thema.section(asked.subject)
    blocks = [_block(*one, places, section) for one in zip(groups, pieces, strict=True)]
    return _Shape(before, blocks, after, choices.chosen, choices.all_books)


def _block(group: Group, markup: str, places: Sequence[tuple[str, str]], section: str) -> _Block:
    before, *items = re.split(r"(?=<li)", markup)
    end = items[-1].index("</li>") + len("</li>")
    after, items[-1] = items[-1][end:], items[-1][:end]
    return _Block(group.name, before, list(_items(group, items, places, section)), after)


def _items(group: Group, markup: Sequence[str], places: Sequence[tuple[str, str]], section: str) -> Iterator[_Item]:
    """`places` are facets and values by number; `section` is that of the chosen subject."""
    for choice, text in zip(group.choices, markup, strict=True):
        before, _, rest = text.partition(quote_plus(_QUERY))
        number = _NUMBER.search(rest)
        if choice.books is None or number is None:
            yield _Item("", "", True, before, rest, ("", ""), "")
            continue
        facet, value = places[-choice.books - 1]
        around = rest[number.start() : number.start(1)], rest[number.end(1) : number.end()]
        is_always = choice.is_chosen or (facet == "sections" and value == section)
        yield _Item(facet, value, is_always, before, rest[: number.start()], around, rest[number.end() :])
