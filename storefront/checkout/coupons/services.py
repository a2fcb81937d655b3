"""Making coupons, and claiming them: reserved while an order is open, consumed when it is paid, else released.

Many readers may want the last use of a coupon at the same moment. A claim is one conditional UPDATE, for which the
database lets them queue at the coupon's row; a CHECK keeps the count within the limit should that condition fail.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import F, Q, QuerySet

from accounts import permissions as account_permissions
from accounts import services as account_services
from accounts.models import User
from common.errors import NotAllowed
from publishing.models import Work
from storefront.checkout import permissions
from storefront.checkout.coupons import selectors as coupon_selectors
from storefront.checkout.errors import CouponCodeTaken, CouponEmpty, CouponNeedsAccount, CouponUsedByYou, CouponUsedUp
from storefront.checkout.models import BuyerTrace, Coupon, CouponRedemption, Funding, Order, RedemptionState

# How long a use is held for somebody who is paying, of a code that is good so many times.
_HELD_FOR = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class CouponTerms:
    """What a coupon takes off and when: `percent_bps`, or `amounts` in minor units by currency."""

    code: str
    percent_bps: int | None
    amounts: Mapping[str, int]
    begins_at: datetime
    ends_at: datetime | None
    uses_limit: int | None
    uses_per_person: int | None


@transaction.atomic
def make_author_coupon(
    *, actor: User, terms: CouponTerms, works: Iterable[Work], pen_name: str = "", at: datetime
) -> Coupon:
    """A coupon for some of the actor's own works, or all of them under one name; their royalties bear it.

    Raises NotAllowed for somebody else's works, CouponEmpty, CouponCodeTaken.
    """
    chosen = list(works)
    if not account_permissions.is_author(actor) or any(work.owner_id != actor.pk for work in chosen):
        raise NotAllowed
    name = "" if chosen else pen_name
    if name and name not in coupon_selectors.names_of(actor):
        raise NotAllowed
    return _make(actor=actor, owner=actor, funding=Funding.AUTHOR, terms=terms, works=chosen, pen_name=name, at=at)


@transaction.atomic
def make_platform_coupon(*, actor: User, terms: CouponTerms, works: Iterable[Work], at: datetime) -> Coupon:
    """A coupon that the platform pays for: authors get what the full price would bring. For finance staff.

    Raises NotAllowed, CouponEmpty, CouponCodeTaken.
    """
    if not permissions.may_fund_coupons(actor):
        raise NotAllowed
    return _make(actor=actor, owner=None, funding=Funding.PLATFORM, terms=terms, works=list(works), at=at)


@transaction.atomic
def stop_coupon(*, actor: User, coupon: Coupon, at: datetime) -> Coupon:
    """Let nobody use the coupon any more; orders that hold it keep it. Safe to repeat. Raises NotAllowed."""
    coupon = Coupon.objects.select_for_update().get(pk=coupon.pk)
    if not permissions.may_stop_coupon(actor, coupon):
        raise NotAllowed
    if coupon.stopped_at is None:
        coupon.stopped_at = at
        coupon.save(update_fields=["stopped_at"])
        account_services.record_audit(actor=actor, verb="coupon.stopped", subject=coupon)
    return coupon


def claim(*, coupon: Coupon, order: Order, at: datetime) -> CouponRedemption:
    """Reserve one use for the order. Call inside its transaction. Raises CouponUsedUp, CouponUsedByYou,
    CouponNeedsAccount.

    A use of a code that is good so many times is held for a short while, and one at a time by a person, a browser and a
    network, so that nobody keeps the code from others by opening checkouts. Whoever pays later may still have it if a
    use is left.
    """
    if coupon.uses_per_person is not None and order.buyer.is_guest:
        raise CouponNeedsAccount(code=coupon.code)  # whoever has no account can be anybody, anew each time
    is_limited = coupon.uses_limit is not None
    if is_limited:
        Coupon.objects.select_for_update().get(pk=coupon.pk)
        _give_up(_held_by_the_same(coupon, order))
    _take_one(coupon)
    # The coupon's row is locked from here to the commit, so nobody counts beside us.
    mine = CouponRedemption.objects.filter(coupon=coupon, user=order.buyer_id)
    if coupon.uses_per_person is not None:
        used = mine.exclude(state=RedemptionState.RELEASED).exclude(order=order).count()
        if used >= coupon.uses_per_person:
            raise CouponUsedByYou(code=coupon.code)
    redemption, _ = CouponRedemption.objects.update_or_create(
        order=order,
        defaults={
            "coupon": coupon,
            "user": order.buyer,
            "state": RedemptionState.RESERVED,
            "claimed_at": at,
            "held_until": at + _HELD_FOR if is_limited else None,
        },
    )
    return redemption


def consume(*, order: Order, at: datetime) -> bool:
    """The order is about to be paid for: its coupon is used. Whether the order may have it.

    An order that was canceled, or whose use was given up, and that is paid nevertheless takes another one if there is
    one.
    """
    redemption = CouponRedemption.objects.select_related("coupon").filter(order=order).first()
    if redemption is None:
        return True
    if _use(redemption):
        return True
    try:
        with transaction.atomic():
            redemption = claim(coupon=redemption.coupon, order=order, at=at)
    except (CouponUsedUp, CouponUsedByYou):
        return False
    return _use(redemption)


def keep(*, order: Order) -> None:
    """The reader has finished the provider's page, and their bank takes its time: the use waits for the outcome."""
    CouponRedemption.objects.filter(order=order, state=RedemptionState.RESERVED).update(held_until=None)


