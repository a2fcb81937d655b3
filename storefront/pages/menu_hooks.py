"""Hooks for apps above the shop: their links in the visitor's menu, with what waits there."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from accounts.permissions import Visitor


@dataclass(frozen=True, slots=True)
class MenuLink:
    """A link in the menu, and how many things behind it wait for the visitor."""

    label: str
    href: str
    count: int = 0


type LinkFinder = Callable[[Visitor], MenuLink | None]

_finders: list[LinkFinder] = []


def add_link(finder: LinkFinder) -> LinkFinder:
    """Show the link that `finder(visitor)` returns, if any."""
    _finders.append(finder)
    return finder


def links_for(visitor: Visitor) -> Iterator[MenuLink]:
    for find in _finders:
        link = find(visitor)
        if link is not None:
            yield link
