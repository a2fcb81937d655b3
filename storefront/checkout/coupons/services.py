"""Creating coupons and claiming their uses: reserved while an order is open, consumed when it is paid, otherwise
released.

Many readers may want a coupon's last use at the same moment. A claim is one conditional UPDATE, for which the database
queues them at the coupon's row; a CHECK constraint keeps the count within the limit if that condition fails.
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

# How long a use of a limited code is reserved for someone who is paying.
_HELD_FOR = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class CouponTerms:
    """A coupon's discount and validity: `percent_bps`, or `amounts` in minor units by currency."""

    code: str
    percent_bps: int | None
    amounts: Mapping[str, int]
    begins_at: datetime
    ends_at: datetime | None
    uses_limit: int | None
    uses_per_person: int | None


@transaction.atomic
def create_author_coupon(
    *, actor: User, terms: CouponTerms, works: Iterable[Work], pen_name: str = "", at: datetime
) -> Coupon:
    """Create a coupon for some of the actor's own works, or for all of them under one name; their royalties bear the
    discount.

    Raises NotAllowed for other people's works, CouponEmpty, CouponCodeTaken.
    """
    chosen = list(works)
    if not account_permissions.is_author(actor) or any(work.owner_id != actor.pk for work in chosen):
        raise NotAllowed
    name = "" if chosen else pen_name
    if name and name not in coupon_selectors.names_of(actor):
        raise NotAllowed
    return _make(actor=actor, owner=actor, funding=Funding.AUTHOR, terms=terms, works=chosen, pen_name=name, at=at)


@transaction.atomic
def create_platform_coupon(*, actor: User, terms: CouponTerms, works: Iterable[Work], at: datetime) -> Coupon:
    """Create a coupon that the platform pays for: authors get the royalty on the full price. For finance staff.

    Raises NotAllowed, CouponEmpty, CouponCodeTaken.
    """
    if not permissions.may_fund_coupons(actor):
        raise NotAllowed
    return _make(actor=actor, owner=None, funding=Funding.PLATFORM, terms=terms, works=list(works), at=at)


@transaction.atomic
def deactivate_coupon(*, actor: User, coupon: Coupon, at: datetime) -> Coupon:
    """Deactivate the coupon; orders that hold it keep it. Safe to repeat. Raises NotAllowed."""
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

    A use of a limited code is reserved for a short time, and only one at a time per person, browser and network, so
    that nobody keeps the code from others by opening checkouts. A buyer who pays later may still get it if a use is
    left.
    """
    if coupon.uses_per_person is not None and order.buyer.is_guest:
        raise CouponNeedsAccount(code=coupon.code)  # without an account they can be a different person each time
    is_limited = coupon.uses_limit is not None
    if is_limited:
        Coupon.objects.select_for_update().get(pk=coupon.pk)
        _give_up(_held_by_the_same(coupon, order))
    _take_one(coupon)
    # The coupon's row is locked from here to the commit, so nobody else counts at the same time.
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
    """Mark the order's coupon as used, just before the order is paid. Return whether the order may have it.

    If an order was canceled or its use was released, and it is paid nevertheless, it takes another use if there is one.
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
    """Keep the use reserved until the outcome is known: the reader has finished the provider's page, and their bank
    takes time."""
    CouponRedemption.objects.filter(order=order, state=RedemptionState.RESERVED).update(held_until=None)


def release(*, orders: Iterable[int]) -> None:
    """Release what canceled orders (primary keys) had reserved. Safe to repeat."""
    _give_up(CouponRedemption.objects.filter(order__in=list(orders), state=RedemptionState.RESERVED))


@transaction.atomic
def release_lapsed(*, at: datetime) -> None:
    """Release what was reserved for too long without payment."""
    _give_up(CouponRedemption.objects.filter(held_until__lt=at, state=RedemptionState.RESERVED))


def _held_by_the_same(coupon: Coupon, order: Order) -> QuerySet[CouponRedemption]:
    """Return what the buyer, or the same browser or network, has reserved of the coupon with another open order."""
    traces = BuyerTrace.objects.filter(order=order).values("digest")
    same = BuyerTrace.objects.filter(digest__in=traces).values("order")
    held = CouponRedemption.objects.filter(coupon=coupon, state=RedemptionState.RESERVED, held_until__isnull=False)
    return held.filter(Q(user=order.buyer_id) | Q(order__in=same)).exclude(order=order)


def _give_up(held: QuerySet[CouponRedemption]) -> None:
    """Release the reservations. Coupons are locked before their redemptions, as when one is claimed. Each is checked
    again: it may have been used meanwhile, or be waiting for a bank."""
    coupons = Coupon.objects.filter(pk__in=held.values("coupon")).order_by("pk")
    list(coupons.select_for_update().values_list("pk", flat=True))
    for redemption in held.order_by("coupon", "pk"):
        if held.filter(pk=redemption.pk).update(state=RedemptionState.RELEASED):
            Coupon.objects.filter(pk=redemption.coupon_id).update(claimed=F("claimed") - 1)


def _use(redemption: CouponRedemption) -> bool:
    """Mark a reserved use as used, unless it was released. A used one stays used."""
    kept = CouponRedemption.objects.filter(pk=redemption.pk).exclude(state=RedemptionState.RELEASED)
    return bool(kept.update(state=RedemptionState.CONSUMED))


def _has_room() -> Q:
    return Q(uses_limit=None) | Q(claimed__lt=F("uses_limit"))


def _take_one(coupon: Coupon) -> None:
    """Count one more use. The database checks the condition again after it has waited for the row."""
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
