"""Numbers in the format of the reader's locale."""

from __future__ import annotations

from decimal import Decimal
from functools import lru_cache

from babel.numbers import format_decimal
from django.utils.translation import get_language


def localized(value: int | Decimal) -> str:
    """Return "12,345" or "66.67" in English, "12.345" and "66,67" in German; at most three decimals."""
    return _localized(value, get_language() or "en")


@lru_cache(maxsize=4096, typed=True)
def _localized(value: int | Decimal, language: str) -> str:
    return format_decimal(value, locale=language.replace("-", "_"))
