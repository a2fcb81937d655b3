"""Yes/no questions about reading, buying and giving back."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Exists, OuterRef, Q

from accounts import permissions as account_permissions
from accounts.models import User
from accounts.permissions import Visitor
from publishing.models import Contributor, Work
from royalties.entries import Deferral
from storefront.models import Bundle, Coupon, Entitlement, Order, OrderLine, OrderState, RefundState


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


def may_refund_line(user: Visitor, line: OrderLine, at: datetime) -> bool:
    """Whether the buyer may give this line back by themselves: paid for, inside the window, not given back yet.

    What is supplied later can be given back until then, whenever that is; a gift that was redeemed cannot.
    """
    order = line.order
    if not may_see_order(user, order) or order.state != OrderState.PAID or not line.paid_minor:
        return False
    if any(refund.state != RefundState.FAILED for refund in line.refunds.all()):
        return False
    if line.is_waiting:
        return True
    until = line.refundable_until or order.refundable_until
    return line.deferral != Deferral.GIFT and until is not None and at < until
