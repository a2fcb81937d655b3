"""Refunds: requested by readers and staff, sent through an outbox, and learned of from the provider."""

from storefront.checkout.refunds.services.booking import owed_of_needless
from storefront.checkout.refunds.services.reports import adopt_foreign_refund, note_late_failure, resend_by_bank
from storefront.checkout.refunds.services.requests import (
    approve_refund,
    decline_refund,
    give_back_needless,
    give_back_owed,
    propose_refund,
    refund_warned_payment,
    request_refund,
    staff_limit_minor,
)
from storefront.checkout.refunds.services.sending import ask_daily_for_needless, send_refund

__all__ = [
    "adopt_foreign_refund",
    "approve_refund",
    "ask_daily_for_needless",
    "decline_refund",
    "give_back_needless",
    "give_back_owed",
    "note_late_failure",
    "owed_of_needless",
    "propose_refund",
    "refund_warned_payment",
    "request_refund",
    "resend_by_bank",
    "send_refund",
    "staff_limit_minor",
]
