"""What is in the protection fund and what it has paid."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Sum
from django.db.models.functions import TruncMonth

from common.money import Money
from royalties.chart import AccountKind
from royalties.models import AccountBalance, EntryKind, Posting

# Fewer would say who was paid.
PUBLIC_FROM = 5


@dataclass(frozen=True, slots=True)
class MonthPaid:
    """What the fund paid in a month."""

    month: date
    payments: int
    amount: Money


def balances() -> list[Money]:
    """Return what is in the fund, by currency."""
    rows = AccountBalance.objects.filter(account__kind=AccountKind.PROTECTION_FUND.value, balance_minor__lt=0)
    return [
        Money(-minor, currency)
        for currency, minor in rows.order_by("account__currency").values_list("account__currency", "balance_minor")
    ]


def public_months() -> list[MonthPaid]:
    """Return what the fund paid by month and currency, newest first, of those with five payments or more."""
    paid = Posting.objects.filter(
        entry__kind=EntryKind.DISPUTE_COVERED, account__kind=AccountKind.PROTECTION_FUND.value, amount_minor__gt=0
    )
    rows = (
        paid.annotate(month=TruncMonth("entry__booked_at"))
        .order_by("-month", "currency")
        .values("month", "currency")
        .annotate(payments=Count("entry", distinct=True), total=Sum("amount_minor"))
        .filter(payments__gte=PUBLIC_FROM)
    )
    return [MonthPaid(row["month"].date(), row["payments"], Money(row["total"], row["currency"])) for row in rows]
