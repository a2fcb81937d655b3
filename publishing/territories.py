"""Where a work may be sold: everywhere, everywhere but in some countries, or in some only.

Countries are those of ISO 3166-1, which the book trade's lists have too. What readers may choose besides as the country
where they live belongs to one of them.
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
# Since 2020.
_EU = tuple(
    "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK".split(" ")  # noqa: SIM905 - read at a glance
)

# Shortcuts of the author's form, by key: what it is called, and the countries.
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
    """`countries` are sorted codes, none where it is sold everywhere."""

    rule: str = TerritoryRule.WORLD
    countries: tuple[str, ...] = ()

    @classmethod
    def of(cls, rule: str, countries: Iterable[str]) -> Territory:
        """The same whatever the order of the countries, and whether one is named twice."""
        if rule == TerritoryRule.WORLD:
            return cls()
        return cls(rule, tuple(sorted({iso_country(code) for code in countries})))

    @property
    def is_world(self) -> bool:
        return self.rule == TerritoryRule.WORLD

    def is_sold_in(self, country: str) -> bool:
        """Whether readers there may buy. While no country is known ("") nothing stands in the way."""
        if self.is_world or not country:
            return True
        return (iso_country(country) in self.countries) == (self.rule == TerritoryRule.ONLY)

    def within(self, countries: Iterable[str]) -> tuple[str, ...]:
        """Those of the countries where it is sold, in their order."""
        return tuple(country for country in countries if self.is_sold_in(country))


WORLD = Territory()


def iso_country(code: str) -> str:
    """The country of ISO 3166-1 that the code is, or belongs to."""
    return _BELONGS_TO.get(code, code)


def is_iso_country(code: str) -> bool:
    return is_country(code) and code not in _BELONGS_TO


def iso_choices() -> list[tuple[str, str]]:
    """(code, name) of every country, by name in the active language."""
    return [(code, name) for code, name in country_choices() if code and code not in _BELONGS_TO]
