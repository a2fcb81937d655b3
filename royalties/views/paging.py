"""Pages of a list that may be long: by primary key, newest first, without counting."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Model, QuerySet
from django.http import HttpRequest

PAGE_LENGTH = 25


@dataclass(frozen=True, slots=True)
class Page[T]:
    """`newer` and `older` are addresses, or ""."""

    rows: Sequence[T]
    newer: str
    older: str


def page_of[M: Model](request: HttpRequest, rows: QuerySet[M]) -> Page[M]:
    """The page that `?before=` asks for. The rows must be ordered by falling primary key."""
    before = request.GET.get("before", "")
    shown = rows.filter(pk__lt=int(before)) if before.isdecimal() else rows
    found = list(shown[: PAGE_LENGTH + 1])
    older = _address(request, before=found[PAGE_LENGTH - 1].pk) if len(found) > PAGE_LENGTH else ""
    newer = _address(request, before=None) if before.isdecimal() else ""
    return Page(found[:PAGE_LENGTH], newer, older)


def slice_of[T](request: HttpRequest, rows: Sequence[T]) -> Page[T]:
    """The page of a computed list that begins at `?start=`."""
    given = request.GET.get("start", "")
    start = int(given) if given.isdecimal() else 0
    end = start + PAGE_LENGTH
    older = _address(request, start=end) if len(rows) > end else ""
    newer = _address(request, start=max(start - PAGE_LENGTH, 0) or None) if start else ""
    return Page(rows[start:end], newer, older)


def _address(request: HttpRequest, **place: Any) -> str:
    query = request.GET.copy()
    for name, value in place.items():
        query.pop(name, None)
        if value is not None:
            query[name] = str(value)
    return f"{request.path}?{query.urlencode()}" if query else request.path
