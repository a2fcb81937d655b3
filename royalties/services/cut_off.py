"""Accounting cut-off: the month in which an event counts that we learn of late.

It counts when it happened, as long as that month is open. But what it takes from an account may only have come there
later: a sale that cleared meanwhile, money held since. Then it counts in the first month from which on the accounts can
bear it at every month's end, so that no statement and no closed month shows one on its wrong side.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db.models import Sum

from common import clock
from common.periods import Month
from royalties import chart
from royalties.chart import AccountKind, AccountName
from royalties.entries import Draft
from royalties.models import ClosedPeriod, EntryKind, Posting

# Dated by our own schedule from the sale they follow, so that what they take was there by then.
_BY_SCHEDULE = frozenset(
    {
        EntryKind.CLEARING,
        EntryKind.RESERVE_KEPT,
        EntryKind.RESERVE_RELEASED,
        EntryKind.CLAIM_KEPT,
        EntryKind.WITHHELD,
    }
)
_ONE_SIDED = chart.GUARDED_KINDS | {AccountKind.DISPUTE_IN_PROGRESS}

type Account = tuple[AccountName, str]


def late(drafts: Iterable[Draft]) -> list[Draft]:
    """Return the drafts that happened before this month and take from an account that has a normal side."""
    month = Month.of(clock.database_now())
    return [
        draft
        for draft in drafts
        if draft.kind not in _BY_SCHEDULE and Month.of(draft.occurred_at) < month and _takes(draft)
    ]


def counts_from(drafts: Sequence[Draft]) -> dict[str, datetime]:
    """Return the earliest moment from which late drafts count, by external id, if later than when they happened.

    Call with the balance rows of their accounts locked.
    """
    found, this_month, opens_with = {}, Month.of(clock.database_now()), _first_open()
    taken: dict[Account, int] = {}
    for draft in drafts:
        for account, amount in _takes(draft).items():
            taken[account] = taken.get(account, 0) + amount
        first = max(Month.of(draft.occurred_at), opens_with)
        month = _first_that_bears(_takes(draft), taken, first, this_month)
        if month > Month.of(draft.occurred_at):
            found[draft.external_id] = month.start
    return found


def _first_that_bears(takes: Iterable[Account], taken: dict[Account, int], first: Month, last: Month) -> Month:
    """Return the earliest month, from `first` on, from which the accounts have enough at every month's end before
    `last`.
    """
    month = last
    while month > first and _bear(takes, taken, month.previous):
        month = month.previous
    return month


def _bear(takes: Iterable[Account], taken: dict[Account, int], month: Month) -> bool:
    standing = dict.fromkeys(takes, 0)
    sums = (
        Posting.objects.filter(
            account__name__in={str(name) for name, _ in standing},
            account__currency__in={currency for _, currency in standing},
            entry__booked_at__lt=month.end,
        )
        .order_by()
        .values_list("account__name", "currency")
        .annotate(total=Sum("amount_minor"))
    )
    by_text = {(str(name), currency): (name, currency) for name, currency in standing}
    for name, currency, total in sums:
        if (name, currency) in by_text:
            account = by_text[name, currency]
            standing[account] = int(total) * chart.side_of(account[0].kind)
    return all(amount >= taken[account] for account, amount in standing.items())


def _takes(draft: Draft) -> dict[Account, int]:
    """Return what the entry takes from accounts that have a normal side."""
    return {
        (line.account, line.currency): -line.amount_minor * chart.side_of(line.account.kind)
        for line in draft.lines
        if line.account.kind in _ONE_SIDED and line.amount_minor * chart.side_of(line.account.kind) < 0
    }


def _first_open() -> Month:
    last = ClosedPeriod.objects.order_by("-period").values_list("period", flat=True).first()
    return Month.parse(last).next if last else Month(1, 1)
