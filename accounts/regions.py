"""Where a visitor is: a language and a country, named by the first part of an address, "/de-at/books/".

Pages that are the same for everybody must not look at cookies or headers (docs/decisions/0054), so language, currency
and tax follow from the address alone. Addresses without a region are the default one's. The middleware strips the part
and makes it Django's script prefix: `reverse` and `{% url %}` then stay in the region by themselves.
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
from babel.numbers import get_territory_currencies
from django.conf import settings
from django.urls import get_script_prefix, set_script_prefix
from django.utils import translation

from accounts.countries import is_country

# English is South Africa's own, and CLDR gives it a decimal comma, as no other English has.
_OTHER_FIGURES = {("en", "ZA")}
_SLUG = re.compile(r"/([a-z]{2})-([a-z]{2})(?=/|$)")


@dataclass(frozen=True, slots=True)
class Region:
    """`country` is ISO 3166-1, "" for the default region; `locale` a BCP 47 tag for words, dates and numbers. Addresses
    name it, unless it is that of whoever looks at a page whose address names none (`at_home`)."""

    language: str
    country: str
    currency: str
    locale: str
    is_named: bool = True

    @property
    def slug(self) -> str:
        """The first part of its addresses, "" for the default region."""
        return f"{self.language}-{self.country.lower()}" if self.country else ""

    @property
    def prefix(self) -> str:
        """What its addresses begin with: "/de-at/", or "/"."""
        return f"/{self.slug}/" if self.slug and self.is_named else "/"


@lru_cache(maxsize=1024)
def region(language: str, country: str) -> Region | None:
    """The region of a language of the interface and a country (upper case); None when we do not know one of them."""
    if language not in dict(settings.LANGUAGES) or not is_country(country):
        return None
    return Region(language, country, _currency(country), _locale(language, country))


def default() -> Region:
    """The region of addresses that name none."""
    return Region(settings.LANGUAGE_CODE, "", settings.DEFAULT_CURRENCY, settings.LANGUAGE_CODE)


def of_person(*, language: str, country: str) -> Region:
    """The region of a person who told these, either of them "" if not: the nearest that there is."""
    spoken = language or settings.LANGUAGE_CODE
    homes = [country, *(place for tongue, place in settings.FEATURED_REGIONS if tongue == spoken)]
    if not country and spoken == settings.LANGUAGE_CODE:
        return default()
    return next((found for home in homes if (found := region(spoken, home))), default())


def at_home(country: str) -> Region:
    """What a person who lives there sees where the address names no region: the shop's first language, with their
    currency and tax."""
    found = region(settings.LANGUAGE_CODE, country) if country else None
    return replace(found, is_named=False) if found is not None else default()


def split(path: str) -> tuple[Region | None, str]:
    """The region an address begins with, and the rest of it: "/de-at/books/" -> (Austria in German, "/books/")."""
    found = _SLUG.match(path)
    if found is None:
        return None, path
    named = region(found[1], found[2].upper())
    return (named, path[found.end() :] or "/") if named is not None else (None, path)


def featured() -> list[Region]:
    """The regions that search engines are told of."""
    named = (region(language, country) for language, country in settings.FEATURED_REGIONS)
    return [one for one in named if one is not None]


def told_instead(here: Region) -> Region | None:
    """The region that search engines are told of in place of this one, which may be itself.

    It speaks the same language and asks prices in the same currency: one with other prices would be found for what a
    reader does not see there. None where no such region is told of.
    """
    told = [default(), *featured()]
    if here in told:
        return here
    return next((one for one in told if (one.language, one.currency) == (here.language, here.currency)), None)


def current() -> Region:
    """The region of the page that is being made."""
    return _current.get() or default()


def currencies(region: Region | None = None) -> tuple[str, ...]:
    """All that we sell in, in the order in which readers of a region (the page's) are asked: theirs, the shop's, the
    others."""
    return tuple(dict.fromkeys([(region or current()).currency, settings.DEFAULT_CURRENCY, *settings.CURRENCIES]))


@contextmanager
def active(region: Region) -> Iterator[None]:
    """Make pages for a region: its words, numbers and addresses."""
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
    """How the country writes the language, its figures too, where it is one of its own. English pages for Germany are
    read by people who read English: CLDR's "en-DE" has English words and German figures."""
    is_its_own = language in get_official_languages(country, de_facto=True)
    is_known = localedata.exists(f"{language}_{country}")
    is_alike = is_known and (language, country) not in _OTHER_FIGURES
    return f"{language}-{country}".lower() if is_its_own and is_alike else language


def _currency(country: str) -> str:
    """What people there pay in, if we sell in it."""
    tender = get_territory_currencies(country)
    return next((one for one in tender if one in settings.CURRENCIES), settings.DEFAULT_CURRENCY)
