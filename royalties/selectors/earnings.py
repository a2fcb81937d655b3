"""What a contributor sees of their own money."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings
from django.db.models import Count, Q, QuerySet, Sum
from django.db.models.functions import TruncDate

from accounts.models import User
from publishing.models import Work
from royalties.chart import AccountKind
from royalties.models import (
    AccountBalance,
    JournalEntry,
    Payout,
    PayoutState,
    SaleShare,
    SaleState,
)

_STAGES = {
    AccountKind.CONTRIBUTOR_CLEARING.value: "clearing_minor",
    AccountKind.CONTRIBUTOR_PAYABLE.value: "payable_minor",
    AccountKind.CONTRIBUTOR_IN_TRANSIT.value: "in_transit_minor",
    AccountKind.CONTRIBUTOR_RECEIVABLE.value: "owed_minor",
}


@dataclass(slots=True)
class River:
    """One currency's way from sale to payout, as balances in the ledger; `paid_minor` is all that ever arrived."""

    currency: str
    clearing_minor: int = 0
    payable_minor: int = 0
    in_transit_minor: int = 0
    owed_minor: int = 0
    paid_minor: int = 0

    @property
    def total_minor(self) -> int:
        return self.clearing_minor + self.payable_minor + self.in_transit_minor + self.paid_minor

    @property
    def widths(self) -> list[tuple[str, int, int]]:
        """(stage, start, width) of the drawing, in thousandths of its length."""
        parts = [
            ("clearing", self.clearing_minor),
            ("payable", self.payable_minor),
            ("in-transit", self.in_transit_minor),
            ("paid", self.paid_minor),
        ]
        whole = self.total_minor or 1
        drawn, start, before = [], 0, 0
        for name, amount in parts:
            before += amount
            end = before * 1000 // whole
            drawn.append((name, start, end - start))
            start = end
        return drawn


@dataclass(frozen=True, slots=True)
class Clearing:
    """Earnings that become payable on one day."""

    day: date
    currency: str
    amount_minor: int
    sales: int


@dataclass(frozen=True, slots=True)
class Total:
    """Sums of one currency over a list of shares. Refunded ones count in `refunded_minor` only."""

    currency: str
    sales: int
    share_minor: int
    refunded_minor: int


def rivers_of(user: User) -> list[River]:
    """One river per currency in which the person ever earned, in the shop's order of currencies."""
    rivers: dict[str, River] = {}
    rows = AccountBalance.objects.filter(account__owner=user, account__kind__in=_STAGES).values_list(
        "account__currency", "account__kind", "balance_minor"
    )
    for currency, kind, balance in rows:
        setattr(rivers.setdefault(currency, River(currency)), _STAGES[kind], abs(balance))
    paid = Payout.objects.filter(user=user, state=PayoutState.PAID).order_by().values_list("currency")
    for currency, total in paid.annotate(total=Sum("amount_minor")):
        rivers.setdefault(currency, River(currency)).paid_minor = total
    known = [currency for currency in settings.CURRENCIES if currency in rivers]
    return [rivers[currency] for currency in [*known, *sorted(rivers.keys() - set(known))]]


def clearings_ahead(user: User) -> list[Clearing]:
    """What becomes payable when, by day."""
    rows = (
        SaleShare.objects.filter(user=user, sale__state=SaleState.CLEARING, amount_minor__gt=0)
        .order_by()
        .annotate(day=TruncDate("sale__clears_at"))
        .values_list("day", "sale__currency")
        .annotate(total=Sum("amount_minor"), sales=Count("pk"))
    )
    return sorted((Clearing(*row) for row in rows), key=lambda c: (c.day, c.currency))


def shares_of(
    user: User, *, state: str = "", work: str = "", currency: str = "", text: str = ""
) -> QuerySet[SaleShare]:
    """The person's shares, newest first. `work` is its public id; `text` finds a sale or order reference or a title."""
    shares = SaleShare.objects.filter(user=user).select_related("sale__work").order_by("-pk")
    if state:
        shares = shares.filter(sale__state=state)
    if work:
        shares = shares.filter(sale__work__public_id=work)
    if currency:
        shares = shares.filter(sale__currency=currency)
    if text:
        shares = shares.filter(
            Q(sale__reference=text) | Q(sale__order_reference=text) | Q(sale__work__title__icontains=text)
        )
    return shares


def totals_of(shares: QuerySet[SaleShare]) -> list[Total]:
    """Sums of the whole list, whatever page is shown, by currency."""
    refunded = Q(sale__state=SaleState.REFUNDED)
    rows = (
        shares.order_by()
        .values_list("sale__currency")
        .annotate(
            sales=Count("pk"),
            kept=Sum("amount_minor", filter=~refunded, default=0),
            refunded=Sum("amount_minor", filter=refunded, default=0),
        )
        .order_by("sale__currency")
    )
    return [Total(*row) for row in rows]


def works_earning_for(user: User) -> QuerySet[Work]:
    """Works with at least one sale that the person has a share in."""
    return Work.objects.filter(pk__in=SaleShare.objects.filter(user=user).values("sale__work")).order_by("title")


def share_of(user: User, reference: str) -> SaleShare | None:
    """The person's share of one sale, None when they have none."""
    return SaleShare.objects.filter(user=user, sale__reference=reference).select_related("sale__work").first()


def entry_for(user: User, entry_id: int) -> JournalEntry | None:
    """A journal entry that touches one of the person's accounts."""
    entries = JournalEntry.objects.filter(pk=entry_id, postings__account__owner=user).distinct()
    return entries.prefetch_related("postings__account").first()


def payouts_of(user: User, since: datetime | None = None) -> Sequence[Payout]:
    """The person's payouts, newest first."""
    payouts = Payout.objects.filter(user=user).select_related("account").order_by("-pk")
    return list(payouts.filter(proposed_at__gte=since) if since else payouts)
