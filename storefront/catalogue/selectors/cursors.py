"""Where a page of a long list ended, as a word of an address: the value it is sorted by, and the row's key."""

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
    """The two numbers, neither below 0, as one word."""
    return f"{_base36(number)}-{_base36(key)}"


def parsed(cursor: str) -> tuple[int, int] | None:
    """The two numbers; None for a word that nobody gave out."""
    value, dash, key = cursor.partition("-")
    try:
        numbers = int(value, 36), int(key, 36)
    except ValueError:
        return None
    return numbers if dash and 0 <= numbers[0] < _LARGEST and 0 <= numbers[1] < _LARGEST else None


def behind[Rows: QuerySet[Any]](rows: Rows, column: str, value: Any, key: int) -> Rows:
    """The rows that follow the one with this value and primary key, where both fall.

    By a row value, `(column, id) < (value, key)`: an index of both is entered right behind the last row, though half of
    the shop may have the same value.
    """
    field = rows.model._meta.get_field(column)
    here = Func(F(column), F("pk"), template=_ROW, output_field=field)
    there = Func(Value(value, output_field=field), Value(key), template=_ROW, output_field=field)
    return rows.filter(LessThan(here, there))


def microseconds(moment: datetime) -> int:
    """Since 1970."""
    return (moment - _EPOCH) // timedelta(microseconds=1)


def moment(microseconds: int) -> datetime:
    """The moment so long after 1970 began."""
    return _EPOCH + timedelta(microseconds=microseconds)


def _base36(number: int) -> str:
    digits = ""
    while True:
        number, rest = divmod(number, 36)
        digits = _DIGITS[rest] + digits
        if not number:
            return digits
