"""Set aside items that cannot be bought now, so that the rest of the cart can."""

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
from storefront.library.services import wishlists


@dataclass(frozen=True, slots=True)
class SavedForLater:
    """Titles now on the reader's wish list (`kept`), and titles only removed from the cart (`taken_out`)."""

    kept: tuple[str, ...]
    taken_out: tuple[str, ...]


@transaction.atomic
def save_for_later(*, actor: User | None, cart: Cart, country: str, at: datetime) -> SavedForLater:
    """Remove from the cart what stops a reader in the country ("" if unknown) from buying the rest. Safe to repeat.

    Single books move to the wish list of a logged-in reader. Gifts, books they own, and books no longer on sale do not.
    """
    kept: list[str] = []
    taken_out: list[str] = []
    for row in cart_views.cart_view(actor=actor, cart=cart, at=at, country=country).in_the_way:
        is_kept = actor is not None and row.can_be_kept and _is_wished_for(actor, row, at)
        (kept if is_kept else taken_out).append(row.item.title)
        carts.remove_line(cart=cart, line_id=row.item.line_id)
    return SavedForLater(tuple(kept), tuple(taken_out))


def _is_wished_for(actor: User, row: CartRow, at: datetime) -> bool:
    with suppress(AlreadyOwned, NotFound):
        wishlists.add_wish(actor=actor, slug=row.item.slug, at=at)
        return True
    return False
