"""Setting aside what cannot be bought now, so that the rest of a cart can."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from accounts.models import User
from common.errors import NotFound
from storefront.checkout.cart.services import cart_views, carts
from storefront.checkout.cart.services.cart_views import CartRow
from storefront.checkout.errors import AlreadyOwned
from storefront.checkout.models import Cart
from storefront.library.services import wishes


@dataclass(frozen=True, slots=True)
class SetAside:
    """Titles: of what is `kept` on the reader's wish list now, and of what is only `taken_out`."""

    kept: tuple[str, ...]
    taken_out: tuple[str, ...]


@transaction.atomic
def set_aside(*, actor: User | None, cart: Cart, country: str, at: datetime) -> SetAside:
    """Take out of the cart what holds up the rest for a reader in the country ("" while it is not known). Single books
    go to the wish list of somebody signed in; gifts, what is theirs already, and what is not on sale any more, do not.
    Safe to repeat."""
    kept: list[str] = []
    taken_out: list[str] = []
    for row in cart_views.cart_view(actor=actor, cart=cart, at=at, country=country).in_the_way:
        is_kept = actor is not None and row.can_be_kept and _is_wished_for(actor, row, at)
        (kept if is_kept else taken_out).append(row.item.title)
        carts.remove_line(cart=cart, line_id=row.item.line_id)
    return SetAside(tuple(kept), tuple(taken_out))


def _is_wished_for(actor: User, row: CartRow, at: datetime) -> bool:
    with suppress(AlreadyOwned, NotFound):
        wishes.wish_for(actor=actor, slug=row.item.slug, at=at)
        return True
    return False
