"""Refunds: requested by readers and staff, sent through an outbox, and learned of from the provider."""

from storefront.checkout.refunds.services.booking import owed_of_needless
from storefront.checkout.refunds.services.provider_reports import (
    adopt_foreign_refund,
    note_late_failure,
    resend_by_bank,
)
from storefront.checkout.refunds.services.requests import (
    approve_refund,
    decline_refund,
    propose_refund,
    refund_owed,
    refund_unneeded,
    refund_warned_payment,
    request_refund,
    staff_limit_minor,
)
from storefront.checkout.refunds.services.sending import retry_unneeded_daily, send_refund

__all__ = [
    "adopt_foreign_refund",
    "approve_refund",
    "decline_refund",
    "note_late_failure",
    "owed_of_needless",
    "propose_refund",
    "refund_owed",
    "refund_unneeded",
    "refund_warned_payment",
    "request_refund",
    "resend_by_bank",
    "retry_unneeded_daily",
    "send_refund",
    "staff_limit_minor",
]
