"""Yes/no questions about reading, buying and refunding."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from enum import Enum

from django.db.models import Exists, OuterRef, Q

from accounts import permissions as account_permissions
from accounts.models import User
from accounts.permissions import Visitor
from publishing.models import Contributor, Work
from publishing.permissions import is_maker
from royalties.entries import Deferral
from storefront.checkout import given_copies, goodwill_limits
from storefront.checkout.models import (
    CLAIMING_STATES,
    AccessKind,
    AccessRecord,
    Coupon,
    Dispute,
    DisputeQuerySet,
    Entitlement,
    Order,
    OrderLine,
    OrderState,
    PaymentState,
    Refund,
)

_READ_BPS = 1000


def may_read(user: Visitor, work: Work) -> bool:
    """Return whether the person may read the whole work in the browser now: a buyer while entitled, a maker, or
    someone whose advance copy lasts."""
    if not isinstance(user, User) or not user.is_active:
        return False
    return _owns_or_made(user, work) or given_copies.copy_of(user, work) is not None


def may_download(user: Visitor, work: Work) -> bool:
    """Return whether the person may download the files of the whole work now: whoever may read it, except readers of
    an advance copy that is for the browser only."""
    if not isinstance(user, User) or not user.is_active:
        return False
    if _owns_or_made(user, work):
        return True
    copy = given_copies.copy_of(user, work)
    return copy is not None and copy.may_download


def _owns_or_made(user: User, work: Work) -> bool:
    return Entitlement.objects.readable().filter(user=user, work=work).exists() or is_maker(user, work)


def works_bought_or_made(user: User, work_ids: Iterable[int]) -> set[int]:
    """Return which of the works the person has for good, so that there is nothing to buy; one query."""
    entitled = Entitlement.objects.filter(user=user, work=OuterRef("pk"), ended_at=None)
    made = Contributor.objects.filter(user=user, work=OuterRef("pk"))
    works = Work.objects.filter(Q(owner=user) | Exists(entitled) | Exists(made), pk__in=list(work_ids))
    return set(works.values_list("pk", flat=True))


def readable_works(user: User, work_ids: Iterable[int]) -> set[int]:
    """Return which of the works the person may read, as `may_read` decides; one query, and one for those that they
    neither bought nor made."""
    asked = set(work_ids)
    found = works_bought_or_made(user, asked)
    return found | set(given_copies.lasting(user, asked - found))


def preordered_works(user: User, work_ids: Iterable[int]) -> set[int]:
    """Return which of the works the person has pre-ordered and waits for; one query."""
    waiting = OrderLine.objects.filter(
        order__buyer=user,
        order__state=OrderState.PAID,
        preorder__released_at=None,
        preorder__canceled_at=None,
        preorder__isnull=False,
        edition__work__in=list(work_ids),
    )
    return set(waiting.values_list("edition__work_id", flat=True))


def may_fund_coupons(user: Visitor) -> bool:
    """Return whether the person may create coupons that the platform pays for."""
    return account_permissions.is_finance(user)


def may_stop_coupon(user: Visitor, coupon: Coupon) -> bool:
    """Return whether the person may deactivate the coupon: an author their own, finance the platform's."""
    if coupon.owner_id is None:
        return may_fund_coupons(user)
    return isinstance(user, User) and user.is_active and coupon.owner_id == user.pk


def may_see_order(user: Visitor, order: Order) -> bool:
    """Return whether the person is the order's buyer; finance has pages of its own."""
    return isinstance(user, User) and user.is_active and order.buyer_id == user.pk


def was_used(line: OrderLine) -> bool:
    """Return whether its buyer downloaded the book, or read a tenth of it or more: opening it is not reading."""
    return bool(_used([line]))


def could_return_unread(user: User, work: Work, at: datetime) -> bool:
    """Return whether the buyer could return the work now as unused. Until then, nothing may hand out the whole of it
    without a record.
    """
    entitlement = Entitlement.objects.filter(user=user, work=work, ended_at=None).select_related("line__order").first()
    line = entitlement.line if entitlement is not None else None
    return line is not None and refund_way(user, line, at) != RefundRoute.NONE and not was_used(line)


def _used(lines: Sequence[OrderLine]) -> set[int]:
    """Return which of the lines (primary keys) have used books; one query, none for no lines."""
    if not lines:
        return set()
    downloads = AccessRecord.objects.filter(entitlement__line=OuterRef("pk"), kind=AccessKind.DOWNLOAD)
    is_read = Q(entitlement__furthest_bps__gte=_READ_BPS)
    rows = OrderLine.objects.filter(Exists(downloads) | is_read, pk__in=[line.pk for line in lines])
    return set(rows.values_list("pk", flat=True))


class RefundRoute(Enum):
    """How a reader can get the money for a line back."""

    NONE = "none"
    AT_ONCE = "at_once"
    BY_DECISION = "by_decision"  # beyond goodwill: finance decides
    HELD = "held"  # the reader's bank has the money and decides

    @property
    def is_open(self) -> bool:
        """Return whether the reader may ask now."""
        return self in {RefundRoute.AT_ONCE, RefundRoute.BY_DECISION}


