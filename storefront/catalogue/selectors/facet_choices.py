"""The catalogue's filters as links: each choice with its URL and the number of books left."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any
from urllib.parse import quote_plus

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from common.money import Money
from publishing import thema
from publishing.languages import language_name
from storefront.catalogue import facets
from storefront.catalogue.selectors.browse import SORTS, Filters
from storefront.catalogue.selectors.facet_counts import FacetCounts

_MAX_LANGUAGES = 12
_MAX_REGIONS = 8
_SORT_LABELS = {
    "newest": _("Newest"),
    "rising": _("New and rising"),
    "bestselling": _("Bestselling"),
    "rating": _("Best rated"),
}


@dataclass(frozen=True, slots=True)
class Choice:
    """One filter value. `books` is None if they are not counted. A chosen value links to the list without it."""

    label: str | Promise
    address: str
    books: int | None = None
    is_chosen: bool = False
    is_below: bool = False  # a subdivision of the choice above it


@dataclass(frozen=True, slots=True)
class Group:
    """The choices of one facet. `is_open` if one of them is chosen, or if most readers look there first."""

    name: str
    title: str | Promise
    choices: list[Choice]
    is_open: bool = False


@dataclass(frozen=True, slots=True)
class FacetChoices:
    sorts: list[Choice]
    groups: list[Group]
    chosen: list[Choice]  # every active filter, each linking to the list without it
    all_books: str


def facet_choices(filters: Filters, counts: FacetCounts) -> FacetChoices:
    """Return the choices that narrow or widen the current (known) filters."""
    groups = [group for group in _groups(filters, counts) if group.choices]
    if not counts.is_counted:
        groups = [replace(one, choices=[replace(choice, books=None) for choice in one.choices]) for one in groups]
    chosen = [_in_force(group, choice) for group in groups for choice in group.choices if choice.is_chosen]
    sorts = [
        Choice(_SORT_LABELS[one], query_string(filters, sort=one, after=""), is_chosen=filters.sort == one)
        for one in SORTS
    ]
    return FacetChoices(sorts, groups, chosen, query_string(Filters(sort=filters.sort, query=filters.query)))


def _in_force(group: Group, choice: Choice) -> Choice:
    """Return the choice with a label that makes sense without the title of its facet."""
    if group.name != "without":
        return choice
    return replace(choice, label=gettext("Without: %(warning)s") % {"warning": choice.label})


# The filters' URL parameters, in the order in which they appear.
_NAMES = {
    "query": "q",
    "subject": "subject",
    "language": "language",
    "price": "price",
    "length": "length",
    "format": "format",
    "features": "feature",
    "without": "without",
    "with_adult": "adult",
    "sort": "sort",
    "after": "after",
}


def query_string(filters: Filters, **changed: Any) -> str:
    """Return the query string for these filters with changes, always in the same order and without defaults."""
    parts = dict(_parts(filters))
    for name, value in changed.items():
        parts[name] = _part(name, value)
    return "?" + "&".join([part for part in parts.values() if part])


@lru_cache(maxsize=64)  # the fifty URLs on a page differ in one part each
def _parts(filters: Filters) -> Mapping[str, str]:
    return {name: _part(name, getattr(filters, name)) for name in _NAMES}


def _part(name: str, value: Any) -> str:
    """Return the parameter of one filter, "" if it is not set."""
    if name == "sort" and value == SORTS[0]:
        return ""
    if isinstance(value, bool):
        value = "1" if value else ""
    values = value if isinstance(value, tuple) else (value,)
    return "&".join([f"{_NAMES[name]}={quote_plus(one)}" for one in values if one])


def shown_languages(asked: str, counts: FacetCounts) -> list[list[str]]:
    """Return the languages with the most books first, each as a list: the language, then its tags if there are several.

    A language with a single tag is shown as that tag. The list is limited, but what is `asked` for is always in it.
    """
    tags: dict[str, list[str]] = {}
    for tag in _most_first({*counts.languages, *filter(None, [asked])}, counts.languages):
        tags.setdefault(facets.base_language(tag), []).append(tag)
    ordered = _most_first(tags, counts.tongues)
    shown = ordered[:_MAX_LANGUAGES] + [one for one in ordered[_MAX_LANGUAGES:] if one == facets.base_language(asked)]
    return [_divided(tongue, tags[tongue], asked) for tongue in shown]


def _most_first(values: Iterable[str], books: Mapping[str, int]) -> list[str]:
    return sorted(values, key=lambda one: (-books.get(one, 0), one))


def _divided(tongue: str, tags: list[str], asked: str) -> list[str]:
    if len(tags) == 1:
        return tags
    below = [tag for tag in tags if tag != tongue]
    return [tongue, *below[:_MAX_REGIONS], *(tag for tag in below[_MAX_REGIONS:] if tag == asked)]


def _groups(filters: Filters, counts: FacetCounts) -> Iterator[Group]:
    yield Group("subject", _("Subject"), list(_subjects(filters, counts)), is_open=True)
    yield Group("language", _("Language"), list(_languages(filters, counts)), is_open=bool(filters.language))
    yield _single(filters, "price", _("Price"), _prices(), counts.prices)
    lengths = {value: label for value, (label, _most) in facets.LENGTHS.items()}
    yield _single(filters, "length", _("Reading time"), lengths, counts.lengths)
    yield _single(filters, "format", _("Format"), facets.FORMATS, counts.formats)
    yield _several(filters, "features", _("Accessibility"), facets.FEATURES, counts.features)
    yield _several(filters, "without", _("Exclude"), facets.WARNINGS, counts.warnings)
    adult = Choice(
        _("Books for adults (18+)"),
        query_string(filters, with_adult=not filters.with_adult, after=""),
        counts.adult or None,
        filters.with_adult,
    )
    if filters.with_adult or counts.adult:
        yield Group("adult", _("Also show"), [adult], is_open=filters.with_adult)


def _subjects(filters: Filters, counts: FacetCounts) -> Iterator[Choice]:
    """Yield the sections; within the chosen one, also its subjects."""
    here = thema.section(filters.subject)
    for letter, label in thema.SECTIONS.items():
        if letter != here and (here or letter not in counts.sections):
            continue
        yield _choice(filters, "subject", letter, label, counts.sections.get(letter, 0))
        if letter == here:
            for code, heading in thema.divisions(letter):
                if code in counts.subjects or code == filters.subject:
                    below = _choice(filters, "subject", code, heading, counts.subjects.get(code, 0))
                    yield replace(below, is_below=True)


def _languages(filters: Filters, counts: FacetCounts) -> Iterator[Choice]:
    """Yield each language, followed by its regions if its books have more than one tag."""
    for first, *below in shown_languages(filters.language, counts):
        books = counts.tongues if first == facets.base_language(first) else counts.languages
        yield _choice(filters, "language", first, language_name(first), books.get(first, 0))
        for tag in below:
            choice = _choice(filters, "language", tag, language_name(tag), counts.languages.get(tag, 0))
            yield replace(choice, is_below=True)


def _prices() -> dict[str, str]:
    locale, currency = get_language() or "en", settings.DEFAULT_CURRENCY
    up_to = {value: Money(most, currency).format(locale) for value, most in facets.PRICES.items() if most}
    return {
        value: gettext("Up to %(price)s") % {"price": up_to[value]} if value in up_to else gettext("Free")
        for value in facets.PRICES
    }


def _single(
    filters: Filters, name: str, title: str | Promise, labels: Mapping[str, str | Promise], counts: Mapping[str, int]
) -> Group:
    shown = [value for value in labels if value in counts or getattr(filters, name) == value]
    choices = [_choice(filters, name, value, labels[value], counts.get(value, 0)) for value in shown]
    return Group(name, title, choices, is_open=bool(getattr(filters, name)))


def _choice(filters: Filters, name: str, value: str, label: str | Promise, books: int) -> Choice:
    is_chosen = getattr(filters, name) == value
    return Choice(label, _changed(filters, name, "" if is_chosen else value), books, is_chosen)


def _several(
    filters: Filters,
    name: str,
    title: str | Promise,
    labels: Mapping[str, str | Promise],
    counts: Mapping[str, int],
) -> Group:
    chosen: tuple[str, ...] = getattr(filters, name)
    choices = [
        Choice(
            labels[value],
            _changed(filters, name, _toggled(labels, chosen, value)),
            # Excluded books are not in the list, so there is nothing to count.
            None if name == "without" and value in chosen else counts.get(value, 0),
            value in chosen,
        )
        for value in labels
        if value in counts or value in chosen
    ]
    return Group(name, title, choices, is_open=bool(chosen))


def _changed(filters: Filters, name: str, value: str | tuple[str, ...]) -> str:
    """Return the URL with one facet changed, starting at the first page."""
    return query_string(filters, **{name: value, "after": ""})


def _toggled(order: Iterable[str], chosen: tuple[str, ...], value: str) -> tuple[str, ...]:
    return tuple(one for one in order if (one in chosen) != (one == value))
