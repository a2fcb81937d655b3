"""What apps above add to the operator's page."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class OpenItem:
    """Something that a person has to look at, and the section of docs/operations.md that says how."""

    text: str
    runbook: str
    is_urgent: bool = False


_sources: list[Callable[[], Iterable[OpenItem]]] = []


def register_items(source: Callable[[], Iterable[OpenItem]]) -> None:
    """Add what the source returns to the page's open items."""
    _sources.append(source)


def registered_items() -> list[OpenItem]:
    """Return what the sources have now."""
    return [item for source in _sources for item in source()]
