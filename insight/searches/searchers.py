"""Telling people apart for four weeks: by account, or by network and browser, hashed with the key of the four weeks."""

from __future__ import annotations

import secrets
from datetime import datetime

from insight.events import visitors
from insight.events.hooks import Seen
from insight.searches import weeks
from insight.searches.models import SearchKey


def searcher_of(seen: Seen) -> bytes | None:
    """Return the hash of whoever searched; None if their browser asks not to be tracked. The first one of four weeks
    makes the key.
    """
    if visitors.asks_not_to_be_tracked(seen.request):
        return None
    first_day = weeks.period_of(weeks.today(seen.at))
    row, _ = SearchKey.objects.get_or_create(first_day=first_day, defaults={"key": secrets.token_bytes(32)})
    told = visitors.inputs_of(seen.request) if seen.actor is None else _account(seen.actor.pk)
    return visitors.keyed_hash(bytes(row.key), told)


def hashes_of_account(account_id: int, *, at: datetime) -> list[bytes]:
    """Return the hashes of an account that its searches can still be found by."""
    oldest = weeks.period_of(weeks.today(at))
    keys = SearchKey.objects.filter(first_day__gte=oldest).values_list("key", flat=True)
    return [visitors.keyed_hash(bytes(key), _account(account_id)) for key in keys]


def _account(account_id: int) -> str:
    return f"account\n{account_id}"
