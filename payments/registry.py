"""The registry in which apps above payments register their handlers for the provider's events."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class ProviderNotice:
    """A handler's input: enough to fetch the current state from the provider, never the state itself."""

    event_id: str
    event_type: str
    object_id: str
    reference: str  # our public id, where the provider carried one
    data: dict[str, Any]
    account_id: str = ""  # the connected account it came from, "" for our own


class NotYetKnown(Exception):
    """The notice names something we do not know (yet): park the event and try again."""


type NoticeHandler = Callable[[ProviderNotice], None]

_handlers: dict[str, list[NoticeHandler]] = {}


def handles(*event_types: str) -> Callable[[NoticeHandler], NoticeHandler]:
    """Register the decorated function for these event types.

    Apps may share an event: one that knows nothing of what it names raises NotYetKnown, and the event is parked only
    when all of them do. The function runs outside any transaction, so that it can fetch the object from the provider
    before it locks anything; it then calls one service, which is one transaction. It must be safe to repeat.
    """

    def register(handler: NoticeHandler) -> NoticeHandler:
        for event_type in event_types:
            _handlers.setdefault(event_type, []).append(handler)
        return handler

    return register


def handlers_for(event_type: str) -> list[NoticeHandler]:
    return list(_handlers.get(event_type, ()))
