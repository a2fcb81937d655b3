"""What happens to a reader's orders when they delete their account.

Orders stay, as the law requires, with a pseudonym as buyer. A payment that could still be made blocks the deletion
while its page is open, so that nobody pays for books of a deleted account.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from functools import partial

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.hooks import Obstacle
from accounts.models import Deletion, User
from payments.gateway import Evidence
from storefront.checkout.guests import selectors as guest_selectors
from storefront.checkout.models import (
    AccessRecord,
    Cart,
    Coupon,
    Dispute,
    Entitlement,
    EvidencePack,
    EvidenceState,
    Gift,
    LinkRequest,
    Order,
    OrderState,
    Payment,
    PaymentState,
    Preorder,
    Refund,
    RefundOrigin,
    RefundState,
    Withdrawal,
)
from storefront.checkout.orders.services import checkout
from storefront.checkout.saved_cards import services as saved_cards

_AT_ORDERS = partial(Obstacle, page="checkout:orders", action=gettext_lazy("View your orders"))
_ON_ITS_WAY = (RefundState.PROPOSED, RefundState.PENDING, RefundState.RETURNED)


def obstacles(user: User, at: datetime) -> Iterable[Obstacle]:
    """Return what blocks the deletion: money on its way between the reader, us and a bank, and books not out yet."""
    if Payment.objects.filter(order__buyer=user, state=PaymentState.PENDING).exists():
        yield _AT_ORDERS(
            _("You have an open payment page."),
            gettext_lazy("Complete the payment, or wait: the page closes automatically within an hour."),
        )
    looked_at = Q(state=OrderState.QUARANTINED) | Q(payments__state=PaymentState.UNMATCHED)
    if Order.objects.filter(looked_at, buyer=user).exists():
        yield _AT_ORDERS(
            _("We are reviewing a payment of yours that differed from the amount quoted."),
            gettext_lazy("Wait for our decision. We will email you."),
        )
    if Refund.objects.filter(payment__order__buyer=user, state__in=_ON_ITS_WAY).exists():
        yield _AT_ORDERS(
            _("A refund is on its way to you or waiting for a decision."),
            gettext_lazy("Wait until it has arrived. We will email you."),
        )
    if Dispute.objects.filter(payment__order__buyer=user, decided_at=None).exists():
        yield _AT_ORDERS(
            _("Your bank has questioned a payment."),
            gettext_lazy("Wait for your bank, or withdraw the complaint there."),
        )
    if Preorder.objects.filter(_ordered_ahead(user), released_at=None, canceled_at=None).exists():
        yield _AT_ORDERS(
            _("A book you pre-ordered is not out yet."),
            gettext_lazy("Cancel the pre-order and get your money back, or wait for the book."),
        )


def losses(user: User, at: datetime) -> Iterable[str]:
    """Return what the reader gives up: books, unopened gifts, and purchases without the account."""
    if books := Entitlement.objects.filter(user=user, ended_at=None).count():
        yield _("Books you will no longer be able to read: %(n)d. Download them first.") % {"n": books}
    given = Gift.objects.filter(line__order__buyer=user, line__order__state=OrderState.PAID)
    if unopened := given.filter(redeemed_at=None, canceled_at=None).count():
        yield _("Gifts from you that have not been redeemed yet: %(n)d. Their links will keep working.") % {
            "n": unopened
        }
    if waiting := len(guest_selectors.waiting_for(user)):
        yield _(
            "Purchases without an account under your email address: %(n)d. They stay as they are. To delete them too, "
            "add them to your library first."
        ) % {"n": waiting}


def prepare(deletion: Deletion, at: datetime) -> None:
    """Cancel what was not paid; a worker closes the payment pages. The person is locked."""
    checkout.cancel_open_orders(deletion.user)


def erase(deletion: Deletion, at: datetime) -> None:
    """Delete the cart, deactivate coupons, and remove words and addresses from orders, which stay. Safe to repeat."""
    user = deletion.user
    Cart.objects.filter(user=user).delete()
    LinkRequest.objects.filter(email__iexact=user.email).delete()
    Entitlement.objects.filter(user=user).exclude(furthest_bps=0).update(furthest_bps=0)
    AccessRecord.objects.filter(entitlement__user=user, address__isnull=False).update(address=None)
    _forget_addresses(user)
    saved_cards.forget_person(user=user, at=at)
    Coupon.objects.filter(owner=user, stopped_at=None).update(stopped_at=at)


def delete_leftovers(at: datetime) -> None:
    """Delete each night what was still needed when its person left and no longer is."""
    _closed_gifts().filter(line__order__buyer__deletion__done_at__isnull=False).update(recipient="", message="")
    _reasons().filter(payment__order__buyer__deletion__done_at__isnull=False).update(reason="")


def _ordered_ahead(user: User) -> Q:
    return Q(line__order__buyer=user, line__order__state=OrderState.PAID)


def _forget_addresses(user: User) -> None:
    """Remove addresses and words from closed gifts, given and received, from answers to banks that have decided, and
    from the person's reasons for returns."""
    _closed_gifts().filter(Q(line__order__buyer=user) | Q(redeemed_by=user)).update(recipient="", message="")
    answers = EvidencePack.objects.filter(dispute__payment__order__buyer=user).exclude(state=EvidenceState.PENDING)
    answers.filter(dispute__decided_at__isnull=False).update(fields=Evidence(), receipt=b"", documentation=b"")
    _reasons().filter(payment__order__buyer=user).update(reason="")
    Withdrawal.objects.filter(order__buyer=user).update(name="", email="")


def _closed_gifts() -> QuerySet[Gift]:
    return Gift.objects.filter(Q(redeemed_at__isnull=False) | Q(canceled_at__isnull=False)).exclude(
        recipient="", message=""
    )


def _reasons() -> QuerySet[Refund]:
    """Return refunds that readers requested in their own words and that await no decision."""
    asked = Refund.objects.filter(origin=RefundOrigin.READER).exclude(reason="")
    return asked.exclude(state=RefundState.PROPOSED)
