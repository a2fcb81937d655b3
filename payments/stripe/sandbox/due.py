"""What happens in the sandbox as time passes, without a request."""

from __future__ import annotations

from payments.stripe.sandbox import checkout, disputes, payment_page, payouts, refunds


def process_due() -> None:
    """Process everything that is due. Call it in a transaction."""
    checkout.expire_late_sessions()
    payment_page.settle_later_payments()
    refunds.settle_refunds()
    disputes.settle_disputes()
    payouts.settle_payouts()
    payouts.pay_out_accounts()
