"""Finance's list of sales as a streamed file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import Any

from common.csv_cells import csv_lines
from common.money import Money
from royalties.models import SaleRecord

_SALES_COLUMNS = (
    "reference",
    "order",
    "sold_at",
    "work",
    "country",
    "state",
    "clears_at",
    "currency",
    "paid",
    "promotion",
    "tax_percent",
    "tax",
    "processor_fee",
    "platform_fee",
    "royalty",
    "returned",
    "journal_entry",
)


def sales_csv(sales: Iterable[SaleRecord]) -> Iterator[str]:
    """Yield finance's list of sales row by row: paid + promotion = tax + both fees + royalty.

    `returned` is how much of the paid price has gone back, by refunds and lost disputes.
    """
    yield from csv_lines([_SALES_COLUMNS])
    yield from csv_lines(_row(sale) for sale in sales)


def _row(sale: SaleRecord) -> Sequence[Any]:
    def amount(minor: int) -> Decimal:
        return Money(minor, sale.currency).decimal

    return (
        sale.reference,
        sale.order_reference,
        sale.sold_at.isoformat(),
        sale.work.title,
        sale.tax_country,
        sale.state,
        sale.clears_at.isoformat(),
        sale.currency,
        amount(sale.paid_minor),
        amount(sale.promotion_minor),
        Decimal(sale.tax_rate_bps).scaleb(-2),
        amount(sale.tax_minor),
        amount(sale.processor_fee_minor),
        amount(sale.platform_fee_minor),
        amount(sale.royalty_minor),
        amount(sale.returned_minor),
        sale.entry_id or "",
    )
