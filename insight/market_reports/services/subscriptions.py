"""Subscriptions to market reports: paid a month at a time, from what is payable, never as a debt."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import regions
from accounts import services as account_services
from accounts.models import User
from common.emails import enqueue
from common.errors import NotAllowed
from common.money import Money
from common.periods import month_after
from insight.market_reports.errors import EarningsTooLow, ReportsNotSold
from insight.market_reports.models import ReportPrice, ReportSubscription
from royalties import permissions as royalty_permissions
from royalties.services import plans


@transaction.atomic
def subscribe(*, actor: User, currency: str, at: datetime) -> ReportSubscription:
    """Begin now and pay the first month, or go on with a subscription that was cancelled but is still paid.

    Raises NotAllowed, ReportsNotSold, EarningsTooLow.
    """
    if not royalty_permissions.may_have_earnings(actor):
        raise NotAllowed
    User.objects.select_for_update().get(pk=actor.pk)  # races with the same button pressed twice
    current = ReportSubscription.objects.filter(user=actor, ended_at=None).first()
    if current is not None and current.paid_until > at:
        return _go_on(current)
    if current is not None:
        _end(current, at)
    price = ReportPrice.objects.in_force(at=at).get(currency, 0)
    if not price:
        raise ReportsNotSold(currency=currency)
    subscription = ReportSubscription.objects.create(
        user=actor, currency=currency, monthly_minor=price, started_at=at, paid_until=at
    )
    if not _pay_month(subscription, at):
        raise EarningsTooLow(price=Money(price, currency))
    _note(subscription, "market_reports.subscribed", actor=subscription.user)
    return subscription


@transaction.atomic
def cancel(*, actor: User, at: datetime) -> None:
    """End the subscription with the month that is paid. Nothing happens without one."""
    current = ReportSubscription.objects.select_for_update().filter(user=actor, ended_at=None).first()
    if current is not None and current.cancelled_at is None:
        current.cancelled_at = at
        current.save(update_fields=["cancelled_at"])
        _note(current, "market_reports.cancelled", actor=actor)


def renew_due(*, at: datetime) -> int:
    """Charge the next month of every subscription whose month is over, or end it. Return how many go on."""
    due = ReportSubscription.objects.filter(ended_at=None, paid_until__lte=at).order_by("pk")
    return sum(_renew(pk, at) for pk in due.values_list("pk", flat=True))


@transaction.atomic
def _renew(subscription_id: int, at: datetime) -> bool:
    rows = ReportSubscription.objects.select_for_update(of=("self",)).select_related("user")
    subscription = rows.filter(pk=subscription_id, ended_at=None, paid_until__lte=at).first()
    if subscription is None:
        return False
    if subscription.cancelled_at is None and _pay_month(subscription, at):
        return True
    was_wanted = subscription.cancelled_at is None
    _end(subscription, at)
    if was_wanted:
        with regions.active(subscription.user.region):
            context = {"price": subscription.price}
            enqueue("market_reports_ended", _("Your market reports have ended"), subscription.user.email, context)
    return False


def _pay_month(subscription: ReportSubscription, at: datetime) -> bool:
    """Take one month's price from what is payable; False if it is not there. A month without access is not charged."""
    is_paid = plans.charge_from_payable(
        owner=subscription.user,
        amount=subscription.price,
        event=f"{subscription.public_id}:{subscription.months + 1}",
        at=at,
    )
    if is_paid:
        subscription.months += 1
        subscription.paid_until = month_after(max(subscription.paid_until, at))
        subscription.save(update_fields=["months", "paid_until"])
    return is_paid


def _go_on(subscription: ReportSubscription) -> ReportSubscription:
    if subscription.cancelled_at is not None:
        subscription.cancelled_at = None
        subscription.save(update_fields=["cancelled_at"])
        _note(subscription, "market_reports.subscribed", actor=subscription.user)
    return subscription


def _end(subscription: ReportSubscription, at: datetime) -> None:
    subscription.ended_at = at
    subscription.save(update_fields=["ended_at"])
    _note(subscription, "market_reports.ended", actor=None)  # its time was over, or the earnings too low


def _note(subscription: ReportSubscription, verb: str, *, actor: User | None) -> None:
    facts: dict[str, str | int] = {"currency": subscription.currency, "monthly": subscription.monthly_minor}
    account_services.record_audit(actor=actor, verb=verb, subject=subscription, facts=facts)
