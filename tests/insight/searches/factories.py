"""Searches, as pages tell them and as rows."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.test import Client

from insight.searches.models import SearchEvent
from tests.factories.insight import FIREFOX

MONDAY = date(2026, 11, 30)


def tell(client: Client, asked: str, *, results: int | str = 12, address: str = "/count/", **told: str) -> int:
    """What a search page's script sends; returns the status. `ip`, `agent` and headers in lower case go beside it."""
    headers = {"user-agent": told.pop("agent", FIREFOX), "sec-fetch-site": "same-origin"}
    headers |= {name.replace("_", "-"): told.pop(name) for name in list(told) if name.startswith(("sec_", "origin"))}
    place = told.pop("ip", "203.0.113.7")
    data = {"kind": "search", "asked": asked, "results": str(results), **told}
    return client.post(address, data, headers=headers, REMOTE_ADDR=place).status_code


def searched(person: int | None, *, times: int = 1, day: date = MONDAY, **overrides: Any) -> None:
    """Rows of one person's searches for crime novels in German, with plenty found."""
    values = {"subject": "FF", "language": "de", "results": 40, "day": day, **overrides}
    searcher = None if person is None else person.to_bytes(8)
    SearchEvent.objects.bulk_create(SearchEvent(searcher=searcher, **values) for _ in range(times))


def searched_by(people: int, *, first: int = 1, **overrides: Any) -> None:
    """Rows of so many people, one search each."""
    for person in range(first, first + people):
        searched(person, **overrides)
