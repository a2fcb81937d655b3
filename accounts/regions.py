"""Regions: a language and a country, named by the first part of a URL, "/de-at/books/".

Pages that are the same for everyone must not depend on cookies or headers (docs/decisions/0054), so language, currency
and tax follow from the URL alone. URLs without a region belong to the default region. The middleware strips that part
and makes it Django's script prefix, so `reverse` and `{% url %}` stay in the region by themselves.

The reader's URLs name the region behind their first part, "/read/de-AT/lighthouse/": a service worker answers for URLs
that begin with one path. Capitals tell the region from a book's slug.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from functools import lru_cache

from babel import localedata
from babel.languages import get_official_languages
from django.conf import settings
from django.urls import get_script_prefix, set_script_prefix
from django.utils import translation

from accounts.countries import currency_of, is_country

# English is a language of South Africa, and CLDR gives it a decimal comma, which no other English has.
_OTHER_FIGURES = {("en", "ZA")}
_SLUG = re.compile(r"/([a-z]{2})-([a-z]{2})(?=/|$)")
_READER = "/read/"
_READER_SLUG = re.compile(r"/read/([a-z]{2})-([A-Z]{2})(?=/)")


@dataclass(frozen=True, slots=True)
class Region:
    """A language and a country.

    `country` is ISO 3166-1, "" for the default region; `locale` is a BCP 47 tag for words, dates and numbers. The URL
    names the region, unless the URL names none and the region is that of the visitor (`region_of_resident`).
    """

    language: str
    country: str
    currency: str
    locale: str
    is_named: bool = True

    @property
    def slug(self) -> str:
        """Return the first part of its URLs, "" for the default region."""
        return f"{self.language}-{self.country.lower()}" if self.country else ""

    @property
    def prefix(self) -> str:
        """Return what its URLs begin with: "/de-at/", or "/"."""
        return f"/{self.slug}/" if self.slug and self.is_named else "/"


@lru_cache(maxsize=1024)
def region(language: str, country: str) -> Region | None:
    """Return the region of an interface language and a country (upper case), or None if either is unknown."""
    if language not in dict(settings.LANGUAGES) or not is_country(country):
        return None
    return Region(language, country, currency_of(country), _locale(language, country))


def default() -> Region:
    """Return the region of URLs that name none."""
    return Region(settings.LANGUAGE_CODE, "", settings.DEFAULT_CURRENCY, settings.LANGUAGE_CODE)


def of_person(*, language: str, country: str) -> Region:
    """Return the closest existing region for a person's language and country, either of which may be ""."""
    spoken = language or settings.LANGUAGE_CODE
    homes = [country, *(place for tongue, place in settings.FEATURED_REGIONS if tongue == spoken)]
    if not country and spoken == settings.LANGUAGE_CODE:
        return default()
    return next((found for home in homes if (found := region(spoken, home))), default())


def region_of_resident(country: str) -> Region:
    """Return what a person who lives there sees if the URL names no region: the shop's first language, with their
    currency and tax.
    """
    found = region(settings.LANGUAGE_CODE, country) if country else None
    return replace(found, is_named=False) if found is not None else default()


def split(path: str) -> tuple[Region | None, str]:
    """Split a path into its region and the rest: "/de-at/books/" -> (Austria in German, "/books/")."""
    found, before = _SLUG.match(path), ""
    if found is None:
        found, before = _READER_SLUG.match(path), _READER.rstrip("/")
    if found is None:
        return None, path
    named = region(found[1], found[2].upper())
    return (named, before + path[found.end() :] or "/") if named is not None else (None, path)


def reader_path(path: str) -> str:
    """Return a path of the reader as its pages are addressed: "/de-at/read/lighthouse/" -> "/read/de-AT/lighthouse/".

    Paths of other pages, and those that name no region, are returned as they are.
    """
    found = _SLUG.match(path)
    rest = path[found.end() :] if found is not None else ""
    if found is None or not rest.startswith(_READER):
        return path
    return f"{_READER}{found[1]}-{found[2].upper()}/{rest.removeprefix(_READER)}"


def indexed_regions() -> list[Region]:
    """Return the regions that are announced to search engines."""
    named = (region(language, country) for language, country in settings.FEATURED_REGIONS)
    return [one for one in named if one is not None]


def canonical_region(here: Region) -> Region | None:
    """Return the region that is announced to search engines in place of this one, which may be itself.

    It has the same language and asks prices in the same currency: with other prices, people would find what they do not
    see there. None if no such region is announced.
    """
    told = [default(), *indexed_regions()]
    if here in told:
        return here
    return next((one for one in told if (one.language, one.currency) == (here.language, here.currency)), None)


def current() -> Region:
    """Return the region of the page that is being rendered."""
    return _current.get() or default()


def currencies(region: Region | None = None) -> tuple[str, ...]:
    """Return all currencies we sell in, in order of preference for a region (by default the page's): its own, the
    shop's, the others.
    """
    return tuple(dict.fromkeys([(region or current()).currency, settings.DEFAULT_CURRENCY, *settings.CURRENCIES]))


@contextmanager
def active(region: Region) -> Iterator[None]:
    """Activate a region: its language, number formats and URLs."""
    token, prefix = _current.set(region), get_script_prefix()
    set_script_prefix(region.prefix)
    try:
        with translation.override(region.locale):
            yield
    finally:
        set_script_prefix(prefix)
        _current.reset(token)


_current: ContextVar[Region | None] = ContextVar("region", default=None)


def _locale(language: str, country: str) -> str:
    """Return how the country writes the language, with its number formats if the language is one of its own.

    English pages for Germany are read by people who read English: CLDR's "en-DE" has English words and German number
    formats.
    """
    is_its_own = language in get_official_languages(country, de_facto=True)
    is_known = localedata.exists(f"{language}_{country}")
    is_alike = is_known and (language, country) not in _OTHER_FIGURES
    return f"{language}-{country}".lower() if is_its_own and is_alike else language
