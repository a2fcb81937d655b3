"""Accounts that money only passes through, compared with what should be on them.

Each must return to zero. A balance is either explained by something open (an undecided dispute, a payout without an
answer), or nobody knows why it is there.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Case, Count, DateTimeField, F, Min, QuerySet, Sum, TextChoices, When
from django.utils.translation import gettext_lazy as _

from royalties import chart
from royalties.chart import AccountKind
from royalties.models import (
    AccountBalance,
    ClaimHold,
    DisputeHold,
    DisputeState,
    EntryKind,
    JournalEntry,
    MilestoneDispute,
    MilestoneDisputeHold,
    MilestoneRecord,
    MilestoneSettlement,
    Payout,
    PayoutState,
    Posting,
    Reserve,
    SaleDispute,
    SaleShare,
)


@dataclass(frozen=True, slots=True)
class Passing:
    """What should be on an account of one currency: the amount, of how many things, and since when the oldest."""

    minor: int
    things: int
    since: datetime | None


class ClearingState(TextChoices):
    IN_ORDER = "in_order", _("OK")
    OVERDUE = "overdue", _("Late")
    UNEXPLAINED = "unexplained", _("Unexplained")


@dataclass(frozen=True, slots=True)
class ClearingAccount:
    """All accounts of one kind and currency. `balance_minor` is on their normal side."""

    kind: str
    currency: str
    balance_minor: int
    passing: Passing
    usual: timedelta
    at: datetime

    @property
    def unexplained_minor(self) -> int:
        return self.balance_minor - self.passing.minor

    @property
    def is_late(self) -> bool:
        """Whether something has been there for longer than usual."""
        return self.passing.since is not None and self.passing.since < self.at - self.usual

    @property
    def state(self) -> ClearingState:
        if self.unexplained_minor:
            return ClearingState.UNEXPLAINED
        return ClearingState.OVERDUE if self.is_late else ClearingState.IN_ORDER

    @property
    def is_raised(self) -> bool:
        return self.state != ClearingState.IN_ORDER


type ByCurrency = dict[str, Passing]

_NOTHING = Passing(0, 0, None)
# A decision and an appeal, 14 days each, and the time to answer before them.
_CASES_TAKE = timedelta(days=42)
# The answer, the claimant's reply, a decision and an appeal, 14 days each, and 180 for a winner without an account.
_CLAIMS_TAKE = timedelta(days=4 * 14 + 180)
_HELD_SINCE = ("dispute__opened_at", "dispute__currency")
# The provider lets a platform keep a payment from its payee for 90 days.
HELD_TOO_LONG = timedelta(days=90)


def clearing_accounts(at: datetime) -> list[ClearingAccount]:
    """Return every account that money passes through and that has or should have a balance."""
    balances = _balances()
    found = []
    for kind, (expected, usual) in _ACCOUNTS.items():
        passing = expected()
        currencies = {currency for own, currency in balances if own == kind} | passing.keys()
        found += [
            ClearingAccount(
                kind.value, currency, balances.get((kind, currency), 0), passing.get(currency, _NOTHING), usual, at
            )
            for currency in sorted(currencies)
        ]
    return [account for account in found if account.balance_minor or account.passing.minor]


def raised(at: datetime) -> list[ClearingAccount]:
    """Return those that a person should look at."""
    return [account for account in clearing_accounts(at) if account.is_raised]


def _balances() -> dict[tuple[AccountKind, str], int]:
    guarded = [kind.value for kind in _ACCOUNTS if kind in chart.GUARDED_KINDS]
    others = [kind.value for kind in _ACCOUNTS if kind not in chart.GUARDED_KINDS]
    rows: list[Any] = list(
        AccountBalance.objects.filter(account__kind__in=guarded)
        .order_by()
        .values_list("account__kind", "account__currency")
        .annotate(total=Sum("balance_minor"))
    )
    rows += (
        Posting.objects.filter(account__kind__in=others)
        .order_by()
        .values_list("account__kind", "currency")
        .annotate(total=Sum("amount_minor"))
    )
    return {(AccountKind(kind), currency): total * chart.side_of(AccountKind(kind)) for kind, currency, total in rows}


def _sums(rows: QuerySet[Any], amount: Any, since: str, currency: str = "currency") -> ByCurrency:
    summed = rows.order_by().values_list(currency).annotate(total=Sum(amount), n=Count("pk"), oldest=Min(since))
    return {code: Passing(total, things, oldest) for code, total, things, oldest in summed}


def _in_clearing() -> ByCurrency:
    """Return the shares of sales that have not cleared, less what is held in disputes."""
    shares = SaleShare.objects.filter(sale__entry__isnull=False, sale__cleared_at=None)
    kept = _sums(
        shares.filter(amount_minor__gt=F("returned_minor")), F("amount_minor") - F("returned_minor"), "sale__clears_at"
    )
    held = _sums(
        _open_holds().filter(kind=AccountKind.CONTRIBUTOR_CLEARING.value),
        "amount_minor",
        "disputed__dispute__opened_at",
        "disputed__dispute__currency",
    )
    of_sales = {
        currency: Passing(passing.minor - held.get(currency, _NOTHING).minor, passing.things, passing.since)
        for currency, passing in kept.items()
    }
    return _together(of_sales, _released_in_clearing())


def _released_in_clearing() -> ByCurrency:
    """Return releases of milestones that are not payable yet, less what is held in disputes.

    What a case keeps there counts from the day it was opened, and may stay for as long as two decisions take.
    """
    waiting = MilestoneSettlement.objects.filter(cleared_at=None, left_minor__gt=0)
    since = Case(
        When(milestone__disputes__state=DisputeState.OPEN, then=F("milestone__disputes__opened_at") + _CASES_TAKE),
        When(held_at__isnull=False, then=F("held_at") + _CASES_TAKE),
        default=F("clears_at"),
        output_field=DateTimeField(),
    )
    kept = _sums(waiting.annotate(since=since), "left_minor", "since")
    clearing = AccountKind.CONTRIBUTOR_CLEARING.value
    held = _sums(_milestone_holds().filter(kind=clearing), "amount_minor", *_HELD_SINCE)
    return {
        currency: Passing(passing.minor - held.get(currency, _NOTHING).minor, passing.things, passing.since)
        for currency, passing in kept.items()
    }


def _together(*parts: ByCurrency) -> ByCurrency:
    """Return the sum of several, and since when the oldest of them."""
    found: ByCurrency = {}
    for currency, passing in (pair for part in parts for pair in part.items()):
        so_far = found.get(currency, _NOTHING)
        oldest = min((each for each in (so_far.since, passing.since) if each is not None), default=None)
        found[currency] = Passing(so_far.minor + passing.minor, so_far.things + passing.things, oldest)
    return found


def _milestone_holds() -> QuerySet[MilestoneDisputeHold]:
    return MilestoneDisputeHold.objects.filter(dispute__state=DisputeState.OPEN, amount_minor__gt=0)


def _open_holds() -> QuerySet[DisputeHold]:
    return DisputeHold.objects.filter(disputed__dispute__state=DisputeState.OPEN, amount_minor__gt=0)


def _held_in_disputes() -> ByCurrency:
    of_sales = _sums(_open_holds(), "amount_minor", "disputed__dispute__opened_at", "disputed__dispute__currency")
    return _together(of_sales, _sums(_milestone_holds(), "amount_minor", *_HELD_SINCE))


def _with_banks() -> ByCurrency:
    of_sales = _sums(SaleDispute.objects.filter(state=DisputeState.OPEN), "amount_minor", "opened_at")
    of_milestones = _sums(MilestoneDispute.objects.filter(state=DisputeState.OPEN), "amount_minor", "opened_at")
    return _together(of_sales, of_milestones)


def _held_for_milestones() -> ByCurrency:
    """Return what was paid for milestones and waits for a delivery or a decision."""
    held = F("funded_minor") - F("released_minor") - F("returned_minor")
    return _sums(MilestoneRecord.objects.annotate(held=held).filter(held__gt=0), "held", "paid_at")


def _in_transit() -> ByCurrency:
    return _sums(Payout.objects.filter(state=PayoutState.SENT), "amount_minor", "asked_at")


def _in_reserve() -> ByCurrency:
    return _sums(Reserve.objects.filter(released_at=None, left_minor__gt=0), "left_minor", "release_at")


def _held_for_claims() -> ByCurrency:
    return _sums(ClaimHold.objects.filter(left_minor__gt=0), "left_minor", "share__sale__cleared_at", "share__currency")


def _owed_to_readers() -> ByCurrency:
    """Return payments that bought nothing and refunds that came back, by the order or line that they are about."""
    rows = (
        Posting.objects.filter(account__kind=AccountKind.REFUND_PENDING.value)
        .order_by()
        .values_list("entry__reference", "currency")
        .annotate(total=Sum("amount_minor"), since=Min("entry__occurred_at"))
        .exclude(total=0)
    )
    found: ByCurrency = {}
    for _reference, currency, total, since in rows:
        so_far = found.get(currency, _NOTHING)
        oldest = min(so_far.since, since) if so_far.since else since
        found[currency] = Passing(so_far.minor - total, so_far.things + 1, oldest)
    return found


def _paid_in_advance() -> ByCurrency:
    """Return gifts not redeemed and pre-orders not released: payments without a later sale or reversal."""
    waiting = JournalEntry.objects.filter(kind=EntryKind.DEFERRED, deferred_sale=None, reversed_by=None)
    postings = Posting.objects.filter(account__kind=AccountKind.DEFERRED.value, entry__in=waiting.values("pk"))
    return _sums(postings, F("amount_minor") * -1, "entry__occurred_at")


# What should be on each account, and for how long a thing usually stays. Reserves and sales in clearing count from the
# moment at which they should have left; the nightly run may be a day behind.
_ACCOUNTS: dict[AccountKind, tuple[Callable[[], ByCurrency], timedelta]] = {
    AccountKind.CONTRIBUTOR_CLEARING: (_in_clearing, timedelta(days=2)),
    AccountKind.CONTRIBUTOR_RESERVE: (_in_reserve, timedelta(days=2)),
    AccountKind.CONTRIBUTOR_DISPUTED: (_held_in_disputes, timedelta(days=120)),
    AccountKind.CONTRIBUTOR_CLAIMED: (_held_for_claims, _CLAIMS_TAKE),
    AccountKind.DISPUTE_IN_PROGRESS: (_with_banks, timedelta(days=120)),
    AccountKind.CONTRIBUTOR_IN_TRANSIT: (_in_transit, timedelta(days=7)),
    AccountKind.REFUND_PENDING: (_owed_to_readers, timedelta(days=7)),
    AccountKind.DEFERRED: (_paid_in_advance, timedelta(days=366)),
    AccountKind.MILESTONE_HELD: (_held_for_milestones, HELD_TOO_LONG),
}
