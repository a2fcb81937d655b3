"""What readers of the simulated market buy: orders as bulk rows, booked through the ledger's own services."""

from __future__ import annotations

import random
from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from accounts.models import User
from bench.market.books import price_of
from bench.market.people import NOW
from common.ids import public_id
from common.money import Money
from publishing.models import Edition
from royalties.dto import LineBreakdown, QuoteLine, Sale
from royalties.services import disputes, returns, sales
from royalties.services.disputes import DisputeFacts
from storefront.checkout.models import Order, OrderLine, OrderState

_BATCH = 1000


@dataclass(frozen=True, slots=True)
class Cart:
    """What one reader buys at one moment, in one currency."""

    buyer: User
    at: datetime
    books: tuple[Edition, ...]
    is_kept: bool = False  # never refunded


def sell(carts: list[Cart], luck: random.Random) -> None:
    """Write orders, and book them: sales, card fees, refunds, bank disputes."""
    orders: list[Order] = []
    lines: dict[str, list[OrderLine]] = defaultdict(list)
    breakdowns: dict[str, LineBreakdown] = {}
    quotes: dict[tuple[str, int], LineBreakdown] = {}
    for cart in carts:
        parts = [_quoted(book, quotes) for book in cart.books]
        order = _order(cart, sum(part.paid.amount_minor for part in parts))
        orders.append(order)
        for book, part in zip(cart.books, parts, strict=True):
            line = _line(order, book, part)
            lines[order.public_id].append(line)
            breakdowns[line.public_id] = part
    Order.objects.bulk_create(orders, _BATCH)
    OrderLine.objects.bulk_create([line for several in lines.values() for line in several], _BATCH)
    for cart, order in zip(carts, orders, strict=True):
        _book(order, lines[order.public_id], breakdowns)
        if not cart.is_kept:
            _go_back(order, lines[order.public_id][0], luck)


def _quoted(book: Edition, quotes: dict[tuple[str, int], LineBreakdown]) -> LineBreakdown:
    """Return how a price divides; asked once for each price and currency."""
    currency, minor = price_of(book)
    if (currency, minor) not in quotes:
        line = QuoteLine(edition_id=book.pk, paid=Money(minor, currency), tax=Money(0, currency))
        [quotes[currency, minor]] = sales.quote(lines=[line], at=NOW)
    return replace(quotes[currency, minor], edition_id=book.pk)


def _order(cart: Cart, total_minor: int) -> Order:
    return Order(
        public_id=public_id("ord"),
        buyer=cart.buyer,
        state=OrderState.PAID,
        currency=price_of(cart.books[0])[0],
        total_minor=total_minor,
        tax_country="US",
        created_at=cart.at,
        paid_at=cart.at,
        receipt_sent_at=cart.at,
    )


def _line(order: Order, book: Edition, part: LineBreakdown) -> OrderLine:
    return OrderLine(
        public_id=public_id("lin"),
        order=order,
        edition=book,
        title=book.work.title,
        list_minor=part.paid.amount_minor,
        paid_minor=part.paid.amount_minor,
        tax_minor=part.tax.amount_minor,
        tax_rate_bps=0,
        processor_fee_minor=part.processor_fee.amount_minor,
        platform_fee_minor=part.platform_fee.amount_minor,
        royalty_minor=part.royalty.amount_minor,
        terms_id=part.terms_id,
    )


def _book(order: Order, lines: list[OrderLine], breakdowns: dict[str, LineBreakdown]) -> None:
    sales.record_sales(
        sales=[
            Sale(
                reference=line.public_id,
                order_reference=order.public_id,
                edition_id=line.edition_id,
                breakdown=breakdowns[line.public_id],
                tax_country="US",
                tax_rate_bps=0,
                sold_at=order.created_at,
                clears_at=order.created_at + timedelta(days=14),
                list_price=breakdowns[line.public_id].paid,
            )
            for line in lines
        ]
    )
    fee = Money(30 + order.total_minor * 290 // 10_000, order.currency)
    sales.record_processor_fee(
        order_reference=order.public_id, fee=fee, external_id=order.public_id, at=order.created_at
    )


def _go_back(order: Order, line: OrderLine, luck: random.Random) -> None:
    """Refund one order in twenty, in part now and then; a bank disputes one in 150."""
    fate, later = luck.random(), order.created_at + timedelta(days=luck.randrange(14), seconds=luck.randrange(86_400))
    if fate < 0.05:
        some = Money(line.paid_minor // 2, order.currency) if fate < 0.008 else None
        returns.record_refund(reference=line.public_id, external_id=f"rf_{order.public_id}", at=later, amount=some)
    elif fate < 0.057:
        total, fee = Money(order.total_minor, order.currency), Money(1500, order.currency)
        facts = DisputeFacts(f"du_{order.public_id}", order.public_id, total, fee, later)
        disputes.open_dispute(facts=facts)
        decide = disputes.win_dispute if luck.random() < 0.4 else disputes.lose_dispute
        decide(external_id=facts.external_id, at=later + timedelta(days=20))
