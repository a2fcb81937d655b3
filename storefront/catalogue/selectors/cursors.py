"""Cursors for long lists: the sort value and primary key of the last row, as a URL parameter."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from django.db.models import F, Func, QuerySet, Value
from django.db.models.lookups import LessThan

_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
_LARGEST = 10**16  # microseconds until the year 2286
_ROW = "(%(expressions)s)"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def text(number: int, key: int) -> str:
    """Return two non-negative numbers as one word."""
    return f"{_base36(number)}-{_base36(key)}"


def parsed(cursor: str) -> tuple[int, int] | None:
    """Return the two numbers, or None for an invalid cursor."""
    value, dash, key = cursor.partition("-")
    try:
        numbers = int(value, 36), int(key, 36)
    except ValueError:
        return None
    return numbers if dash and 0 <= numbers[0] < _LARGEST and 0 <= numbers[1] < _LARGEST else None


def rows_after[Rows: QuerySet[Any]](rows: Rows, column: str, value: Any, key: int) -> Rows:
    """Return the rows after the one with this value and primary key, where both are sorted in descending order.

    This uses a row comparison, `(column, id) < (value, key)`. An index on both is entered right after the last row,
    even if half of the shop has the same value.
    """
    field = rows.model._meta.get_field(column)
    here = Func(F(column), F("pk"), template=_ROW, output_field=field)
    there = Func(Value(value, output_field=field), Value(key), template=_ROW, output_field=field)
    return rows.filter(LessThan(here, there))


def microseconds(moment: datetime) -> int:
    """Return the microseconds since 1970."""
    return (moment - _EPOCH) // timedelta(microseconds=1)


def moment(microseconds: int) -> datetime:
    """Return the moment this many microseconds after the beginning of 1970."""
    return _EPOCH + timedelta(microseconds=microseconds)


def _base36(number: int) -> str:
    digits = ""
    while True:
        number, rest = divmod(number, 36)
        digits = _DIGITS[rest] + digits
        if not number:
            return digits
