"""Hooks for apps above: what follows when someone gains or loses books, and when a guest is claimed by an account."""

from __future__ import annotations

from collections.abc import Callable

from accounts.models import User

type EntitlementsHandler = Callable[[int], None]
type ClaimHandler = Callable[[User, User], None]

_when_entitlements_changed: list[EntitlementsHandler] = []
_when_claimed: list[ClaimHandler] = []


def when_entitlements_changed(handler: EntitlementsHandler) -> None:
    """Call `handler(user_id)` in the transaction in which a person gains or loses books other than by buying."""
    _when_entitlements_changed.append(handler)


def announce_entitlements(user_id: int) -> None:
    for handler in _when_entitlements_changed:
        handler(user_id)


def when_claimed(handler: ClaimHandler) -> None:
    """Call `handler(guest, person)` in the transaction that moves a guest's purchases to a person."""
    _when_claimed.append(handler)


def announce_claimed(guest: User, person: User) -> None:
    for handler in _when_claimed:
        handler(guest, person)
