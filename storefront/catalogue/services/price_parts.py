"""How prices divide, as listings store it."""

from __future__ import annotations

from collections.abc import Callable

from common.money import Money
from royalties.errors import NoTermsInForce, PriceTooLow
from royalties.services import terms
from storefront.catalogue.models import Listing
from storefront.catalogue.models.details import PriceParts


def author_gets(price: Money) -> PriceParts | None:
    """Return how a price divides; None if there is nothing to divide."""
    if not price:
        return None
    try:
        parts = terms.preview(list_price=price, tax_rate_bps=0)
    except (NoTermsInForce, PriceTooLow):
        return None
    return PriceParts(
        price=parts.list_price.amount_minor,
        processor_fee=parts.processor_fee.amount_minor,
        platform_fee=parts.platform_fee.amount_minor,
        royalty=parts.royalty.amount_minor,
    )


def promotion_gets(listing: Listing, gets: Callable[[Money], PriceParts | None]) -> dict[str, PriceParts]:
    """Return how the price of each of the listing's promotions divides, by public id, without free days."""
    return {
        one.promotion: found
        for currency, periods in listing.promotions.items()
        for one in periods
        if (found := gets(Money(one.price_minor, currency))) is not None
    }
