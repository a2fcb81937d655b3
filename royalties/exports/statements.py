"""A statement as CSV and as a workbook: the same tables in the same order."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.utils import translation

from common.csv_cells import csv_lines, escape_formula
from common.money import Money, exponent
from common.templatetags.money import percent
from royalties.models import MovementKind, Statement
from royalties.selectors import statements
from royalties.selectors.statement_shares import LineShare
from royalties.selectors.statements import StatementContent

_PARTS = (
    ("in clearing", "closing_clearing_minor", 1),
    ("payable", "closing_payable_minor", 1),
    ("in transit", "closing_in_transit_minor", 1),
    ("in reserve", "closing_reserve_minor", 1),
    ("in dispute", "closing_disputed_minor", 1),
    ("held for claims", "closing_claimed_minor", 1),
    ("less owed", "closing_owed_minor", -1),
)
_LINE_COLUMNS = (
    "work",
    "format",
    "country",
    "terms",
    "rate",
    "currency",
    "paid_price",
    "sold",
    "returned",
    "net_units",
    "price_without_tax",
    "processor_fee",
    "platform_fee",
    "royalty_of_work",
    "share",
    "royalty",
)
_CONTRACT_COLUMNS = ("milestone", "contract", "title", "currency", "released", "platform_fee", "vat_in_fee", "pay")
_WITHHELD_COLUMNS = ("rate", "form", "expires", "sales", "currency", "royalty", "withheld", "given_back")


@dataclass(frozen=True, slots=True)
class Table:
    """One table of a statement. Amounts are Decimals in major units, other numbers are ints."""

    name: str
    columns: Sequence[str]
    rows: Sequence[Sequence[Any]]


def tables_of(content: StatementContent) -> list[Table]:
    """Return everything a statement says as tables, in the site's language whoever asks."""
    with translation.override(settings.LANGUAGE_CODE):
        return _tables(content)


def _tables(content: StatementContent) -> list[Table]:
    statement = content.statement
    withheld = list(_withheld(content))
    return [
        Table("balance", ("item", "entries", "currency", "amount"), list(_balance(content))),
        Table("moved", ("item", "entries", "currency", "amount"), list(_moved(content))),
        Table("works", _LINE_COLUMNS, list(_lines(content))),
        *([Table("contracts", _CONTRACT_COLUMNS, list(_contracts(content)))] if content.contracts else []),
        Table("payouts", ("payout", "state", "date", "destination", "currency", "amount"), list(_payouts(content))),
        Table("conversions", ("date", "given", "currency", "received", "into", "rate"), list(_conversions(content))),
        Table("adjustments", ("date", "reason", "currency", "amount"), list(_adjustments(content))),
        *([Table("withheld", _WITHHELD_COLUMNS, withheld)] if withheld else []),
        Table("verification", ("item", "value"), _verification(statement)),
    ]


def statement_csv(statement: Statement) -> bytes:
    """Return the tables one below the other. UTF-8 with a byte order mark, for spreadsheets."""
    rows: list[Iterable[Any]] = []
    for table in tables_of(statements.content_of(statement)):
        rows += [[table.name], table.columns, *table.rows, ()]
    return ("\ufeff" + "".join(csv_lines(rows))).encode()


