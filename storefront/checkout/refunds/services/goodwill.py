"""The lock under which goodwill is counted, and the notice when the day's goodwill is used up."""

from __future__ import annotations

from datetime import datetime, timedelta

from common import jobs
from storefront.checkout import goodwill_limits
from storefront.checkout.models import GoodwillDay, Order
from storefront.checkout.orders.services import buyer_traces
from storefront.checkout.orders.services.buyer_traces import Origin


def start_return(*, order: Order, origin: Origin | None, at: datetime) -> None:
    """Start a goodwill return: record where the request comes from, and lock out other counts until the commit.

    Without the lock, simultaneous returns of several orders would not see each other. Yesterday's row is locked too:
    someone may have started before midnight.
    """
    buyer_traces.record_origin(order=order, origin=origin, at=at)
    buyer_traces.keep(order=order, at=at)
    GoodwillDay.objects.get_or_create(day=at.date())
    days = GoodwillDay.objects.filter(day__gte=at.date() - timedelta(days=1))
    list(days.select_for_update().order_by("day"))


def note_waiting(*, order: Order, amount_minor: int, at: datetime) -> None:
    """Tell finance, once a day, if a return has to wait because the day's goodwill is used up. A return that exceeds
    any day's limit does not count."""
    if not goodwill_limits.left_today(order, at) < amount_minor <= goodwill_limits.daily_limit_minor(order.currency):
        return
    first = GoodwillDay.objects.filter(day=at.date(), exhausted_at=None)
    if first.update(exhausted_at=at):
        jobs.enqueue("checkout.mail_goodwill", day_id=GoodwillDay.objects.get(day=at.date()).pk)
