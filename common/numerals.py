"""Numbers as the reader's locale writes them."""

from __future__ import annotations

from decimal import Decimal

from babel.numbers import format_decimal
from django.utils.translation import get_language


def localized(value: int | Decimal) -> str:
    """ "12,345" or "66.67" in English, "12.345" and "66,67" in German; at most three decimals."""
    return format_decimal(value, locale=(get_language() or "en").replace("-", "_"))
