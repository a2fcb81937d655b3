"""Template filters for amounts, dates and percentages."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from functools import lru_cache

from babel.dates import format_date, format_time
from django import template
from django.utils.translation import get_language

from common.money import Money
from common.numerals import localized

register = template.Library()


@register.filter
def money(amount_minor: int | Money, currency: str = "") -> str:
    """{{ line.paid_minor|money:line.currency }} or {{ some_money|money }}: "$4.99" in the reader's locale."""
    value = amount_minor if isinstance(amount_minor, Money) else Money(amount_minor, currency)
    return value.format(get_language() or "en")


@register.filter
def plain(value: Money) -> str:
    """{{ some_money|plain }}: "4.50" in every language, as HTML and scripts have it."""
    return str(value.decimal)


@register.filter
def day(moment: date | datetime | None) -> str:
    """{{ sale.clears_at|day }}: "8 December 2026", "" for nothing."""
    if moment is None:
        return ""
    return _day(moment.date() if isinstance(moment, datetime) else moment, get_language() or "en")


@lru_cache(maxsize=4096)
def _day(moment: date, language: str) -> str:
    return format_date(moment, "d MMMM y" if language.startswith("en") else "long", locale=language.replace("-", "_"))


@register.filter
def moment(at: datetime) -> str:
    """{{ timestamp|moment }}: "8 December 2026, 14:05 UTC"."""
    language = get_language() or "en"
    return f"{day(at)}, {format_time(at.astimezone(UTC), 'HH:mm', locale=language.replace('-', '_'))} UTC"


@register.filter
def percent(bps: int) -> str:
    """{{ share.share_bps|percent }}: "66.67%", in other languages "66,67 %"."""
    sign = "%" if (get_language() or "en").startswith("en") else " %"
    return localized(Decimal(bps).scaleb(-2)) + sign


@register.filter
def number(value: int | Decimal) -> str:
    """{{ words|number }}: "12,345" as the reader's locale writes it."""
    return localized(value)
