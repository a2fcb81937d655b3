"""Upwards calls: apps above register what follows when somebody's books come or go, and when a guest turns out to be
somebody with an account."""

from __future__ import annotations

from collections.abc import Callable

from accounts.models import User

type EntitlementsHandler = Callable[[int], None]
type ClaimHandler = Callable[[User, User], None]

_when_entitlements_changed: list[EntitlementsHandler] = []
_when_claimed: list[ClaimHandler] = []


def when_entitlements_changed(handler: EntitlementsHandler) -> None:
    """Call `handler(user_id)` in the transaction in which a person's books come or go otherwise than by buying."""
    _when_entitlements_changed.append(handler)


def announce_entitlements(user_id: int) -> None:
    for handler in _when_entitlements_changed:
        handler(user_id)


def when_claimed(handler: ClaimHandler) -> None:
    """Call `handler(guest, person)` in the transaction that gives a person what a guest bought."""
    _when_claimed.append(handler)


def announce_claimed(guest: User, person: User) -> None:
    for handler in _when_claimed:
        handler(guest, person)
