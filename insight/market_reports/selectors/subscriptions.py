"""Who may read which report, and what a subscription costs them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from accounts import permissions as account_permissions
from accounts.models import User
from common.money import Money
from insight.market_reports.models import MarketReport, ReportPrice, ReportSubscription
from royalties import permissions as royalty_permissions
from royalties.selectors.payout_flow import balance_of


@dataclass(frozen=True, slots=True)
class Offer:
    """The price in one currency, and what is payable to the person in it."""

    price: Money
    payable: Money

    @property
    def is_covered(self) -> bool:
        return self.payable.amount_minor >= self.price.amount_minor


@dataclass(frozen=True, slots=True)
class ListedReport:
    report: MarketReport
    is_open: bool
    is_sample: bool


def current_subscription(user: User, at: datetime) -> ReportSubscription | None:
    """Return the subscription that is paid at the moment, whether it goes on or not."""
    return ReportSubscription.objects.filter(user=user, ended_at=None, paid_until__gt=at).first()


def listed_reports(user: User, at: datetime) -> Sequence[ListedReport]:
    """Return all reports, newest first, with whether the person may read them.

    Everybody reads the one before the newest, or the only one there is. Operators read all.
    """
    reports = list(MarketReport.objects.all())
    sample = reports[1] if len(reports) > 1 else reports[0] if reports else None
    reads_all = account_permissions.is_operator(user) or current_subscription(user, at) is not None
    return [ListedReport(report, reads_all or report == sample, report == sample) for report in reports]


def offers_to(user: User, at: datetime) -> Sequence[Offer]:
    """Return what a month costs in each currency; nothing for people without earnings."""
    if not royalty_permissions.may_have_earnings(user):
        return []
    prices = ReportPrice.objects.in_force(at=at)
    return [
        Offer(Money(price, code), Money(balance_of(user, "payable", code), code))
        for code, price in sorted(prices.items())
        if price
    ]
