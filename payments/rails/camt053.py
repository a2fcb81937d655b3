"""The bank's account statement: ISO 20022, message camt.053 in any of its versions.

The file comes from outside, so it is parsed without a document type, entities or network access.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation

from lxml import etree

from common.money import Money, exponent

LARGEST_BYTES = 10 * 1024 * 1024
_CURRENCY_LETTERS = 3


class StatementRefused(Exception):
    """A file that is not a trustworthy statement; `code` says why."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


@dataclass(frozen=True, slots=True)
class StatementRow:
    """One booked movement of our account. `fingerprint` identifies it in every statement that repeats it."""

    fingerprint: str
    account: str
    end_to_end_id: str  # "" when there is none
    amount: Money  # never negative
    is_credit: bool  # money came in
    booked_on: date
    bank_reference: str
    reason: str  # the code of a return, such as AC04; "" otherwise
    text: str


def read_statement(content: bytes) -> list[StatementRow]:
    """Return every booked movement in the statement's order, without pending ones. Raises StatementRefused."""
    root = _root(content)
    statements = _all(root, "BkToCstmrStmt", "Stmt")
    if not statements:
        raise StatementRefused("not_camt053")
    return [row for statement in statements for row in _rows(statement)]


def _root(content: bytes) -> etree._Element:
    if len(content) > LARGEST_BYTES:
        raise StatementRefused("too_large")
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, dtd_validation=False, huge_tree=False
    )
    try:
        root = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise StatementRefused("not_xml") from error
    if root.getroottree().docinfo.doctype:  # type: ignore[union-attr]  # the stubs forget it
        raise StatementRefused("has_doctype")
    return root


def _rows(statement: etree._Element) -> Iterator[StatementRow]:
    account = _text(statement, "Acct", "Id", "IBAN") or _text(statement, "Acct", "Id", "Othr", "Id")
    for entry in _all(statement, "Ntry"):
        status = _text(entry, "Sts", "Cd") or _text(entry, "Sts")
        if status != "BOOK":
            continue
        details = _all(entry, "NtryDtls", "TxDtls")
        for position, detail in enumerate(details or [entry]):
            yield _row(account, entry, detail, position, is_only=len(details) < 2)


def _row(account: str, entry: etree._Element, detail: etree._Element, position: int, *, is_only: bool) -> StatementRow:
    amount = _amount(detail) or (_amount(entry) if is_only else None)
    if amount is None:
        raise StatementRefused("amount_missing")
    direction = _text(detail, "CdtDbtInd") or _text(entry, "CdtDbtInd")
    if direction not in {"CRDT", "DBIT"}:
        raise StatementRefused("direction_missing")
    reference = _text(detail, "Refs", "AcctSvcrRef") or _text(entry, "AcctSvcrRef") or _text(entry, "NtryRef") or ""
    carried = _text(detail, "Refs", "EndToEndId")
    carried = "" if carried == "NOTPROVIDED" else carried
    booked = _date(_text(entry, "BookgDt", "Dt") or _text(entry, "BookgDt", "DtTm"))
    is_credit = direction == "CRDT"
    name = (account, reference, str(position), carried, str(amount), direction, booked.isoformat())
    return StatementRow(
        fingerprint="|".join(name),
        account=account,
        end_to_end_id=carried,
        amount=amount,
        is_credit=is_credit,
        booked_on=booked,
        bank_reference=reference,
        reason=_text(detail, "RtrInf", "Rsn", "Cd"),
        text=(_text(detail, "RmtInf", "Ustrd") or _text(entry, "AddtlNtryInf"))[:140],
    )


def _amount(element: etree._Element) -> Money | None:
    found = _all(element, "Amt") or _all(element, "AmtDtls", "TxAmt", "Amt")
    if not found:
        return None
    currency = found[0].get("Ccy", "")
    try:
        minor = Decimal((found[0].text or "").strip()).scaleb(exponent(currency))
    except InvalidOperation as error:
        raise StatementRefused("amount_invalid") from error
    if len(currency) != _CURRENCY_LETTERS or not minor.is_finite() or minor < 0 or minor != minor.to_integral_value():
        raise StatementRefused("amount_invalid")
    return Money(int(minor), currency)


def _date(text: str) -> date:
    try:
        return date.fromisoformat(text[:10])
    except ValueError as error:
        raise StatementRefused("date_missing") from error


def _all(element: etree._Element, *path: str) -> list[etree._Element]:
    """Return the descendants along the path of names in any namespace: banks use many versions of the message."""
    found = [element]
    for name in path:
        found = [child for one in found for child in one if _name(child) == name]
    return found


def _name(element: etree._Element) -> str:
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def _text(element: etree._Element, *path: str) -> str:
    found = _all(element, *path)
    return (found[0].text or "").strip() if found else ""
