"""The lock under which goodwill is counted, and what happens when the day's is used up."""

from __future__ import annotations

from datetime import datetime, timedelta

from common import jobs
from storefront.checkout import goodwill
from storefront.checkout.models import GoodwillDay, Order
from storefront.checkout.orders.services import traces
from storefront.checkout.orders.services.traces import Origin


def begin(*, order: Order, origin: Origin | None, at: datetime) -> None:
    """A used book is asked to be taken back: note from where, and let nobody count beside us until the commit.

    Without the lock, returns of several orders at once would each see none of the others. Yesterday's row is taken,
    too: somebody may have begun before midnight.
    """
    traces.note_origin(order=order, origin=origin, at=at)
    traces.keep(order=order, at=at)
    GoodwillDay.objects.get_or_create(day=at.date())
    days = GoodwillDay.objects.filter(day__gte=at.date() - timedelta(days=1))
    list(days.select_for_update().order_by("day"))


def note_waiting(*, order: Order, amount_minor: int, at: datetime) -> None:
    """A return waits for a person. Finance is told, once a day, when it does because the day's goodwill is used up; one
    that is too large for any day says nothing of this one."""
    if not goodwill.left_today(order, at) < amount_minor <= goodwill.daily_limit_minor(order.currency):
        return
    first = GoodwillDay.objects.filter(day=at.date(), exhausted_at=None)
    if first.update(exhausted_at=at):
        jobs.enqueue("checkout.mail_goodwill", day_id=GoodwillDay.objects.get(day=at.date()).pk)