def refund_way(user: Visitor, line: OrderLine, at: datetime) -> RefundRoute:
    """Return how the buyer may return this line, if at all: paid for, inside the window, not refunded yet.

    Unused books are refunded at once; used ones as long as there is goodwill left
    (`storefront.checkout.goodwill_limits`); after that finance decides. What is supplied later can be returned until
    then, whenever that is, but copies to hand out only inside the window; a redeemed gift cannot. A disputed line waits
    for the bank, and what the bank took cannot be returned.
    """
    return refund_ways(user, line.order, [line], at)[line.pk]


def refund_ways(user: Visitor, order: Order, lines: Sequence[OrderLine], at: datetime) -> dict[int, RefundRoute]:
    """Return the same for several lines of one order, by primary key, in a fixed number of queries."""
    if not may_see_order(user, order) or order.state != OrderState.PAID:
        return {line.pk: RefundRoute.NONE for line in lines}
    taken = taken_by_bank(order, lines)
    returnable = [line for line in lines if line.pk not in taken and _is_returnable(order, line, at)]
    if returnable and is_held_by_bank(order):
        return {line.pk: RefundRoute.HELD if line in returnable else RefundRoute.NONE for line in lines}
    used = _used([line for line in returnable if not line.is_waiting])
    found = {line.pk: RefundRoute.AT_ONCE for line in returnable}
    if used:
        found |= _way_of_used(order, [line for line in returnable if line.pk in used], at)
    return {line.pk: found.get(line.pk, RefundRoute.NONE) for line in lines}


def is_held_by_bank(order: Order) -> bool:
    """Return whether the buyer's bank took the money for the order and has not decided yet: until then nobody can
    refund it."""
    return holding_disputes(order).exists()


def holding_disputes(order: Order) -> DisputeQuerySet:
    """Return the disputes for which the bank took the money and has not decided yet."""
    return _disputes(order).filter(is_withdrawn=True, decided_at=None)


def taken_by_bank(order: Order, lines: Sequence[OrderLine]) -> set[int]:
    """Return which of the lines (primary keys) ended because the bank gave their money to the buyer.

    Lines that were refunded have ended as well, but are not included.
    """
    ended = [line for line in lines if line.paid_minor > _claimed(line) and _has_ended(line)]
    if not ended or not _disputes(order).not_won().filter(decided_at__isnull=False).exists():
        return set()
    return {line.pk for line in ended}


def _disputes(order: Order) -> DisputeQuerySet:
    """Return the disputes about the payment that bought the order; disputes about an unneeded payment do not affect
    the books."""
    needless = Refund.objects.filter(payment__order=order, line=None).values("payment")
    of_order = Dispute.objects.filter(payment__order=order).exclude(payment__in=needless)
    return of_order.exclude(payment__state__in=[PaymentState.UNMATCHED, PaymentState.REFUNDED])


def _has_ended(line: OrderLine) -> bool:
    """Return whether nobody can read it any more, or ever will."""
    if line.is_waiting:
        later = getattr(line, "gift", None) or getattr(line, "preorder", None)
        return later is not None and later.canceled_at is not None
    entitlement = getattr(line, "entitlement", None)
    return entitlement is not None and entitlement.ended_at is not None


def _claimed(line: OrderLine) -> int:
    return sum(refund.amount_minor for refund in line.refunds.all() if refund.state in CLAIMING_STATES)


def _is_returnable(order: Order, line: OrderLine, at: datetime) -> bool:
    until = line.refundable_until or order.refundable_until
    is_over = line.deferral == Deferral.GIFT or until is None or at >= until
    if line.is_copy and (until is None or at >= until):
        return False
    if not line.paid_minor:  # nothing to refund, but what is not supplied yet can be canceled
        return line.is_waiting and not _has_ended(line)
    if is_over and not line.is_waiting:
        return False
    return _claimed(line) < line.paid_minor


def _way_of_used(order: Order, lines: Sequence[OrderLine], at: datetime) -> dict[int, RefundRoute]:
    """Return how used books can be returned. Readers who never agreed to immediate supply have a right to withdraw;
    the rest is goodwill."""
    if order.waiver_at is None:
        return dict.fromkeys((line.pk for line in lines), RefundRoute.AT_ONCE)
    left_minor = goodwill_limits.left_today(order, at) if goodwill_limits.is_left_for(order, at) else 0
    return {
        line.pk: RefundRoute.AT_ONCE if line.paid_minor - _claimed(line) <= left_minor else RefundRoute.BY_DECISION
        for line in lines
    }


def may_claim(user: Visitor) -> bool:
    """Return whether the person may add purchases made without an account to theirs: they need an account."""
    return isinstance(user, User) and user.is_active and not user.is_guest


def may_give_back_for_others(user: Visitor) -> bool:
    """Return whether the person is finance staff, or an operator as the second person."""
    return account_permissions.is_finance(user) or account_permissions.is_operator(user)


def may_give_back_alone(user: Visitor) -> bool:
    """Return whether the person may refund alone: finance staff, up to the limit. An operator's proposal always
    waits for a second person."""
    return account_permissions.is_finance(user)


def may_answer_disputes(user: Visitor) -> bool:
    """Return whether the person is finance staff; operators can only look."""
    return account_permissions.is_finance(user)
