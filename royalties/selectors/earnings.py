"""What contributors see of their own money."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, F, Q, QuerySet, Sum
from django.db.models.functions import TruncDate

from accounts.models import User
from common.periods import Month
from publishing.models import Work
from royalties.models import JournalEntry, Payout, SaleShare, SaleState


@dataclass(frozen=True, slots=True)
class Clearing:
    """Earnings that become payable on one day."""

    day: date
    currency: str
    amount_minor: int
    sales: int


@dataclass(frozen=True, slots=True)
class Total:
    """Sums of one currency over a list of shares: what is left, and what was returned in part or in full."""

    currency: str
    sales: int
    share_minor: int
    refunded_minor: int


def clearings_ahead(user: User) -> list[Clearing]:
    """Return what becomes payable when, by day."""
    rows = (
        SaleShare.objects.filter(user=user, sale__state=SaleState.CLEARING, amount_minor__gt=F("returned_minor"))
        .order_by()
        .annotate(day=TruncDate("sale__clears_at"))
        .values_list("day", "sale__currency")
        .annotate(total=Sum(F("amount_minor") - F("returned_minor")), sales=Count("pk"))
    )
    return sorted((Clearing(*row) for row in rows), key=lambda c: (c.day, c.currency))


def shares_of(
    user: User,
    *,
    state: str = "",
    work: str = "",
    currency: str = "",
    country: str = "",
    since: str = "",
    until: str = "",
    text: str = "",
) -> QuerySet[SaleShare]:
    """Return the person's shares, newest first.

    `work` is its public id; `since` and `until` are months, both inclusive; `text` finds a sale or order reference or a
    title.
    """
    shares = SaleShare.objects.filter(user=user).select_related("sale__work").order_by("-pk")
    exact = {
        "sale__state": state,
        "sale__work__public_id": work,
        "sale__currency": currency,
        "sale__tax_country": country,
    }
    shares = shares.filter(**{name: value for name, value in exact.items() if value})
    if since:
        shares = shares.filter(sale__sold_at__gte=Month.parse(since).start)
    if until:
        shares = shares.filter(sale__sold_at__lt=Month.parse(until).end)
    if text:
        shares = shares.filter(
            Q(sale__reference=text) | Q(sale__order_reference=text) | Q(sale__work__title__icontains=text)
        )
    return shares


def totals_of(shares: QuerySet[SaleShare]) -> list[Total]:
    """Return the sums of the whole list by currency, whatever page is shown."""
    rows = (
        shares.order_by()
        .values_list("sale__currency")
        .annotate(
            sales=Count("pk"),
            kept=Sum(F("amount_minor") - F("returned_minor"), default=0),
            refunded=Sum("returned_minor", default=0),
        )
        .order_by("sale__currency")
    )
    return [Total(*row) for row in rows]


def works_earning_for(user: User) -> QuerySet[Work]:
    """Return works with at least one sale that the person has a share in."""
    return Work.objects.filter(pk__in=SaleShare.objects.filter(user=user).values("sale__work")).order_by("title")


def works_priced_by(user: User) -> list[Work]:
    """Return works whose price the person decides."""
    return list(Work.objects.filter(owner=user).order_by("title", "pk"))


def share_of(user: User, reference: str) -> SaleShare | None:
    """Return the person's share of one sale; None when they have none."""
    return SaleShare.objects.filter(user=user, sale__reference=reference).select_related("sale__work").first()


def entry_for(user: User, entry_id: int) -> JournalEntry | None:
    """Return a journal entry if it touches one of the person's accounts, else None."""
    entries = JournalEntry.objects.filter(pk=entry_id, postings__account__owner=user).distinct()
    return entries.prefetch_related("postings__account").first()


def payouts_of(user: User, since: datetime | None = None) -> Sequence[Payout]:
    """Return the person's payouts, newest first."""
    payouts = Payout.objects.filter(user=user).select_related("account").order_by("-pk")
    return list(payouts.filter(proposed_at__gte=since) if since else payouts)
