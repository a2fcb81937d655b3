"""Pages of a list that may be long: by primary key, newest first, without counting."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Model, QuerySet
from django.http import HttpRequest

PAGE_LENGTH = 25


@dataclass(frozen=True, slots=True)
class Page[M: Model]:
    """`newer` and `older` are addresses, or ""."""

    rows: Sequence[M]
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


def _address(request: HttpRequest, before: Any) -> str:
    query = request.GET.copy()
    query.pop("before", None)
    if before is not None:
        query["before"] = str(before)
    return f"{request.path}?{query.urlencode()}" if query else request.path
