"""What apps above hear from the beacon: kinds of pages that they record themselves, and that a work was seen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest

from accounts.models import User


@dataclass(frozen=True, slots=True)
class Seen:
    """What a page told. `actor` is whoever is logged in."""

    request: HttpRequest
    actor: User | None
    at: datetime


type Recorder = Callable[[Seen], None]

_recorders: dict[str, Recorder] = {}
_listeners: list[Recorder] = []


def record_kind(kind: str, recorder: Recorder) -> None:
    """Have `recorder(seen)` record pages of this kind, which are no pages of a work."""
    _recorders[kind] = recorder


def recorder_of(kind: str) -> Recorder | None:
    return _recorders.get(kind)


def when_work_seen(listener: Recorder) -> None:
    """Call `listener(seen)` when somebody saw a work's page or sample who is neither its maker nor staff."""
    _listeners.append(listener)


def announce_work_seen(seen: Seen) -> None:
    for listener in _listeners:
        listener(seen)