def statement_xlsx(statement: Statement) -> bytes:
    """Return the tables as sheets of one workbook."""
    from xlsxwriter import Workbook

    buffer = io.BytesIO()
    book = Workbook(buffer, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    # Without this the workbook would contain the moment it was made, and its bytes would differ each time.
    book.set_properties({"title": f"Statement {statement}", "created": statement.closed_period.closed_at})
    head = book.add_format({"bold": True, "bottom": 1})
    places = exponent(statement.currency)
    amount = book.add_format({"num_format": "#,##0" + (f".{'0' * places}" if places else "")})
    for table in tables_of(statements.content_of(statement)):
        sheet = book.add_worksheet(table.name)
        sheet.freeze_panes(1, 0)
        sheet.write_row(0, 0, table.columns, head)
        for number, row in enumerate(table.rows, start=1):
            for column, value in enumerate(row):
                if isinstance(value, str):
                    sheet.write_string(number, column, escape_formula(value))
                else:
                    sheet.write_number(number, column, value, amount if isinstance(value, Decimal) else None)
        sheet.autofit()
    book.close()
    return buffer.getvalue()


def _balance(content: StatementContent) -> Iterable[Sequence[Any]]:
    statement = content.statement
    yield ("opening", "", statement.currency, _amount(statement, statement.opening_minor))
    for each in content.changing:
        yield (MovementKind(each.kind).value, each.entries, statement.currency, _amount(statement, each.amount_minor))
    yield ("closing", "", statement.currency, _amount(statement, statement.closing_minor))
    for label, column, sign in _PARTS:
        if column == "closing_claimed_minor" and not statement.closing_claimed_minor:
            continue  # files of statements without it keep their bytes
        yield (f"of which {label}", "", statement.currency, _amount(statement, sign * getattr(statement, column)))


def _moved(content: StatementContent) -> Iterable[Sequence[Any]]:
    statement = content.statement
    for each in content.moving:
        yield (MovementKind(each.kind).value, each.entries, statement.currency, _amount(statement, each.amount_minor))


def _lines(content: StatementContent) -> Iterable[Sequence[Any]]:
    statement = content.statement
    for line in content.lines:
        yield (
            line.title,
            line.format.value,
            line.country,
            line.terms.name,
            line.terms.rate_text,
            statement.currency,
            _amount(statement, line.unit_price_minor),
            line.sold,
            line.returned,
            line.net_units,
            _amount(statement, line.net_price_minor),
            _amount(statement, line.processor_fee_minor),
            _amount(statement, line.platform_fee_minor),
            _amount(statement, line.work_royalty_minor),
            share_text(content.shares[line.position], statement.currency),
            _amount(statement, line.royalty_minor),
        )


def _contracts(content: StatementContent) -> Iterable[Sequence[Any]]:
    statement = content.statement
    for line in content.contracts:
        yield (
            line.reference,
            line.contract_reference,
            line.title,
            statement.currency,
            _amount(statement, line.gross_minor),
            _amount(statement, line.fee_minor),
            _amount(statement, line.fee_vat_minor),
            _amount(statement, line.pay_minor),
        )


def share_text(shares: Sequence[LineShare], currency: str) -> str:
    """Return the percentage; if it changed within the month, each percentage with the work's royalty it applied to."""
    if len(shares) == 1:
        return percent(shares[0].share_bps)
    return "; ".join(
        f"{percent(each.share_bps)}: {Money(each.work_royalty_minor, currency).decimal}" for each in shares
    )


def _payouts(content: StatementContent) -> Iterable[Sequence[Any]]:
    statement = content.statement
    for payout in content.payouts:
        yield (
            payout.public_id,
            payout.state.value,
            payout.at.date().isoformat(),
            payout.destination,
            statement.currency,
            _amount(statement, payout.amount_minor),
        )


def _conversions(content: StatementContent) -> Iterable[Sequence[Any]]:
    for each in content.conversions:
        yield (
            each.at.date().isoformat(),
            each.given.decimal,
            each.given.currency,
            each.received.decimal,
            each.received.currency,
            str(each.rate),
        )


def _adjustments(content: StatementContent) -> Iterable[Sequence[Any]]:
    statement = content.statement
    for manual, booked_at in ((m, m.entry.booked_at) for m in content.adjustments if m.entry is not None):
        amount = _amount(statement, manual.amount_minor)
        yield (booked_at.date().isoformat(), manual.reason, statement.currency, amount)


def _withheld(content: StatementContent) -> Iterable[Sequence[Any]]:
    statement = content.statement
    for each in content.withheld:
        yield (
            percent(each.rate_bps),
            each.form,
            each.expires_on.isoformat() if each.expires_on else "",
            each.sales,
            statement.currency,
            _amount(statement, each.basis_minor),
            _amount(statement, each.amount_minor),
            _amount(statement, each.returned_minor),
        )


def _verification(statement: Statement) -> list[Sequence[Any]]:
    closed = statement.closed_period
    return [
        ("statement", statement.public_id),
        ("period", statement.period),
        ("closed_at", closed.closed_at.isoformat()),
        ("chain_position", closed.chain_position),
        ("chain_hash", closed.chain_hash),
        ("sha256", statement.sha256),
    ]


def _amount(statement: Statement, minor: int) -> Decimal:
    return Money(minor, statement.currency).decimal
