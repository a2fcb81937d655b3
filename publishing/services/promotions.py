"""Timed promotions and free days, and where the law fixes a book's price. The only writer of Promotion."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db import transaction

from accounts import services as account_services
from accounts.models import User
from common.errors import NotFound
from common.money import Money
from publishing import fixed_prices, hooks, permissions
from publishing.errors import (
    PromotionEmpty,
    PromotionEndsEarly,
    PromotionInThePast,
    PromotionNotLower,
    PromotionOfOpenPrice,
    PromotionOver,
    PromotionOverlaps,
    PromotionTooFar,
    PromotionWithoutPrice,
    TooManyPromotions,
)
from publishing.models import Announced, Promotion, PromotionKind, Work
from publishing.services import editions

_MAX_DAYS = 366  # later is a typing error
_MAX_PLANNED = 100  # rows that are not over; pages carry them along
# A form takes a while to fill in: "from now on" may be a few minutes ago when it arrives.
_GRACE = timedelta(minutes=10)
_ANNOUNCED_AT_ONCE = 200


@transaction.atomic
def plan_promotion(
    *, actor: User, work: Work, prices: Mapping[str, int], begins_at: datetime, ends_at: datetime, at: datetime
) -> list[Promotion]:
    """Lower the price to these amounts (minor units by currency; 0 is free) from one moment until another.

    A beginning in the last few minutes means now. Either all currencies get their promotion, or none. Raises
    PromotionEmpty, PromotionInThePast, PromotionEndsEarly, PromotionTooFar, PromotionWithoutPrice,
    PromotionOfOpenPrice, PromotionNotLower, PromotionOverlaps, TooManyPromotions, and the errors of registered price
    checks.
    """
    # Two promotions for the same time, from two connections, queue here; the second finds the first one's row.
    work = editions.lock_work(work)
    permissions.require_publish(actor, work)
    if not prices:
        raise PromotionEmpty
    if begins_at < at - _GRACE:
        raise PromotionInThePast
    begins_at = max(begins_at, at)
    if ends_at <= begins_at:
        raise PromotionEndsEarly
    if ends_at > at + timedelta(days=_MAX_DAYS):
        raise PromotionTooFar(days=_MAX_DAYS)
    if Promotion.objects.filter(work=work, ends_at__gt=at).count() + len(prices) > _MAX_PLANNED:
        raise TooManyPromotions(most=_MAX_PLANNED)
    for currency, minor in prices.items():
        _check(work, Money(minor, currency), begins_at, ends_at)
    made = [
        Promotion.objects.create(
            work=work,
            currency=currency,
            kind=PromotionKind.PRICE if minor else PromotionKind.FREE,
            price_minor=minor,
            begins_at=begins_at,
            ends_at=ends_at,
            created_by=actor,
            created_at=at,
        )
        for currency, minor in prices.items()
    ]
    _record(actor, "promotion.planned", work, {**prices, "from": begins_at.isoformat(), "until": ends_at.isoformat()})
    return made


@transaction.atomic
def end_promotion(*, actor: User, work: Work, promotion_id: str, at: datetime) -> None:
    """End a running promotion now, or delete one that has not begun. Raises NotFound, PromotionOver."""
    work = editions.lock_work(work)
    permissions.require_publish(actor, work)
    promotion = Promotion.objects.filter(work=work, public_id=promotion_id).first()
    if promotion is None:
        raise NotFound
    if promotion.ends_at <= at:
        raise PromotionOver
    if promotion.begins_at >= at:
        promotion.delete()
    else:
        promotion.ends_at = at
        promotion.save(update_fields=["ends_at"])
    _record(actor, "promotion.ended", work, {"promotion": promotion_id, "currency": promotion.currency})


@transaction.atomic
def set_fixed_prices(*, actor: User, work: Work, choices: Mapping[str, bool], at: datetime) -> Work:
    """State in which countries the law fixes the price of this book. Countries without such a law are ignored."""
    work = editions.lock_work(work)
    permissions.require_publish(actor, work)
    known = fixed_prices.countries(on=at.date())
    work.fixed_prices = {country: is_fixed for country, is_fixed in sorted(choices.items()) if country in known}
    work.save(update_fields=["fixed_prices"])
    _record(actor, "price.fixed_in", work, dict(work.fixed_prices))
    return work


def announce_borders(*, at: datetime) -> None:
    """Tell the shop of promotions that have begun or ended since the last time. Prices do not depend on it; what is
    stored of them does, as in the search, and the alerts of lower prices. Safe to repeat."""
    # In any order: one that fails each time holds up no other for long.
    waiting = Promotion.objects.unannounced(at).select_related("work").order_by("?")[:_ANNOUNCED_AT_ONCE]
    for known in {row.work_id: row.work for row in waiting}.values():
        with transaction.atomic():
            work = editions.lock_work(known)
            rows = Promotion.objects.unannounced(at).filter(work=work)
            rows.filter(ends_at__lte=at).update(announced=Announced.ENDED)
            rows.filter(ends_at__gt=at).update(announced=Announced.BEGUN)
            editions.announce_change(work)


def _check(work: Work, price: Money, begins_at: datetime, ends_at: datetime) -> None:
    """Refuse a promotion in one currency that the work cannot have."""
    currency = price.currency
    listed = work.prices.filter(currency=currency).first()
    if listed is None:
        raise PromotionWithoutPrice(currency=currency)
    if listed.is_open:
        raise PromotionOfOpenPrice(currency=currency)
    if not 0 <= price.amount_minor < listed.list_price_minor:
        raise PromotionNotLower(listed=Money(listed.list_price_minor, currency))
    if price.amount_minor:
        hooks.check_price(work, price)
    other = Promotion.objects.filter(work=work, currency=currency, begins_at__lt=ends_at, ends_at__gt=begins_at).first()
    if other is not None:
        raise PromotionOverlaps(currency=currency, begins_at=other.begins_at, ends_at=other.ends_at)


def _record(actor: User, verb: str, work: Work, facts: Mapping[str, str | int]) -> None:
    account_services.record_audit(actor=actor, verb=verb, subject=work, facts=dict(facts))
    editions.announce_change(work)
