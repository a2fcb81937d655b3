"""Pagination of lists that may be long: by primary key, newest first, without counting."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

from django.db.models import Model, QuerySet
from django.http import HttpRequest

PAGE_LENGTH = 25
_MAX_DIGITS = 18  # always fits into 64 bits, plus one page


@dataclass(frozen=True, slots=True)
class Page[T]:
    """One page of a list. `newer` and `older` are URLs, or ""."""

    rows: Sequence[T]
    newer: str
    older: str


def page_of[M: Model](request: HttpRequest, rows: QuerySet[M], *, key: str = "pk") -> Page[M]:
    """Return the page that `?before=` asks for. The rows must be ordered by `key`, descending: the primary key, or
    another unique number, also of a related row ("conversation__newest").
    """
    before = _number(request, "before")
    shown = rows if before is None else rows.filter(**{f"{key}__lt": before})
    found = list(shown[: PAGE_LENGTH + 1])
    value_of = attrgetter(key.replace("__", "."))
    older = _address(request, before=value_of(found[PAGE_LENGTH - 1])) if len(found) > PAGE_LENGTH else ""
    newer = _address(request, before=None) if before is not None else ""
    return Page(found[:PAGE_LENGTH], newer, older)


def page_of_list[T](request: HttpRequest, rows: Sequence[T]) -> Page[T]:
    """Return the page of a computed list that begins at `?start=`."""
    start = _number(request, "start") or 0
    end = start + PAGE_LENGTH
    older = _address(request, start=end) if len(rows) > end else ""
    newer = _address(request, start=max(start - PAGE_LENGTH, 0) or None) if start else ""
    return Page(rows[start:end], newer, older)


def _number(request: HttpRequest, name: str) -> int | None:
    """Return the number in the query, or None if it is not one we would put there."""
    given = request.GET.get(name, "")
    return int(given) if given.isdecimal() and len(given) <= _MAX_DIGITS else None


def _address(request: HttpRequest, **place: Any) -> str:
    query = request.GET.copy()
    for name, value in place.items():
        query.pop(name, None)
        if value is not None:
            query[name] = str(value)
    return f"{request.path}?{query.urlencode()}" if query else request.path
