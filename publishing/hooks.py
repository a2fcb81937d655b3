"""Going up: apps above register what they do when an edition goes on sale, changes there, or leaves."""

from __future__ import annotations

from collections.abc import Callable

from publishing.models import Edition

type EditionHandler = Callable[[Edition], None]

_listed: list[EditionHandler] = []
_withdrawn: list[EditionHandler] = []


def when_listed(handler: EditionHandler) -> EditionHandler:
    """Call `handler(edition)` in the transaction that publishes an edition or changes a published one's details."""
    _listed.append(handler)
    return handler


def when_withdrawn(handler: EditionHandler) -> EditionHandler:
    """Call `handler(edition)` in the transaction that takes an edition off sale."""
    _withdrawn.append(handler)
    return handler


def announce_listed(edition: Edition) -> None:
    for handler in _listed:
        handler(edition)


def announce_withdrawn(edition: Edition) -> None:
    for handler in _withdrawn:
        handler(edition)
