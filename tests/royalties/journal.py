"""Reads the published journal whole: entries with their postings, and the balances it asserts at its end.

Names become ours. The journal books a delivery fee apart; under our rate-band terms it stays in the platform's part
of the price, so both become `platform_fee`. Accounts that we do not have keep their names.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from common.money import exponent

type Sums = Counter[tuple[str, str]]  # by account and currency, minor units, debit positive

FILE = Path(__file__).resolve().parents[3] / "shared" / "oracles" / "worked_journal.beancount"
_NAMES = {
    r"Assets:Stripe:Platform": "stripe_balance",
    r"Assets:Bank": "bank",
    r"Assets:DisputesInProgress": "dispute_in_progress",
    r"Assets:AuthorReceivable:(\w+)": r"contributor_receivable:\1",
    r"Liabilities:Author:(\w+):Held": r"contributor_clearing:\1",
    r"Liabilities:Author:(\w+):Payable": r"contributor_payable:\1",
    r"Liabilities:Author:(\w+):InTransit": r"contributor_in_transit:\1",
    r"Liabilities:Author:(\w+):Disputed": r"contributor_disputed:\1",
    r"Liabilities:Tax:VAT:DE": "tax:vat:DE",
    r"Liabilities:Tax:JCT": "tax:jct:JP",
    r"Liabilities:Tax:Withholding:US": "withholding:US",
    r"Liabilities:DeferredSales:Gifts": "deferred:gift",
    r"Liabilities:DeferredSales:Preorders": "deferred:preorder",
    r"Income:(PlatformFee|DeliveryFee)": "platform_fee",
    r"Expenses:ProcessorFees": "processor_fee",
    r"Expenses:DisputeFees": "dispute_fee",
    r"Expenses:Promotions": "promotion",
    r"Equity:FX:EURUSD": "fx",
}
_ENTRY = re.compile(r'(\d{4}-\d\d-\d\d) \* "([^"]*)" "([^"]*)"\n((?:  .+\n?)+)')
_POSTING = re.compile(r"  (\S+)\s+(-?[\d.]+) (\w+)")
_BALANCE = re.compile(r"\d{4}-\d\d-\d\d balance (\S+)\s+(-?[\d.]+) (\w+)")
_OTHER = re.compile(r"(option .*|\d{4}-\d\d-\d\d open .*|)")


@dataclass(frozen=True)
class PublishedEntry:
    date: str
    text: str
    event: str
    postings: Sums


@dataclass(frozen=True)
class Journal:
    entries: dict[str, PublishedEntry]
    balances: Sums


def read() -> Journal:
    """The whole journal. Raises ValueError for a line that was not understood."""
    text = FILE.read_text()
    entries = {}
    for date, about, event, block in _ENTRY.findall(text):
        entries[event] = PublishedEntry(date, about, event, _sums(_POSTING.findall(block)))
    rest = _BALANCE.sub("", _ENTRY.sub("", text))
    odd = [line for line in rest.splitlines() if not _OTHER.fullmatch(line)]
    if odd:
        raise ValueError(f"not understood: {odd[0]}")
    return Journal(entries, _sums(_BALANCE.findall(text), keep_zeros=True))


def _sums(found: list[tuple[str, str, str]], *, keep_zeros: bool = False) -> Sums:
    sums: Sums = Counter()
    for account, amount, currency in found:
        sums[_ours(account), currency] += int(Decimal(amount).scaleb(exponent(currency)))
    return sums if keep_zeros else Counter({key: amount for key, amount in sums.items() if amount})


def _ours(account: str) -> str:
    for pattern, name in _NAMES.items():
        if re.fullmatch(pattern, account):
            return re.sub(pattern, name, account)
    return account
