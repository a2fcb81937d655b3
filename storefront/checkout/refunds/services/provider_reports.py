"""The provider's reports on refunds: made in its dashboard, or failed after they had succeeded."""

from __future__ import annotations

from datetime import datetime

import structlog
from django.db import transaction

from accounts import services as account_services
from accounts.models import User
from common import clock
from common.errors import NotAllowed
from payments import services as payment_services
from payments.event_time import happened_at
from payments.gateway import RefundResult
from royalties.services import returns, sales
from storefront.checkout import permissions
from storefront.checkout.errors import RefundDecided
from storefront.checkout.models import Payment, Refund, RefundState
from storefront.checkout.refunds.services.booking import lock
from storefront.checkout.refunds.services.dashboard_refunds import book_foreign_refund

logger = structlog.stdlib.get_logger(__name__)


def adopt_foreign_refund(*, payment: Payment, provider_refund_id: str) -> list[Refund]:
    """Book a refund made in the provider's dashboard over what is left of the order's lines.

    Known or undecided ones are left alone. What the lines do not account for waits for finance, on record. Raises
    NotYetKnown while refunds of ours are on their way that cannot all succeed, GatewayUnknown, GatewayRefused.
    """
    result = payment_services.gateway().fetch_refund(refund_id=provider_refund_id)
    return book_foreign_refund(payment.pk, result)


def note_late_failure(*, refund_id: int) -> Refund:
    """Record that the reader's bank returned a refund: we have the money again, and still owe it to the reader. Finance
    is told.

    Raises GatewayUnknown, GatewayRefused.
    """
    refund = Refund.objects.get(pk=refund_id)
    if refund.state != RefundState.SUCCEEDED:
        return refund
    result = payment_services.gateway().fetch_refund(refund_id=refund.provider_refund_id)
    return refund if result.status != "failed" else _note_failure(refund_id, result)


@transaction.atomic
def resend_by_bank(*, actor: User, refund: Refund, bank_reference: str, at: datetime) -> Refund:
    """Record that finance sent a returned refund by bank transfer. Raises NotAllowed, RefundDecided."""
    if not permissions.may_give_back_for_others(actor) or not bank_reference.strip():
        raise NotAllowed
    refund = lock(refund.pk)
    if refund.state != RefundState.RETURNED:
        raise RefundDecided
    refund.state, refund.resent_reference = RefundState.SUCCEEDED, bank_reference.strip()[:80]
    refund.save(update_fields=["state", "resent_reference"])
    returns.record_resent_refund(
        reference=refund.payment.order.public_id,
        external_id=refund.public_id,
        amount_minor=refund.amount_minor,
        currency=refund.currency,
        at=at,
    )
    account_services.record_audit(actor=actor, verb="refund.resent", subject=refund)
    return refund


@transaction.atomic
def _note_failure(refund_id: int, result: RefundResult) -> Refund:
    refund = lock(refund_id)
    if refund.state != RefundState.SUCCEEDED:
        return refund
    at = happened_at(result.failed_at, earliest=refund.finished_at or clock.database_now(), about=result.refund_id)
    order_reference = refund.payment.order.public_id
    refund.state = RefundState.RETURNED
    refund.save(update_fields=["state"])
    returns.record_failed_refund(
        reference=order_reference,
        external_id=f"{result.refund_id}:{refund.public_id}",
        amount_minor=refund.amount_minor,
        currency=refund.currency,
        at=at,
    )
    if result.failure_settled is not None:
        sales.record_conversion(
            reference=order_reference,
            external_id=f"{result.refund_id}:failed",
            booked=result.amount,
            settled=result.failure_settled,
            at=at,
        )
    account_services.record_audit(actor=None, verb="refund.failed_late", subject=refund)
    logger.error("refund.failed_late", refund=refund.public_id)
    return refund
