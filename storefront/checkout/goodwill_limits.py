"""How much goodwill is left.

Used books are refunded beyond what the law requires: a few times per person, and per card, browser and network, so that
nobody gets around the limit with a new email address; and up to a daily limit. Requests above it wait for finance to
decide.
"""

from __future__ import annotations

from datetime import datetime, time, timedelta

from django.conf import settings
from django.db.models import Count, Q, QuerySet, Sum

from accounts.models import Guest, User
from storefront.checkout.models import BuyerTrace, Order, Refund, RefundOrigin, RefundState

PERIOD = timedelta(days=90)


def is_left_for(order: Order, at: datetime) -> bool:
    """Return whether the buyer, and everyone with the same card, browser or network, may still return a used book."""
    recent = _returns().filter(requested_at__gt=at - PERIOD)
    if recent.filter(payment__order__buyer__in=_same_person(order.buyer)).count() >= settings.GOODWILL_REFUNDS:
        return False
    own = BuyerTrace.objects.filter(order=order).values("digest")
    shared = BuyerTrace.objects.filter(digest__in=own, order__payments__refunds__in=recent).values("digest")
    times = shared.annotate(times=Count("order__payments__refunds", distinct=True))
    return not times.filter(times__gte=settings.GOODWILL_REFUNDS).exists()


def left_today(order: Order, at: datetime) -> int:
    """Return how much more, in minor units of the order's currency, may be refunded today without a decision by
    finance."""
    begins = datetime.combine(at.date(), time.min, at.tzinfo)
    today = _returns().filter(requested_at__gte=begins, decided_by=None).exclude(state=RefundState.PROPOSED)
    same_currency = Q(currency=order.currency)
    spent = today.aggregate(times=Count("pk"), amount=Sum("amount_minor", filter=same_currency, default=0))
    if spent["times"] >= settings.GOODWILL_DAILY_REFUNDS:
        return 0
    left: int = daily_limit_minor(order.currency) - spent["amount"]
    return max(left, 0)


def daily_limit_minor(currency: str) -> int:
    """Return what is refunded in a day without a decision by finance; zero in a currency without a limit."""
    limit: int = settings.GOODWILL_DAILY_LIMITS_MINOR.get(currency, 0)
    return limit


def _returns() -> QuerySet[Refund]:
    """Return refunds of used books requested by readers. Readers who never agreed to immediate supply had a right to
    the refund, so theirs do not count."""
    asked = Refund.objects.claiming().filter(origin=RefundOrigin.READER, was_used=True)
    return asked.filter(payment__order__waiver_at__isnull=False)


def _same_person(buyer: User) -> list[int]:
    """Return the buyer (primary keys); for a guest, every guest with the same email address, claimed or not."""
    if not buyer.is_guest:
        return [buyer.pk]
    return list(Guest.objects.filter(email=buyer.mail_to).values_list("pk", flat=True))
