"""Yes/no questions about reading, buying and giving back."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import Enum

from django.db.models import Exists, OuterRef, Q

from accounts import permissions as account_permissions
from accounts.models import Guest, User
from accounts.permissions import Visitor
from publishing.models import Contributor, Work
from royalties.entries import Deferral
from storefront.models import (
    CLAIMING_STATES,
    AccessKind,
    AccessRecord,
    Bundle,
    Coupon,
    Entitlement,
    Order,
    OrderLine,
    OrderState,
    ReadingPosition,
    Refund,
    RefundOrigin,
)

_READ_BPS = 1000
# Used books are taken back as goodwill this often, in this time.
_GOODWILL = 3
_GOODWILL_PERIOD = timedelta(days=90)


def is_maker(user: Visitor, work: Work) -> bool:
    """Whether the person owns the work or is one of its contributors: they read it without buying."""
    if not isinstance(user, User) or not user.is_active:
        return False
    return work.owner_id == user.pk or Contributor.objects.filter(work=work, user=user).exists()


def may_read(user: Visitor, work: Work) -> bool:
    """Whether the person may read and download the whole work now: a buyer while entitled, or a maker."""
    if not isinstance(user, User) or not user.is_active:
        return False
    if Entitlement.objects.filter(user=user, work=work, ended_at=None).exists():
        return True
    return is_maker(user, work)


def readable_works(user: User, work_ids: Iterable[int]) -> set[int]:
    """Those of the works that the person may read, as `may_read` has it; one query."""
    entitled = Entitlement.objects.filter(user=user, work=OuterRef("pk"), ended_at=None)
    credited = Contributor.objects.filter(user=user, work=OuterRef("pk"))
    works = Work.objects.filter(Q(owner=user) | Exists(entitled) | Exists(credited), pk__in=list(work_ids))
    return set(works.values_list("pk", flat=True))


def preordered_works(user: User, work_ids: Iterable[int]) -> set[int]:
    """Those of the works that the person has ordered ahead and waits for; one query."""
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
    """Whether the person may make coupons that the platform pays for."""
    return account_permissions.is_finance(user)


def may_stop_coupon(user: Visitor, coupon: Coupon) -> bool:
    """An author's coupon is its author's, the platform's are finance's."""
    if coupon.owner_id is None:
        return may_fund_coupons(user)
    return isinstance(user, User) and user.is_active and coupon.owner_id == user.pk


def may_edit_bundle(user: Visitor, bundle: Bundle) -> bool:
    """A bundle is changed by whoever put it together."""
    return isinstance(user, User) and user.is_active and bundle.owner_id == user.pk


def may_review(user: Visitor, work: Work) -> bool:
    """Whether the person may write a review: a buyer while entitled, and no maker of the work."""
    if not isinstance(user, User) or not user.is_active or is_maker(user, work):
        return False
    return Entitlement.objects.filter(user=user, work=work, ended_at=None).exists()


def may_see_order(user: Visitor, order: Order) -> bool:
    """An order is its buyer's alone; finance has pages of its own."""
    return isinstance(user, User) and user.is_active and order.buyer_id == user.pk


def was_used(line: OrderLine) -> bool:
    """Whether its buyer downloaded the book, or read a tenth of it or more: a glance is not reading."""
    if AccessRecord.objects.filter(entitlement__line=line, kind=AccessKind.DOWNLOAD).exists():
        return True
    return ReadingPosition.objects.filter(
        user=line.order.buyer_id, work=line.edition.work_id, fraction_bps__gte=_READ_BPS
    ).exists()


class RefundWay(Enum):
    """How a reader gets the money for a line back."""

    NONE = "none"
    AT_ONCE = "at_once"
    BY_DECISION = "by_decision"  # beyond goodwill: a person looks


def refund_way(user: Visitor, line: OrderLine, at: datetime) -> RefundWay:
    """Whether the buyer may give this line back: paid for, inside the window, not claimed back yet.

    At once while the book is unused; a used one three times in 90 days; after that a person decides. What is supplied
    later can be given back until then, whenever that is; a gift that was redeemed cannot.
    """
    order = line.order
    if not may_see_order(user, order) or order.state != OrderState.PAID or not line.paid_minor:
        return RefundWay.NONE
    until = line.refundable_until or order.refundable_until
    is_over = line.deferral == Deferral.GIFT or until is None or at >= until
    if is_over and not line.is_waiting:
        return RefundWay.NONE
    claimed = sum(refund.amount_minor for refund in line.refunds.all() if refund.state in CLAIMING_STATES)
    if claimed >= line.paid_minor:
        return RefundWay.NONE
    if line.is_waiting or not was_used(line):
        return RefundWay.AT_ONCE
    goodwill = Refund.objects.claiming().filter(
        origin=RefundOrigin.READER,
        payment__order__buyer__in=_same_person(order.buyer),
        was_used=True,
        requested_at__gt=at - _GOODWILL_PERIOD,
    )
    return RefundWay.AT_ONCE if goodwill.count() < _GOODWILL else RefundWay.BY_DECISION


def _same_person(buyer: User) -> list[int]:
    """The buyer (primary keys); of a guest every guest with the same address, claimed or not."""
    if not buyer.is_guest:
        return [buyer.pk]
    return list(Guest.objects.filter(email=buyer.mail_to).values_list("pk", flat=True))


def may_claim(user: Visitor) -> bool:
    """Whether the person may put what somebody bought without an account into theirs: it takes an account."""
    return isinstance(user, User) and user.is_active and not user.is_guest


def may_give_back_for_others(user: Visitor) -> bool:
    """Finance staff, and operators as second persons."""
    return account_permissions.is_finance(user) or account_permissions.is_operator(user)


def may_give_back_alone(user: Visitor) -> bool:
    """Finance staff, up to the limit; an operator's proposal always waits for a second person."""
    return account_permissions.is_finance(user)


def may_answer_disputes(user: Visitor) -> bool:
    """Finance staff; operators look on."""
    return account_permissions.is_finance(user)