def release(*, orders: Iterable[int]) -> None:
    """Orders (primary keys) were canceled: what they reserved may be used by others. Safe to repeat."""
    _give_up(CouponRedemption.objects.filter(order__in=list(orders), state=RedemptionState.RESERVED))


@transaction.atomic
def release_lapsed(*, at: datetime) -> None:
    """Give up what was reserved for too long without being paid."""
    _give_up(CouponRedemption.objects.filter(held_until__lt=at, state=RedemptionState.RESERVED))


def _held_by_the_same(coupon: Coupon, order: Order) -> QuerySet[CouponRedemption]:
    """What the buyer, or somebody in the same browser or network, holds of the coupon with another open order."""
    traces = BuyerTrace.objects.filter(order=order).values("digest")
    same = BuyerTrace.objects.filter(digest__in=traces).values("order")
    held = CouponRedemption.objects.filter(coupon=coupon, state=RedemptionState.RESERVED, held_until__isnull=False)
    return held.filter(Q(user=order.buyer_id) | Q(order__in=same)).exclude(order=order)


def _give_up(held: QuerySet[CouponRedemption]) -> None:
    """Coupons are locked before their redemptions, as when one is claimed. Whether a redemption is still held is asked
    again: it may have been used meanwhile, or wait for a bank."""
    coupons = Coupon.objects.filter(pk__in=held.values("coupon")).order_by("pk")
    list(coupons.select_for_update().values_list("pk", flat=True))
    for redemption in held.order_by("coupon", "pk"):
        if held.filter(pk=redemption.pk).update(state=RedemptionState.RELEASED):
            Coupon.objects.filter(pk=redemption.coupon_id).update(claimed=F("claimed") - 1)


def _use(redemption: CouponRedemption) -> bool:
    """Turn a reserved use into a used one, unless it was given up. A used one stays used."""
    kept = CouponRedemption.objects.filter(pk=redemption.pk).exclude(state=RedemptionState.RELEASED)
    return bool(kept.update(state=RedemptionState.CONSUMED))


def _has_room() -> Q:
    return Q(uses_limit=None) | Q(claimed__lt=F("uses_limit"))


def _take_one(coupon: Coupon) -> None:
    """Count one use more. The database looks at the condition again after it has waited for the row."""
    if not Coupon.objects.filter(_has_room(), pk=coupon.pk).update(claimed=F("claimed") + 1):
        raise CouponUsedUp(code=coupon.code)


def _make(
    *,
    actor: User,
    owner: User | None,
    funding: Funding,
    terms: CouponTerms,
    works: list[Work],
    pen_name: str = "",
    at: datetime,
) -> Coupon:
    amounts = {currency: amount for currency, amount in terms.amounts.items() if amount}
    if terms.percent_bps is None and not amounts:
        raise CouponEmpty
    code = coupon_selectors.normal_code(terms.code)
    try:
        with transaction.atomic():
            coupon = Coupon.objects.create(
                code=code,
                funded_by=funding,
                owner=owner,
                pen_name=pen_name,
                percent_bps=terms.percent_bps,
                amounts={} if terms.percent_bps is not None else amounts,
                begins_at=terms.begins_at,
                ends_at=terms.ends_at,
                uses_limit=terms.uses_limit,
                uses_per_person=terms.uses_per_person,
                created_by=actor,
                created_at=at,
            )
    except IntegrityError:
        raise CouponCodeTaken(code=code) from None
    coupon.works.set(works)
    account_services.record_audit(actor=actor, verb="coupon.made", subject=coupon, facts={"funded_by": funding.value})
    return coupon
