"""Hooks for apps above: what follows when someone puts a book into a cart, gains or loses books, or when a guest is
claimed by an account.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from accounts.models import User
from publishing.models import Work


@dataclass(frozen=True, slots=True)
class AddedToCart:
    """A work that was not in the cart before. `via` is the code of the share link that led to its page, "" for none;
    `country` is the page's. Without an actor for a visitor who is not logged in.
    """

    work: Work
    actor: User | None
    via: str
    country: str
    at: datetime


type EntitlementsHandler = Callable[[int], None]
type PurchaseHandler = Callable[[list[int]], None]
type ClaimHandler = Callable[[User, User], None]
type CartHandler = Callable[[AddedToCart], None]

_when_entitlements_changed: list[EntitlementsHandler] = []
_when_bought: list[PurchaseHandler] = []
_when_claimed: list[ClaimHandler] = []
_when_added_to_cart: list[CartHandler] = []


def when_added_to_cart(handler: CartHandler) -> None:
    """Call `handler(added)` in the transaction in which a work is put into a cart."""
    _when_added_to_cart.append(handler)


def announce_added_to_cart(added: AddedToCart) -> None:
    for handler in _when_added_to_cart:
        handler(added)


def when_entitlements_changed(handler: EntitlementsHandler) -> None:
    """Call `handler(user_id)` in the transaction in which a person gains or loses books other than by buying."""
    _when_entitlements_changed.append(handler)


def announce_entitlements(user_id: int) -> None:
    for handler in _when_entitlements_changed:
        handler(user_id)


def when_bought(handler: PurchaseHandler) -> None:
    """Call `handler(entitlement_ids)` in the transaction in which a person gets books that were paid for."""
    _when_bought.append(handler)


def announce_bought(entitlement_ids: list[int]) -> None:
    for handler in _when_bought:
        handler(entitlement_ids)


def when_claimed(handler: ClaimHandler) -> None:
    """Call `handler(guest, person)` in the transaction that moves a guest's purchases to a person."""
    _when_claimed.append(handler)


def announce_claimed(guest: User, person: User) -> None:
    for handler in _when_claimed:
        handler(guest, person)
