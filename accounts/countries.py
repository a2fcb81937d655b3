"""Countries by ISO 3166-1 code with their names from CLDR."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from babel import Locale
from babel.numbers import get_territory_currencies
from django.conf import settings
from django.utils.choices import BaseChoiceIterator
from django.utils.translation import get_language


def country_choices() -> tuple[tuple[str, str], ...]:
    """Return an empty choice, then (code, name) pairs sorted by name in the active language."""
    return _choices(get_language() or "en")


class CountryChoices(BaseChoiceIterator):
    """Country choices for form fields. Unlike a callable, an iterator is not evaluated again each time a field looks at
    its choices.
    """

    def __iter__(self) -> Iterator[tuple[str, str]]:
        return iter(country_choices())


@lru_cache(maxsize=64)
def _choices(language: str) -> tuple[tuple[str, str], ...]:
    names = Locale.parse(language, sep="-").territories
    countries = [(code, name) for code, name in names.items() if is_country(code)]
    return (("", "—"), *sorted(countries, key=lambda pair: pair[1]))


def country_name(code: str) -> str:
    """Return the country's name in the active language, or the code if unknown."""
    return str(Locale.parse(get_language() or "en", sep="-").territories.get(code, code))


def is_country(code: str) -> bool:
    """Return whether CLDR knows the code (upper case) as a country."""
    is_shaped = len(code) == 2 and code.isalpha() and code not in _NOT_COUNTRIES
    return is_shaped and code in Locale("en").territories


def currency_of(country: str) -> str:
    """Return the currency that people in a country pay in, if we sell in it, else the shop's own."""
    tender = get_territory_currencies(country)
    return next((one for one in tender if one in settings.CURRENCIES), settings.DEFAULT_CURRENCY)


# CLDR regions that are not countries of residence.
_NOT_COUNTRIES = {"EU", "EZ", "UN", "QO", "XA", "XB", "ZZ"}
