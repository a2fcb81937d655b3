"""The data that higher apps pass to royalties: sales and quotes, never orders. References are text."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from common.money import Money
from royalties.entries import Deferral


@dataclass(frozen=True, slots=True)
class QuoteLine:
    """One edition about to be sold: what the reader would pay, tax included, and the tax in it.

    `full` and `full_tax` are the amounts without a coupon that the platform funds: fees and royalty are calculated from
    them, and the platform adds the difference. None when the reader pays the whole.
    """

    edition_id: int
    paid: Money
    tax: Money
    full: Money | None = None
    full_tax: Money | None = None


@dataclass(frozen=True, slots=True)
class LineBreakdown:
    """Where the price goes: paid + promotion = tax + processor_fee + platform_fee + royalty, to the minor unit."""

    edition_id: int
    paid: Money
    tax: Money
    processor_fee: Money
    platform_fee: Money
    royalty: Money
    terms_id: int
    promotion: Money | None = None  # None means no promotion

    @property
    def promotion_minor(self) -> int:
        return self.promotion.amount_minor if self.promotion is not None else 0


@dataclass(frozen=True, slots=True)
class Sale:
    """One paid line. `reference` is its public id and makes recording idempotent."""

    reference: str
    order_reference: str
    edition_id: int
    breakdown: LineBreakdown
    tax_country: str
    tax_rate_bps: int
    sold_at: datetime
    clears_at: datetime
    list_price: Money  # what the author asks, before coupons and added tax
    deferral: Deferral | None = None  # already paid: see `record_deferred_payment`
