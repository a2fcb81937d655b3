"""A book that is bought at once, without a cart: whatever is in the cart stays there."""

from __future__ import annotations

from dataclasses import dataclass

from common.money import Money
from publishing.models import Edition
from publishing.services.prices import MAX_PRICE_MINOR
from storefront.catalogue.errors import PriceTooHigh
from storefront.checkout.cart.selectors import carts as cart_selectors
from storefront.checkout.cart.selectors.carts import OpenCart
from storefront.checkout.cart.services import cart_currencies
from storefront.checkout.errors import NothingOnSale, WrongNumberOfCopies
from storefront.checkout.models import Landing

# Each is a line of the order, with a link and an entry of its own in the ledger.
MAX_COPIES = 100


@dataclass(frozen=True, slots=True)
class DirectPurchase:
    """What is bought: the book's slug, the currency its page showed, and what the reader wants to pay where the price
    is open. `landing` is where they go after paying, `via` the code of the share link that led them to the book;
    `copies` how many they buy to hand out, 0 if it is for themselves."""

    slug: str
    currency: str
    landing: Landing
    chosen: Money | None = None
    via: str = ""
    copies: int = 0


def offer_of(purchase: DirectPurchase) -> OpenCart:
    """Return the book as a cart of its own, to be quoted; in another currency if it has no price in the requested one.

    Raises NothingOnSale if it is not out or no longer on sale, PriceTooHigh, WrongNumberOfCopies.
    """
    if not 0 <= purchase.copies <= MAX_COPIES:
        raise WrongNumberOfCopies(most=MAX_COPIES)
    on_sale = cart_currencies.noting_price(Edition.objects.on_sale(), wish=purchase.currency)
    rows = on_sale.select_related("work__listing", "work__series")
    edition = rows.filter(work__slug=purchase.slug, work__listing__isnull=False).first()
    if edition is None:
        raise NothingOnSale
    currency = cart_currencies.of_edition(edition, wish=purchase.currency)
    chosen = purchase.chosen
    if chosen is not None and chosen.amount_minor > MAX_PRICE_MINOR:
        raise PriceTooHigh(most=Money(MAX_PRICE_MINOR, chosen.currency))
    return cart_selectors.page_of_book(
        edition,
        currency=currency,
        chosen_minor=chosen.amount_minor if chosen is not None and chosen.currency == currency else None,
        landing=purchase.landing,
        copies=purchase.copies,
    )
