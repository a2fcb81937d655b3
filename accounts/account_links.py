"""Links on the account page that apps above add for whom they concern."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from accounts.models import User


@dataclass(frozen=True, slots=True)
class AccountLink:
    """A link under "Publishing", with a few words on what is there."""

    text: str
    detail: str
    href: str


type LinkFinder = Callable[[User], Iterable[AccountLink]]

_finders: list[LinkFinder] = []


def add(finder: LinkFinder) -> LinkFinder:
    """Ask `finder(user)` for links on the person's account page."""
    _finders.append(finder)
    return finder


def links_of(user: User) -> list[AccountLink]:
    return [link for find in _finders for link in find(user)]
