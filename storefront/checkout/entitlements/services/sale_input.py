"""A paid line in the form that royalties takes."""

from __future__ import annotations

from common.money import Money
from royalties.dto import LineBreakdown, Sale
from royalties.entries import Deferral
from storefront.checkout.models import Order, OrderLine


def sale_of(order: Order, line: OrderLine) -> Sale:
    """Return the line's sale, dated when the order was paid, or when the line was supplied later."""
    sold_at, clears_at = line.supplied_at or order.paid_at, line.refundable_until or order.refundable_until
    assert sold_at is not None and clears_at is not None  # noqa: S101 - only of a paid order
    currency = order.currency
    return Sale(
        reference=line.public_id,
        order_reference=order.public_id,
        edition_id=line.edition_id,
        breakdown=LineBreakdown(
            edition_id=line.edition_id,
            paid=Money(line.paid_minor, currency),
            tax=Money(line.tax_minor, currency),
            processor_fee=Money(line.processor_fee_minor, currency),
            platform_fee=Money(line.platform_fee_minor, currency),
            royalty=Money(line.royalty_minor, currency),
            terms_id=line.terms_id,
            promotion=Money(line.promotion_minor, currency) if line.promotion_minor else None,
        ),
        tax_country=order.tax_country,
        tax_rate_bps=line.tax_rate_bps,
        sold_at=sold_at,
        clears_at=clears_at,
        deferral=Deferral(line.deferral) if line.deferral else None,
        list_price=Money(line.list_minor, currency),
    )
