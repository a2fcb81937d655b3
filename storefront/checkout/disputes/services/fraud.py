"""Early fraud warnings: a refund in time costs less than the dispute that would follow."""

from __future__ import annotations

from datetime import datetime

import structlog
from django.conf import settings
from django.db import transaction

from accounts import services as account_services
from accounts.models import User
from common import clock
from common.errors import NotAllowed
from payments import services as payment_services
from payments.gateway import FraudWarning as Warned
from payments.registry import NotYetKnown
from storefront.checkout import permissions
from storefront.checkout.errors import RefundDecided
from storefront.checkout.models import FraudWarning, Order, Payment
from storefront.checkout.refunds import services as refunds

logger = structlog.stdlib.get_logger(__name__)


def record_warning(*, warning_id: str) -> FraudWarning:
    """Store a warning; refund small payments at once, leave larger ones to finance.

    Raises NotYetKnown, GatewayUnknown, GatewayRefused.
    """
    warned = payment_services.gateway().fetch_fraud_warning(warning_id=warning_id)
    return _store(warned, clock.database_now())


@transaction.atomic
def decide_warning(*, actor: User, warning: FraudWarning, gives_back: bool, at: datetime) -> FraudWarning:
    """Refund a suspected payment or keep it, as finance decides. Raises NotAllowed, RefundDecided."""
    if not permissions.may_answer_disputes(actor):
        raise NotAllowed
    Order.objects.select_for_update().get(payments=warning.payment_id)
    warning = FraudWarning.objects.select_for_update(of=("self",)).select_related("payment").get(pk=warning.pk)
    if warning.handled_at is not None:
        raise RefundDecided
    if gives_back:
        refunds.refund_warned_payment(payment=warning.payment, at=at, actor=actor)
    return _handled(warning, "refunded" if gives_back else "kept", at, actor)


@transaction.atomic
def _store(warned: Warned, at: datetime) -> FraudWarning:
    payment = Payment.objects.select_related("order").filter(provider_payment_id=warned.payment_id).first()
    if payment is None:
        raise NotYetKnown(warned.warning_id)
    order = Order.objects.select_for_update().get(pk=payment.order_id)
    warning, is_new = FraudWarning.objects.get_or_create(
        provider_warning_id=warned.warning_id,
        defaults={
            "payment": payment,
            "kind": warned.kind[:60],
            "is_actionable": warned.is_actionable,
            "warned_at": at,
        },
    )
    if not is_new:
        if warning.is_actionable != warned.is_actionable:
            warning.is_actionable = warned.is_actionable
            warning.save(update_fields=["is_actionable"])
        return warning
    logger.warning("fraud.warned", payment=payment.public_id, kind=warned.kind)
    is_small = order.total_minor <= settings.FRAUD_REFUND_LIMITS_MINOR.get(order.currency, 0)
    if warned.is_actionable and is_small and refunds.refund_warned_payment(payment=payment, at=at):
        return _handled(warning, "refunded", at, None)
    return warning


def _handled(warning: FraudWarning, outcome: str, at: datetime, actor: User | None) -> FraudWarning:
    warning.handled_at, warning.handled_by, warning.outcome = at, actor, outcome
    warning.save(update_fields=["handled_at", "handled_by", "outcome"])
    account_services.record_audit(
        actor=actor,
        verb=f"fraud_warning.{outcome}",
        subject=warning.payment,
        facts={"warning": warning.provider_warning_id},
    )
    return warning
