"""Parsing amounts as people write them: with or without the currency's sign, code or name, and with their language's
thousands and decimal separators.
"""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal
from functools import cache

from babel.numbers import format_decimal, get_currency_name, get_currency_symbol, get_group_symbol
from django.utils.translation import to_locale

from common.money import Money, exponent

_MAX_LENGTH = 40
_PLAIN = re.compile(r"(?P<whole>\d*)(?:[.,](?P<places>\d*))?")
# A number that begins with 0 has no thousands separators, and its decimal separator differs from those.
_GROUPED = re.compile(
    r"(?P<whole>(?!0)\d{1,3}(?P<mark>[.,'’ ])\d{3}(?:(?P=mark)\d{3})*)(?:(?!(?P=mark))[.,](?P<places>\d*))?"
)
_NO_CENTS = re.compile("[.,] ?[-\u2013\u2014]+$")  # "5,-" is five


def read_amount(text: str, currency: str, *, language: str) -> Money | None:
    """Return the amount in the currency, or None if it is not one, is in another currency, or is ambiguous.

    `language` is a tag as Django has it: "en", "en-gb".
    """
    language = to_locale(language)
    written = unicodedata.normalize("NFKC", text).strip()
    if len(written) > _MAX_LENGTH:
        return None
    number = _number(_NO_CENTS.sub("", _without_currency(written, currency, language)), currency, language)
    minor = number.scaleb(exponent(currency)) if number is not None else None
    return Money(int(minor), currency) if minor is not None and minor == int(minor) else None


def example(currency: str, *, language: str) -> str:
    """Return an example amount as people of that language write it, without the currency: "4.50", or "500" without
    cents.
    """
    places = exponent(currency)
    form = f"0.{'0' * places}".rstrip(".")
    return format_decimal(Decimal("4.5") if places else 500, format=form, locale=to_locale(language))


def _number(written: str, currency: str, language: str) -> Decimal | None:
    plain, grouped = _PLAIN.fullmatch(written), _GROUPED.fullmatch(written)
    if plain is not None and grouped is not None and grouped["mark"] != get_group_symbol(language):
        if exponent(currency) < len(plain["places"]):  # "1.000" may be a thousand or one
            return None
        grouped = None
    found = grouped or plain
    if found is None or not re.search(r"\d", written):
        return None
    return Decimal(f"{re.sub(r'\D', '', found['whole']) or 0}.{found['places'] or 0}")


def _without_currency(written: str, currency: str, language: str) -> str:
    """Return the text without the currency before and after the number; "$10 USD" names it twice."""
    for sign in _signs(currency, language):
        bare = written.casefold().removeprefix(sign)
        written = bare.removesuffix(sign).strip()
    return written


@cache
def _signs(currency: str, language: str) -> list[str]:
    """Return everything that stands for the currency, longest first: in the language and in English."""
    symbols = {get_currency_symbol(currency, one) for one in (language, "en")}
    names = {get_currency_name(currency, count, one) for one in (language, "en") for count in (1, 2)}
    short = {re.split(r"[ -]", name)[-1] for name in names}  # "Dollar"
    known = {currency, *symbols, *(currency[:2] + symbol for symbol in symbols), *names, *short}
    return sorted((one.casefold() for one in known), key=len, reverse=True)
