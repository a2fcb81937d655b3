"""What royalties takes from above: facts, never orders. References are text."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from common.money import Money


@dataclass(frozen=True, slots=True)
class QuoteLine:
    """One edition about to be sold: what the reader would pay, tax included, and the tax in it."""

    edition_id: int
    paid: Money
    tax: Money


@dataclass(frozen=True, slots=True)
class LineBreakdown:
    """Where the paid price goes: paid = tax + processor_fee + platform_fee + royalty, to the minor unit."""

    edition_id: int
    paid: Money
    tax: Money
    processor_fee: Money
    platform_fee: Money
    royalty: Money
    terms_id: int


@dataclass(frozen=True, slots=True)
class Sale:
    """One line that was paid. `reference` is its public id and makes recording idempotent."""

    reference: str
    order_reference: str
    edition_id: int
    breakdown: LineBreakdown
    tax_country: str
    tax_rate_bps: int
    sold_at: datetime
    clears_at: datetime
