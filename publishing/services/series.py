"""The discount for readers who buy all the books of a series that they do not have yet."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from accounts import services as account_services
from accounts.models import User
from common.errors import DomainError, NotFound
from common.money import BPS, Money, apply_bps
from publishing import hooks, permissions
from publishing.errors import DiscountOutOfRange, DiscountTooDeep
from publishing.models import Price, Series
from publishing.models.work import MAX_COMPLETING_BPS


@transaction.atomic
def set_completion_discount(*, actor: User, series: Series, discount_bps: int, at: datetime) -> Series:
    """Set the discount for completing the series; 0 offers none. Safe to repeat.

    Raises NotFound for other people's series, DiscountOutOfRange, DiscountTooDeep where a book would earn nothing.
    """
    series = Series.objects.select_for_update().get(pk=series.pk)
    if not permissions.may_price_series(actor, series):
        raise NotFound
    if not 0 <= discount_bps <= MAX_COMPLETING_BPS:
        raise DiscountOutOfRange(most=MAX_COMPLETING_BPS * 100 // BPS)
    if discount_bps == series.completing_bps:
        return series
    _check_prices(series, discount_bps)
    before, series.completing_bps = series.completing_bps, discount_bps
    series.save(update_fields=["completing_bps"])
    account_services.record_audit(
        actor=actor,
        verb="series.completing_changed",
        subject=series,
        facts={"from_bps": before, "to_bps": discount_bps, "at": at.isoformat()},
    )
    hooks.notify_series_priced(series)
    return series


def _check_prices(series: Series, discount_bps: int) -> None:
    """Check every discounted price on its own, as any book may be the one a reader is missing.

    Open prices keep their minimum, so they need no check.
    """
    prices = Price.objects.filter(work__series=series, is_open=False, list_price_minor__gt=0).select_related("work")
    for price in prices.order_by("work_id", "currency"):
        reduced = Money(price.list_price_minor - apply_bps(price.list_price_minor, discount_bps), price.currency)
        try:
            hooks.check_price(price.work, reduced)
        except DomainError as refusal:
            raise DiscountTooDeep(title=price.work.title, price=reduced, reason=refusal.text) from refusal
