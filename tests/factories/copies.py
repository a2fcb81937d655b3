"""Several copies of a book, bought at once to hand out."""

from __future__ import annotations

from accounts.models import User
from common import clock
from publishing.models import Edition
from storefront.checkout.cart.services import direct_purchases, quotes
from storefront.checkout.cart.services.direct_purchases import DirectPurchase
from storefront.checkout.models import Gift, Landing, Order
from storefront.checkout.orders.services import checkout
from tests.factories.offers import pay


def order_copies(buyer: User, edition: Edition, count: int, *, currency: str = "USD") -> Order:
    """An order of that many copies, waiting for payment. The shop must know the book."""
    purchase = DirectPurchase(edition.work.slug, currency, Landing.COPIES, copies=count)
    offer = direct_purchases.offer_of(purchase)
    digest = quotes.quote_cart(actor=buyer, cart=offer, country="US", at=clock.now()).digest
    return checkout.place_order(
        actor=buyer, country="US", digest=digest, has_consented=False, at=clock.now(), purchase=purchase
    )


def buy_copies(buyer: User, edition: Edition, count: int, *, currency: str = "USD") -> list[Gift]:
    """The copies, paid for, in the order of their numbers."""
    order = pay(order_copies(buyer, edition, count, currency=currency))
    return list(Gift.objects.filter(line__order=order).select_related("line__order").order_by("copy_number"))
