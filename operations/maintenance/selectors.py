"""What the shop is open for, read once in a while by each process."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.core.cache import caches
from django.db import DatabaseError

from operations.maintenance.models import Mode, SiteMode

CACHE_SECONDS = 2  # until a change is known to all processes
CACHE_KEY = "maintenance.state"


@dataclass(frozen=True, slots=True)
class State:
    """The mode, the operator's words for visitors, and when it is expected to end."""

    mode: Mode = Mode.OPEN
    message: str = ""
    ends_at: datetime | None = None


def state() -> State:
    """Return the state in the database."""
    row = SiteMode.objects.filter(pk=1).first()
    return State(Mode(row.mode), row.message, row.ends_at) if row else State()


def cached_state() -> State:
    """Return the state as it was at most two seconds ago; open if the database does not answer."""
    found: State | None = caches["process"].get(CACHE_KEY)
    if found is None:
        try:
            found = state()
        except DatabaseError:
            return State()
        caches["process"].set(CACHE_KEY, found, CACHE_SECONDS)
    return found


def forget() -> None:
    """Have this process read the state anew."""
    caches["process"].delete(CACHE_KEY)
