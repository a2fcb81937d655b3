"""The whole ledger for other tools: a beancount file that checks itself, or a CSV file with one row per posting.

Both are streamed. Amounts are in major units with as many decimals as the currency has; a debit is positive. Every
account keeps one beancount name: its kind under the root it belongs to, then what it is about.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta

from django.db.models import Min, QuerySet

from common.money import Money, exponent
from royalties import chart
from royalties.chart import AccountKind, AccountName
from royalties.models import JournalEntry, LedgerAccount, Posting
from royalties.selectors import trial_balance

_EQUITY = {AccountKind.FX, AccountKind.ROUNDING}
_INCOME = {AccountKind.PLATFORM_FEE, AccountKind.PLAN_FEE, AccountKind.PROCESSOR_FEE_RECOVERED}
_EXPENSES = {
    AccountKind.PROCESSOR_FEE,
    AccountKind.PAYOUT_FEE,
    AccountKind.DISPUTE_FEE,
    AccountKind.PROMOTION,
    AccountKind.BAD_DEBT,
}
_COLUMNS = (
    "position",
    "entry",
    "kind",
    "external_id",
    "reference",
    "occurred_at",
    "booked_at",
    "account",
    "currency",
    "amount",
)


def beancount_name(name: AccountName) -> str:
    """Return the beancount name: `contributor_payable:usr_ab` becomes `Liabilities:ContributorPayable:Usr-ab`.

    Beancount requires capitals.
    """
    words = "".join(word.capitalize() for word in name.kind.split("_"))
    # Each part must begin with a capital or digit and hold only letters, digits and dashes; our ids are lower case.
    details = [_part(part) for part in name.detail.split(":") if part]
    return ":".join([_root(name.kind), words, *details])


def beancount(*, until: date | None = None) -> Iterator[str]:
    """Yield a beancount file of everything booked before the end of `until`, a UTC day. It passes `bean-check`."""
    entries = _entries(until)
    yield from _options(entries)
    yield from _openings(entries)
    last: date | None = None
    for entry in _in_order(entries):
        last = _day(entry.booked_at)
        yield from _entry(entry)
    yield from _balances(until, last)


def as_csv(*, until: date | None = None) -> Iterator[str]:
    """Yield one row for each posting, in the ledger's order."""
    yield _row(_COLUMNS)
    for entry in _in_order(_entries(until)):
        for posting in entry.postings.all():
            yield _row(
                (
                    entry.link.position if hasattr(entry, "link") else "",
                    entry.pk,
                    entry.kind,
                    entry.external_id,
                    entry.reference,
                    entry.occurred_at.isoformat(),
                    entry.booked_at.isoformat(),
                    posting.account.name,
                    posting.currency,
                    Money(posting.amount_minor, posting.currency).decimal,
                )
            )


def _root(kind: AccountKind) -> str:
    if kind in _EQUITY:
        return "Equity"
    if kind in _INCOME:
        return "Income"
    if kind in _EXPENSES:
        return "Expenses"
    return "Assets" if chart.side_of(kind) == chart.DEBIT else "Liabilities"


def _part(text: str) -> str:
    cleaned = re.sub(r"[^A-Za-z0-9-]", "-", text)
    return cleaned[0].upper() + cleaned[1:] if cleaned[0].isalnum() else f"X{cleaned}"


def _entries(until: date | None) -> QuerySet[JournalEntry]:
    found = JournalEntry.objects.all()
    return found.filter(booked_at__lt=_end_of(until)) if until else found


def _end_of(day: date) -> datetime:
    return datetime.combine(day + timedelta(days=1), time(), UTC)


def _in_order(entries: QuerySet[JournalEntry]) -> Iterator[JournalEntry]:
    found = entries.order_by("booked_at", "pk").select_related("link").prefetch_related("postings__account")
    return found.iterator(chunk_size=1000)


def _options(entries: QuerySet[JournalEntry]) -> Iterator[str]:
    yield 'option "title" "Octavo"\n'
    since = entries.aggregate(first=Min("booked_at"))["first"]
    if since is None:
        return
    postings = Posting.objects.filter(entry__in=entries).order_by()
    currencies = sorted(postings.values_list("currency", flat=True).distinct())
    for currency in currencies:
        yield f'option "operating_currency" "{currency}"\n'
    # Allow no tolerance: by default beancount lets a balance be off by half of the last digit.
    for currency in currencies:
        yield f'option "inferred_tolerance_default" "{currency}:0"\n'
    for currency in currencies:
        yield f"\n{_day(since)} commodity {currency}\n  exponent: {exponent(currency)}\n"


def _openings(entries: QuerySet[JournalEntry]) -> Iterator[str]:
    """Yield an opening of each account on the day of its first posting, with the currencies it has."""
    yield "\n"
    opened: dict[str, tuple[date, set[str]]] = {}
    accounts = LedgerAccount.objects.filter(postings__entry__in=entries).order_by("pk")
    for account in accounts.annotate(first=Min("postings__entry__booked_at")):
        name, day = beancount_name(account.as_name()), _day(account.first)
        since, currencies = opened.get(name, (day, set()))
        opened[name] = min(since, day), currencies | {account.currency}
    for name, (day, currencies) in sorted(opened.items()):
        yield f"{day} open {name} {','.join(sorted(currencies))}\n"


def _entry(entry: JournalEntry) -> Iterator[str]:
    yield f'\n{_day(entry.booked_at)} * "{_text(entry.kind)}" "{_text(entry.external_id)}"\n'
    yield f"  entry: {entry.pk}\n"
    yield f'  reference: "{_text(entry.reference)}"\n'
    yield f'  occurred_at: "{entry.occurred_at.astimezone(UTC).isoformat()}"\n'
    for posting in entry.postings.all():
        yield f"  {beancount_name(posting.account.as_name())}  {_amount(posting.amount_minor, posting.currency)}\n"


def _balances(until: date | None, last: date | None) -> Iterator[str]:
    """Yield our trial balance as assertions, dated the day after: beancount checks them at the beginning of a day."""
    if last is None:
        return
    yield "\n"
    for row in trial_balance.trial_balance(before=_end_of(until) if until else None):
        name = beancount_name(AccountName(AccountKind(row.kind), row.name.partition(":")[2]))
        yield f"{(until or last) + timedelta(days=1)} balance {name}  {_amount(row.balance_minor, row.currency)}\n"


def _amount(minor: int, currency: str) -> str:
    return f"{Money(minor, currency).decimal:f} {currency}"


def _text(value: str) -> str:
    return value.replace("\\", "\\\\").replace('"', '\\"')


def _day(moment: datetime) -> date:
    return moment.astimezone(UTC).date()


def _row(values: Iterable[object]) -> str:
    buffer = io.StringIO()
    csv.writer(buffer).writerow(values)
    return buffer.getvalue()
