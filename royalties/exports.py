"""Statements and finance lists as files. The same rows give the same bytes; a cell never starts a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from typing import Any

from django.template.loader import render_to_string

from common.money import Money
from royalties.models import SaleRecord, Statement

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
_STATEMENT_COLUMNS = (
    "work",
    "country",
    "currency",
    "paid_price",
    "sold",
    "returned",
    "net_units",
    "price_without_tax",
    "processor_fee",
    "platform_fee",
    "royalty",
)
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


def statement_csv(statement: Statement) -> bytes:
    """The statement as a table of its lines, then its balances. UTF-8 with a byte order mark, for spreadsheets."""
    amount = _amounts(statement.currency)
    rows: list[Iterable[Any]] = [_STATEMENT_COLUMNS]
    rows += [
        (
            line.title,
            line.country,
            statement.currency,
            amount(line.unit_price_minor),
            line.sold,
            line.returned,
            line.net_units,
            amount(line.net_price_minor),
            amount(line.processor_fee_minor),
            amount(line.platform_fee_minor),
            amount(line.royalty_minor),
        )
        for line in statement.lines.all()
    ]
    rows.append(())
    rows += [(label, statement.currency, amount(value)) for label, value in _balances(statement)]
    rows += [("statement", statement.public_id), ("period", statement.period), ("sha256", statement.sha256)]
    return ("\ufeff" + "".join(_lines(rows))).encode()


def statement_pdf(statement: Statement) -> bytes:
    """The statement on paper. Nothing is fetched; the document's identity is the statement's hash."""
    from weasyprint import HTML

    markup = render_to_string(
        "royalties/statement_document.html",
        {"statement": statement, "lines": statement.lines.all(), "closed": statement.closed_period},
    )
    document = HTML(string=markup, url_fetcher=_refuse_to_fetch)
    return bytes(document.write_pdf(pdf_identifier=statement.sha256.encode(), pdf_tags=True))


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
    yield from _lines([_SALES_COLUMNS])
    yield from _lines(rows)


def _balances(statement: Statement) -> list[tuple[str, int]]:
    return [
        ("opening", statement.opening_minor),
        ("royalties", statement.royalties_minor),
        ("returns", -statement.returns_minor),
        ("paid_out", -statement.paid_out_minor),
        ("closing", statement.closing_minor),
        ("of which in clearing", statement.closing_clearing_minor),
        ("of which payable", statement.closing_payable_minor),
        ("of which in transit", statement.closing_in_transit_minor),
        ("less owed", -statement.closing_owed_minor),
    ]


def _amounts(currency: str) -> Any:
    return lambda minor: Money(minor, currency).decimal


def _lines(rows: Iterable[Iterable[Any]]) -> Iterator[str]:
    for row in rows:
        buffer = io.StringIO()
        csv.writer(buffer).writerow([_cell(value) for value in row])
        yield buffer.getvalue()


def _cell(value: Any) -> Any:
    """Text that a spreadsheet would run as a formula is quoted; numbers stay numbers."""
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA_STARTS) else value


def _refuse_to_fetch(url: str, *args: Any, **kwargs: Any) -> Any:
    raise ValueError("statements refer to nothing outside themselves")
