"""Where a work may be sold: everywhere, everywhere except in some countries, or only in some countries.

Countries are those of ISO 3166-1, which the book trade uses as well. Readers may also choose territories that are not
in ISO 3166-1 as the place where they live; each of these belongs to a country of the list.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.countries import country_choices, is_country

_BELONGS_TO = {
    "AC": "SH",  # Ascension
    "TA": "SH",  # Tristan da Cunha
    "CP": "FR",  # Clipperton
    "CQ": "GG",  # Sark
    "DG": "IO",  # Diego Garcia
    "EA": "ES",  # Ceuta and Melilla
    "IC": "ES",  # the Canary Islands
    "XK": "RS",  # Kosovo has no code in ISO 3166-1
}
# Members since 2020.
_EU = tuple(
    "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK".split(" ")  # noqa: SIM905 - read at a glance
)

# Groups of countries offered by the author's form: key, label and countries.
GROUPS: dict[str, tuple[str | Promise, tuple[str, ...]]] = {
    "eu": (_("European Union"), _EU),
    "eea": (_("European Economic Area"), tuple(sorted([*_EU, "IS", "LI", "NO"]))),
    "german": (_("Germany, Austria, Switzerland, Liechtenstein"), ("AT", "CH", "DE", "LI")),
    "isles": (_("United Kingdom and Ireland"), ("GB", "IE")),
    "america": (_("United States and Canada"), ("CA", "US")),
    "antipodes": (_("Australia and New Zealand"), ("AU", "NZ")),
}


class TerritoryRule(models.TextChoices):
    WORLD = "world", _("Everywhere")
    EXCEPT = "except", _("Everywhere except in these countries")
    ONLY = "only", _("Only in these countries")


@dataclass(frozen=True, slots=True)
class Territory:
    """A rule and its countries: `countries` are sorted codes, and empty when the work is sold everywhere."""

    rule: str = TerritoryRule.WORLD
    countries: tuple[str, ...] = ()

    @classmethod
    def of(cls, rule: str, countries: Iterable[str]) -> Territory:
        """Build a territory, ignoring the order of the countries and repetitions."""
        if rule == TerritoryRule.WORLD:
            return cls()
        return cls(rule, tuple(sorted({iso_country(code) for code in countries})))

    @property
    def is_world(self) -> bool:
        return self.rule == TerritoryRule.WORLD

    def is_sold_in(self, country: str) -> bool:
        """Whether readers in the country may buy. Always true while their country is unknown ("")."""
        if self.is_world or not country:
            return True
        return (iso_country(country) in self.countries) == (self.rule == TerritoryRule.ONLY)

    def within(self, countries: Iterable[str]) -> tuple[str, ...]:
        """Return those of the countries where the work is sold, in the given order."""
        return tuple(country for country in countries if self.is_sold_in(country))


WORLD = Territory()


def iso_country(code: str) -> str:
    """Return the ISO 3166-1 country that the code stands for or belongs to."""
    return _BELONGS_TO.get(code, code)


def is_iso_country(code: str) -> bool:
    return is_country(code) and code not in _BELONGS_TO


def iso_choices() -> list[tuple[str, str]]:
    """Return (code, name) of every country, sorted by name in the active language."""
    return [(code, name) for code, name in country_choices() if code and code not in _BELONGS_TO]
