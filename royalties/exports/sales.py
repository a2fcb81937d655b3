"""Finance's list of sales as a file, streamed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from common.money import Money
from royalties.exports.cells import csv_lines
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
    "tax",
    "processor_fee",
    "platform_fee",
    "royalty",
    "journal_entry",
)


def sales_csv(sales: Iterable[SaleRecord]) -> Iterator[str]:
    """Finance's list of sales, row by row."""
    rows = (
        (
            sale.reference,
            sale.order_reference,
            sale.sold_at.isoformat(),
            sale.work.title,
            sale.tax_country,
            sale.state,
            sale.clears_at.isoformat(),
            sale.currency,
            *(
                Money(amount, sale.currency).decimal
                for amount in (
                    sale.paid_minor,
                    sale.tax_minor,
                    sale.processor_fee_minor,
                    sale.platform_fee_minor,
                    sale.royalty_minor,
                )
            ),
            sale.entry_id or "",
        )
        for sale in sales
    )
    yield from csv_lines([_SALES_COLUMNS])
    yield from csv_lines(rows)
