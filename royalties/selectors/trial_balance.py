"""The sums of all accounts at a moment, and their hash."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from django.db.models import Sum
from django.db.models.functions import TruncMonth

from common.periods import Month
from royalties.models import ClosedPeriod, ClosedTally, Posting


@dataclass(frozen=True, slots=True)
class AccountSum:
    """One account's balance, debit positive."""

    name: str
    kind: str
    currency: str
    balance_minor: int

    @property
    def debit_minor(self) -> int:
        return max(self.balance_minor, 0)

    @property
    def credit_minor(self) -> int:
        return max(-self.balance_minor, 0)


def trial_balance(*, before: datetime | None = None, currency: str | None = None) -> list[AccountSum]:
    """Return every account ever posted to, by currency and name; only entries booked before the moment count."""
    postings = Posting.objects.all()
    if before is not None:
        postings = postings.filter(entry__booked_at__lt=before)
    if currency is not None:
        postings = postings.filter(currency=currency)
    rows = (
        postings.values("account__name", "account__kind", "currency")
        .annotate(balance=Sum("amount_minor"))
        .order_by("currency", "account__name")
    )
    return [AccountSum(r["account__name"], r["account__kind"], r["currency"], int(r["balance"])) for r in rows]


def trial_balance_hash(*, before: datetime) -> str:
    """Return the hash that a closed month stores: SHA-256 over "currency name balance" lines, in order."""
    return _hash((s.currency, s.name, s.balance_minor) for s in trial_balance(before=before))


def hashes_of_closed() -> dict[str, str]:
    """Return this hash for each closed month, counted from all postings in one pass."""
    rows = (
        Posting.objects.order_by()
        .values_list("account__currency", "account__name", TruncMonth("entry__booked_at", tzinfo=UTC))
        .annotate(Sum("amount_minor"))
    )
    months: dict[str, list[tuple[str, str, int]]] = {}
    for currency, name, month, amount in rows:
        months.setdefault(str(Month.of(month)), []).append((currency, name, int(amount)))
    balances: Counter[tuple[str, str]] = Counter()
    found, waiting = {}, sorted(months, reverse=True)
    for period in ClosedPeriod.objects.order_by("period").values_list("period", flat=True):
        while waiting and waiting[-1] <= period:
            for currency, name, amount in months[waiting.pop()]:
                balances[currency, name] += amount
        found[period] = _hash((currency, name, balance) for (currency, name), balance in balances.items())
    return found


def hash_of_last_closed() -> dict[str, str]:
    """Return this hash for the last closed month, from the tallies: it reads accounts but no postings."""
    last = ClosedPeriod.objects.order_by("-period").values_list("period", flat=True).first()
    return {last: closed_hash()} if last else {}


def closed_hash() -> str:
    """Return the hash of the totals in the tallies of closed months."""
    rows = ClosedTally.objects.order_by().values_list("account__currency", "account__name")
    return _hash((currency, name, int(balance)) for currency, name, balance in rows.annotate(Sum("amount_minor")))


def _hash(balances: Iterable[tuple[str, str, int]]) -> str:
    text = "".join(f"{currency} {name} {balance}\n" for currency, name, balance in sorted(balances))
    return hashlib.sha256(text.encode()).hexdigest()
