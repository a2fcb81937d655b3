"""What becomes of a reader's orders when they delete their account.

Orders stay, for the law, with a pseudonym for a buyer. A payment that could still be made stands in the way for as long
as its page is open, so that nobody pays for books of an account that is gone.
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

_AT_ORDERS = partial(Obstacle, page="checkout:orders", action=gettext_lazy("To your orders"))
_ON_ITS_WAY = (RefundState.PROPOSED, RefundState.PENDING, RefundState.RETURNED)


def obstacles(user: User, at: datetime) -> Iterable[Obstacle]:
    """Money that is under way between the reader, us and a bank, and books that are still to come."""
    if Payment.objects.filter(order__buyer=user, state=PaymentState.PENDING).exists():
        yield _AT_ORDERS(
            _("A payment page of yours is open."),
            gettext_lazy("Pay, or let it be: it closes by itself within the hour."),
        )
    looked_at = Q(state=OrderState.QUARANTINED) | Q(payments__state=PaymentState.UNMATCHED)
    if Order.objects.filter(looked_at, buyer=user).exists():
        yield _AT_ORDERS(
            _("Somebody looks at a payment of yours that was not as quoted."),
            gettext_lazy("Wait for what they decide; you get a mail."),
        )
    if Refund.objects.filter(payment__order__buyer=user, state__in=_ON_ITS_WAY).exists():
        yield _AT_ORDERS(
            _("Money is on its way back to you, or somebody decides about it."),
            gettext_lazy("Wait until it has arrived; you get a mail."),
        )
    if Dispute.objects.filter(payment__order__buyer=user, decided_at=None).exists():
        yield _AT_ORDERS(
            _("Your bank has questioned a payment."),
            gettext_lazy("Wait for your bank, or take the question back there."),
        )
    if Preorder.objects.filter(_ordered_ahead(user), released_at=None, canceled_at=None).exists():
        yield _AT_ORDERS(
            _("A book that you ordered ahead is not out yet."),
            gettext_lazy("Cancel the order and get your money back, or wait for the book."),
        )


def given_up(user: User, at: datetime) -> Iterable[str]:
    """How many books, gifts that nobody has opened, and what was bought without the account."""
    if books := Entitlement.objects.filter(user=user, ended_at=None).count():
        yield _("Books you can read now and not then: %(n)d. Download them first.") % {"n": books}
    given = Gift.objects.filter(line__order__buyer=user, line__order__state=OrderState.PAID)
    if unopened := given.filter(redeemed_at=None, canceled_at=None).count():
        yield _("Gifts of yours that nobody has opened yet: %(n)d. Their links go on working.") % {"n": unopened}
    if waiting := len(guest_selectors.waiting_for(user)):
        yield _(
            "Purchases without an account under your address: %(n)d. They stay as they are; put them into your library "
            "first if they are to go, too."
        ) % {"n": waiting}


def prepare(deletion: Deletion, at: datetime) -> None:
    """Withdraw what was not paid; payment pages are closed by a worker. The person is locked."""
    checkout.withdraw_open_orders(deletion.user)


def erase(deletion: Deletion, at: datetime) -> None:
    """Delete the cart and stop coupons, and take words and addresses out of orders, which stay. Safe to repeat."""
    user = deletion.user
    Cart.objects.filter(user=user).delete()
    LinkRequest.objects.filter(email__iexact=user.email).delete()
    Entitlement.objects.filter(user=user).exclude(furthest_bps=0).update(furthest_bps=0)
    AccessRecord.objects.filter(entitlement__user=user, address__isnull=False).update(address=None)
    _forget_addresses(user)
    Coupon.objects.filter(owner=user, stopped_at=None).update(stopped_at=at)


def forget(at: datetime) -> None:
    """Each night: what was still needed when its person left, and is not any more."""
    _closed_gifts().filter(line__order__buyer__deletion__done_at__isnull=False).update(recipient="", message="")
    _reasons().filter(payment__order__buyer__deletion__done_at__isnull=False).update(reason="")


def _ordered_ahead(user: User) -> Q:
    return Q(line__order__buyer=user, line__order__state=OrderState.PAID)


def _forget_addresses(user: User) -> None:
    """Of gifts that are closed, both given and received; of answers to banks that have decided; and what the person
    wrote when they gave a book back."""
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
    """Of refunds that readers asked for, in their words; nobody has to decide by them any more."""
    asked = Refund.objects.filter(origin=RefundOrigin.READER).exclude(reason="")
    return asked.exclude(state=RefundState.PROPOSED)
