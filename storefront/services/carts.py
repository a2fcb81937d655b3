"""Filling and emptying carts. A cart belongs to a person, or is named in the session of somebody not signed in."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import transaction

from accounts.models import User
from publishing.models import Edition
from storefront import permissions
from storefront.errors import AlreadyOwned, NotOnSale
from storefront.models import Cart, CartLine
from storefront.selectors import carts as cart_selectors


@transaction.atomic
def add_edition(*, actor: User | None, cart_id: str, edition_id: str, currency: str, at: datetime) -> Cart:
    """Put the edition into the visitor's cart and return the cart. The same work twice is one line.

    `edition_id` is the public id, `currency` a wish for a new cart. Raises NotOnSale, AlreadyOwned.
    """
    edition = Edition.objects.on_sale().select_related("work").filter(public_id=edition_id).first()
    if edition is None:
        raise NotOnSale(title=cart_selectors.title_of(edition_id))
    if actor is not None and permissions.readable_works(actor, [edition.work_id]):
        raise AlreadyOwned(title=edition.work.title)
    cart = cart_selectors.cart_of(user=actor, cart_id=cart_id) or _new_cart(actor, currency, at)
    cart.lines.filter(edition__work=edition.work).exclude(edition=edition).delete()
    CartLine.objects.get_or_create(cart=cart, edition=edition, defaults={"added_at": at})
    return cart


@transaction.atomic
def remove_edition(*, cart: Cart, edition_id: str) -> None:
    """Take the edition out of the cart. Safe to repeat."""
    cart.lines.filter(edition__public_id=edition_id).delete()


@transaction.atomic
def set_currency(*, cart: Cart, currency: str, at: datetime) -> None:
    """Show and pay the cart in another currency. Raises ValueError for one we do not sell in."""
    if currency not in settings.CURRENCIES:
        raise ValueError(f"no sales in {currency}")
    Cart.objects.filter(pk=cart.pk).update(currency=currency, changed_at=at)


@transaction.atomic
def adopt_cart(*, actor: User, cart_id: str, at: datetime) -> Cart | None:
    """After signing in: the session's cart becomes the person's, its lines join those of an older cart."""
    session_cart = cart_selectors.cart_of(user=None, cart_id=cart_id)
    own_cart = cart_selectors.cart_of(user=actor, cart_id="")
    if session_cart is None:
        return own_cart
    if own_cart is None:
        session_cart.user, session_cart.changed_at = actor, at
        session_cart.save(update_fields=["user", "changed_at"])
        return session_cart
    works = set(own_cart.lines.values_list("edition__work_id", flat=True))
    session_cart.lines.exclude(edition__work_id__in=works).update(cart=own_cart)
    session_cart.delete()
    return own_cart


def _new_cart(actor: User | None, currency: str, at: datetime) -> Cart:
    wished = currency if currency in settings.CURRENCIES else settings.DEFAULT_CURRENCY
    if actor is None:
        return Cart.objects.create(currency=wished, changed_at=at)
    # Two clicks at once meet at the one cart a person has.
    return Cart.objects.get_or_create(user=actor, defaults={"currency": wished, "changed_at": at})[0]
