"""What a cart costs a reader in a country, and where each line's price goes."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime

from accounts.models import User
from common.money import Money
from publishing.models import Edition
from royalties.facts import LineBreakdown, QuoteLine
from royalties.services import sales
from storefront import permissions
from storefront.errors import AlreadyOwned, CartEmpty, NotForSaleIn, NotOnSale
from storefront.models import Cart
from storefront.selectors import carts as cart_selectors
from storefront.selectors.carts import CartItem
from storefront.services import tax as tax_services
from storefront.services.tax import TaxRate


@dataclass(frozen=True, slots=True)
class QuotedLine:
    """`paid` is what the reader pays, `breakdown` where it goes; both are frozen on the order's line."""

    edition: Edition
    title: str
    paid: Money
    breakdown: LineBreakdown


@dataclass(frozen=True, slots=True)
class Quote:
    """`digest` names exactly this offer: a page that shows it sends it back, and another one is refused."""

    country: str
    rate: TaxRate
    lines: tuple[QuotedLine, ...]
    total: Money
    tax: Money
    digest: str


def quote_cart(*, actor: User, cart: Cart | None, country: str, at: datetime) -> Quote:
    """Price the person's cart for a reader in the country. Nothing is written.

    Raises CartEmpty, NotOnSale, NotForSaleIn, AlreadyOwned, each naming the first title concerned.
    """
    if cart is None:
        raise CartEmpty
    page = cart_selectors.cart_page(cart)
    if not page.items:
        raise CartEmpty
    readable = permissions.readable_works(actor, [item.work_id for item in page.items])
    editions = [_buyable(item, page.currency, readable) for item in page.items]
    rate = tax_services.rate_for(country=country, at=at.date())
    prices = [
        tax_services.price_with_tax(list_price=item.price, rate=rate) for item in page.items if item.price is not None
    ]
    breakdowns = sales.quote(
        lines=[
            QuoteLine(edition_id=edition.pk, paid=price.paid, tax=price.tax)
            for edition, price in zip(editions, prices, strict=True)
        ],
        at=at,
    )
    lines = tuple(
        QuotedLine(edition, item.title, part.paid, part)
        for edition, item, part in zip(editions, page.items, breakdowns, strict=True)
    )
    total = Money(sum(price.paid.amount_minor for price in prices), page.currency)
    tax = Money(sum(price.tax.amount_minor for price in prices), page.currency)
    return Quote(country, rate, lines, total, tax, _digest(country, rate, lines))


def _buyable(item: CartItem, currency: str, readable: set[int]) -> Edition:
    if item.edition is None:
        raise NotOnSale(title=item.title)
    if item.price is None:
        raise NotForSaleIn(title=item.title, currency=currency)
    if item.work_id in readable:
        raise AlreadyOwned(title=item.title)
    return item.edition


def _digest(country: str, rate: TaxRate, lines: tuple[QuotedLine, ...]) -> str:
    content = [country, rate.rate_bps] + [
        [line.edition.public_id, str(line.paid), str(line.breakdown.tax), line.breakdown.terms_id] for line in lines
    ]
    return hashlib.sha256(json.dumps(content).encode()).hexdigest()
