"""Coupons: which exist, whether a person can use one, and its discount on each price."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import OuterRef, Q, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from accounts.models import User
from common.chips import Chip
from common.errors import DomainError, NotFound
from common.money import Money, allocate, apply_bps
from common.templatetags.money import money, percent
from publishing.models import Work
from publishing.selectors import pen_names
from storefront.catalogue.selectors.prices import CodePeriod
from storefront.checkout.errors import (
    CouponExpired,
    CouponNeedsAccount,
    CouponNotForThese,
    CouponNotForTogether,
    CouponNotIn,
    CouponNotStarted,
    CouponUsedByYou,
    CouponUsedUp,
)
from storefront.checkout.models import Coupon, CouponRedemption, Funding, OrderLine, RedemptionState


@dataclass(frozen=True, slots=True)
class CouponablePrice:
    """One price that a coupon may reduce. `is_fixed` excludes it: part of a bundle is already reduced."""

    work_id: int
    price: Money
    is_fixed: bool = False


@dataclass(frozen=True, slots=True)
class CouponRow:
    """A coupon in a list, with words for what it takes off, for which works, and its state."""

    coupon: Coupon
    discount: str
    scope: str
    state: Chip
    costs: Sequence[Money] = ()


def coupon_rows(
    coupons: Iterable[Coupon],
    *,
    at: datetime,
    costs: Mapping[int, Sequence[Money]] | None = None,
    has_pen_names: bool = False,
) -> list[CouponRow]:
    """Return the coupons as their list shows them. `has_pen_names`: their author also has books under pen names."""
    return [
        CouponRow(
            coupon,
            discount=_discount(coupon),
            scope=_scope(coupon, has_pen_names=has_pen_names),
            state=_state(coupon, at),
            costs=(costs or {}).get(coupon.pk, ()),
        )
        for coupon in coupons
    ]


def _discount(coupon: Coupon) -> str:
    if coupon.percent_bps is not None:
        return percent(coupon.percent_bps)
    return " · ".join(money(amount, currency) for currency, amount in coupon.amounts.items())


def _scope(coupon: Coupon, *, has_pen_names: bool) -> str:
    if titles := [work.title for work in coupon.works.all()]:
        return ", ".join(titles)
    if coupon.pen_name:
        return _("all books by %(name)s") % {"name": coupon.pen_name}
    if coupon.owner_id is None:
        return _("all books")
    return _("all books under names that link to your page") if has_pen_names else _("all your books")


def _state(coupon: Coupon, at: datetime) -> Chip:
    if coupon.is_over_at(at):
        return Chip(_("ended"))
    if coupon.is_exhausted:
        return Chip(_("used up"))
    return Chip(_("scheduled"), "progress") if coupon.begins_at > at else Chip(_("active"), "success")


def coupon_by_code(code: str) -> Coupon | None:
    """Return the coupon, whatever its state; spaces and case are ignored."""
    return Coupon.objects.filter(code=normal_code(code)).first()


def normal_code(code: str) -> str:
    """Return the code as stored: upper case, without spaces."""
    return "".join(code.split()).upper()


def coupons_of(user: User) -> QuerySet[Coupon]:
    """Return the coupons an author created for their works."""
    return Coupon.objects.filter(owner=user, funded_by=Funding.AUTHOR).prefetch_related("works")


def platform_coupons() -> QuerySet[Coupon]:
    """Return the coupons that the platform pays for."""
    return Coupon.objects.filter(funded_by=Funding.PLATFORM).select_related("created_by").prefetch_related("works")


def names_of(user: User) -> list[str]:
    """Return the names that the person's books are sold under, as coupons distinguish them: "" for names that link
    to their page, and each pen name that does not."""
    names = {name.casefold(): name for name in _names(Work.objects.filter(owner=user)).values()}
    return [names[key] for key in sorted(names)]


def _names(works: QuerySet[Work]) -> dict[int, str]:
    """Return, by work, the pen name that its owner does not show on their page, or ""."""
    signed = Subquery(pen_names(OuterRef("owner"), OuterRef("pk")).values("name")[:1])
    return dict(works.order_by().values_list("pk", Coalesce(signed, Value(""))))


def coupon_of(coupons: QuerySet[Coupon], coupon_id: str) -> Coupon:
    """Return one of the coupons. Raises NotFound."""
    coupon = coupons.filter(public_id=coupon_id).first()
    if coupon is None:
        raise NotFound
    return coupon


def costs_of(coupons: Sequence[Coupon]) -> dict[int, list[Money]]:
    """Return what the platform has added for each coupon in paid orders, by currency."""
    lines = OrderLine.objects.filter(
        order__redemption__coupon__in=coupons, order__redemption__state=RedemptionState.CONSUMED
    )
    sums = lines.values_list("order__redemption__coupon", "order__currency").annotate(sum=Sum("promotion_minor"))
    costs: dict[int, list[Money]] = {}
    for coupon, currency, amount in sums.order_by("order__currency"):
        costs.setdefault(coupon, []).append(Money(amount, currency))
    return costs


def problem_of(coupon: Coupon, *, user: User | None, at: datetime) -> DomainError | None:
    """Return why the person cannot use the coupon now, or None. A use reserved by their own open order does not
    count against them."""
    if coupon.begins_at > at:
        return CouponNotStarted(code=coupon.code, begins_at=coupon.begins_at)
    if not coupon.is_running_at(at):
        return CouponExpired(code=coupon.code)
    uses = _uses_of(coupon, user) if user is not None else []
    if coupon.is_exhausted and RedemptionState.RESERVED not in uses:
        return CouponUsedUp(code=coupon.code)
    return _problem_of_person(coupon, user, uses)


def _problem_of_person(coupon: Coupon, user: User | None, uses: list[str]) -> DomainError | None:
    if coupon.uses_per_person is None:
        return None
    if user is None or user.is_guest:  # they can be a different person each time, so their uses cannot be counted
        return CouponNeedsAccount(code=coupon.code)
    if uses.count(RedemptionState.CONSUMED) >= coupon.uses_per_person:
        return CouponUsedByYou(code=coupon.code)
    return None


def reductions(coupon: Coupon, prices: Sequence[CouponablePrice]) -> list[int]:
    """Return the coupon's discount on each price, in minor units and in their order; never more than the price.

    A percentage is rounded line by line; a fixed amount is allocated by price over the works the coupon applies to.
    """
    works = _works(coupon, [each.work_id for each in prices])
    eligible = [each.price.amount_minor if _is_good_for(works, each) else 0 for each in prices]
    if coupon.percent_bps is not None:
        return [apply_bps(amount, coupon.percent_bps) for amount in eligible]
    currency = prices[0].price.currency if prices else ""
    whole = min(coupon.amounts.get(currency, 0), sum(eligible))
    return allocate(whole, eligible)


def codes_for_everybody(work: int, currency: str, *, since: datetime, until: datetime) -> list[CodePeriod]:
    """Return when, between two moments, anybody could buy the work (a primary key) for less by a code.

    A code that can be used a limited number of times is a personal one.
    """
    running = Coupon.objects.filter(uses_limit=None, begins_at__lt=until).filter(
        Q(ends_at=None) | Q(ends_at__gt=since), Q(stopped_at=None) | Q(stopped_at__gt=since)
    )
    owner = Work.objects.filter(pk=work).values("owner")[:1]
    named = running.filter(Q(works=work) | Q(works=None, owner=None) | Q(works=None, owner=Subquery(owner)))
    return [
        CodePeriod(
            one.begins_at,
            min(end for end in (one.ends_at, one.stopped_at, until) if end is not None),
            one.percent_bps,
            one.amounts.get(currency, 0),
        )
        for one in named.prefetch_related("works").distinct()
        if _is_good_for(_works(one, [work]), CouponablePrice(work, Money(0, currency)))
    ]


def why_nothing(
    coupon: Coupon, prices: Sequence[CouponablePrice], *, together: Sequence[Work], currency: str
) -> CouponNotForThese:
    """Return why the coupon does not reduce these prices in the currency. `together` are the works sold in bundles
    and series."""
    works = _works(coupon, [*(price.work_id for price in prices), *(work.pk for work in together)])
    is_in_others = coupon.percent_bps is None and currency not in coupon.amounts
    if is_in_others and any(_is_good_for(works, price) for price in prices):
        return CouponNotIn(code=coupon.code, currency=currency, currencies=", ".join(sorted(coupon.amounts)))
    alone = [CouponablePrice(work.pk, Money(0, currency)) for work in together]
    if any(_is_good_for(works, price) for price in alone):
        return CouponNotForTogether(code=coupon.code)
    return CouponNotForThese(code=coupon.code)


def works_of(coupon: Coupon) -> QuerySet[Work]:
    """Return the works that the coupon names, or all of its author under its name; none for a code of the platform
    that is good for every book."""
    chosen = [work.pk for work in coupon.works.all()]
    if chosen or coupon.owner_id is None:
        return Work.objects.filter(pk__in=chosen)
    names = _names(Work.objects.filter(owner=coupon.owner_id))
    return Work.objects.filter(
        pk__in=[work for work, name in names.items() if name.casefold() == coupon.pen_name.casefold()]
    )


def _works(coupon: Coupon, asked: Sequence[int]) -> set[int] | None:
    """Return which of the works (primary keys) the coupon applies to; None for all of them."""
    chosen = {work.pk for work in coupon.works.all()}
    if chosen:
        return chosen
    if coupon.owner_id is None:
        return None
    names = _names(Work.objects.filter(pk__in=asked, owner=coupon.owner_id))
    return {work for work, name in names.items() if name.casefold() == coupon.pen_name.casefold()}


def _is_good_for(works: set[int] | None, price: CouponablePrice) -> bool:
    return not price.is_fixed and (works is None or price.work_id in works)


def _uses_of(coupon: Coupon, user: User) -> list[str]:
    """Return the states of the person's uses that count."""
    uses = CouponRedemption.objects.filter(coupon=coupon, user=user).exclude(state=RedemptionState.RELEASED)
    return list(uses.values_list("state", flat=True))
