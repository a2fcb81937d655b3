"""Going up: apps above register what they do when a person is called something else."""

from __future__ import annotations

from collections.abc import Callable

from accounts.models import User

type PersonHandler = Callable[[User], None]

_renamed: list[PersonHandler] = []


def when_renamed(handler: PersonHandler) -> PersonHandler:
    """Call `handler(user)` in the transaction that gives the person another name."""
    _renamed.append(handler)
    return handler


def announce_renamed(user: User) -> None:
    for handler in _renamed:
        handler(user)
