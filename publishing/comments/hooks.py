"""Hooks for apps above: somebody has looked at the comments on a text."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from accounts.models import User
from publishing.models import Work

type SeenHandler = Callable[[User, Work, datetime], None]

_seen: list[SeenHandler] = []


def when_seen(handler: SeenHandler) -> SeenHandler:
    """Call `handler(user, work, at)` when a person opens the list of comments on a text."""
    _seen.append(handler)
    return handler


def notify_seen(user: User, work: Work, at: datetime) -> None:
    for handler in _seen:
        handler(user, work, at)
