"""Money of milestones at the payment provider. Contracts call these and hear back through `hiring.funding.hooks`."""

from hiring.funding.services.disputes import note_warning, sync_dispute
from hiring.funding.services.evidence import accept_dispute, answer_dispute, send_pack, submit_due_evidence
from hiring.funding.services.payments import record_processor_fee, refresh_payment, settle_session, start_payment
from hiring.funding.services.refunds import (
    adopt_foreign_refund,
    note_late_failure,
    request_refund,
    resend_by_bank,
    send_refund,
)

__all__ = [
    "accept_dispute",
    "adopt_foreign_refund",
    "answer_dispute",
    "note_late_failure",
    "note_warning",
    "record_processor_fee",
    "refresh_payment",
    "request_refund",
    "resend_by_bank",
    "send_pack",
    "send_refund",
    "settle_session",
    "start_payment",
    "submit_due_evidence",
    "sync_dispute",
]
