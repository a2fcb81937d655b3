"""Visitors who buy without an account, through the services and the simulated provider."""

from __future__ import annotations

from allauth.account.models import EmailAddress

from accounts.models import User
from common import clock
from publishing.models import Edition
from storefront.checkout.cart.selectors import carts as cart_selectors
from storefront.checkout.cart.services import carts, quotes
from storefront.checkout.guests.services import guests
from storefront.checkout.models import Cart, Order
from storefront.checkout.orders.services import settlement
from tests.factories.buying import make_book, open_page, pay_session

ADDRESS = "Ann@Example.org"


def visitor_cart(*editions: Edition, cart: Cart | None = None) -> Cart:
    """A cart of somebody not signed in, with these in it."""
    for edition in editions:
        cart_id = cart.public_id if cart is not None else ""
        cart = carts.add_edition(
            actor=None, cart_id=cart_id, edition_id=edition.public_id, currency="USD", at=clock.now()
        )
    assert cart is not None
    return cart


def place_as_guest(cart: Cart, *, email: str = ADDRESS, country: str = "US") -> Order:
    """An order of what lies in the cart, waiting for payment."""
    known = cart_selectors.cart_of(user=None, cart_id=cart.public_id)
    assert known is not None
    quote = quotes.quote_cart(actor=cart_selectors.buyer_of(known), cart=known, country=country, at=clock.now())
    return guests.place_order(
        cart=known, email=email, country=country, digest=quote.digest, has_consented=True, at=clock.now()
    )


def pay(order: Order) -> Order:
    """The order, paid."""
    session_id = open_page(order)
    pay_session(session_id)
    settlement.settle_session(session_id=session_id)
    return Order.objects.select_related("buyer__guest").get(pk=order.pk)


def buy_as_guest(*editions: Edition, email: str = ADDRESS, cart: Cart | None = None) -> Order:
    """A paid order of a guest, by default in a browser of their own."""
    return pay(place_as_guest(visitor_cart(*(editions or (make_book(),)), cart=cart), email=email))


def confirm(user: User, email: str = "") -> None:
    """The person has shown that the address is theirs."""
    known = {"verified": True, "primary": True}
    EmailAddress.objects.update_or_create(user=user, email=email or user.email, defaults=known)
