"""Hooks for apps above the shop: their links in the visitor's menu, with what waits there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from accounts.permissions import Visitor


@dataclass(frozen=True, slots=True)
class MenuLink:
    """A link in the menu, and how many things behind it wait for the visitor.

    `is_direct`: on wide screens it stands in the header itself, beside the account's menu.
    """

    label: str
    href: str
    count: int = 0
    is_direct: bool = False


@dataclass(frozen=True, slots=True)
class Menu:
    """The links of one visitor."""

    links: tuple[MenuLink, ...]

    @property
    def direct(self) -> list[MenuLink]:
        return [link for link in self.links if link.is_direct]

    @property
    def inside(self) -> list[MenuLink]:
        return [link for link in self.links if not link.is_direct]

    @property
    def waiting(self) -> int:
        """Return how many things wait behind all links."""
        return sum(link.count for link in self.links)

    @property
    def waiting_inside(self) -> int:
        """Return how many things wait behind the links that stand in the menu on every screen."""
        return sum(link.count for link in self.inside)


type LinkFinder = Callable[[Visitor], MenuLink | None]

_finders: list[LinkFinder] = []


def add_link(finder: LinkFinder) -> LinkFinder:
    """Show the link that `finder(visitor)` returns, if any."""
    _finders.append(finder)
    return finder


def menu_for(visitor: Visitor) -> Menu:
    """Return the visitor's menu, its links in the order in which the apps are installed."""
    return Menu(tuple(link for find in _finders if (link := find(visitor)) is not None))
