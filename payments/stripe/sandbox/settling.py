"""What happens in the sandbox as time passes, without a request."""

from __future__ import annotations

from payments.stripe.sandbox import banks, checkout, disputes, paying, refunds


def let_time_pass() -> None:
    """Process everything that is due. Call it in a transaction."""
    checkout.expire_late_sessions()
    paying.settle_later_payments()
    refunds.settle_refunds()
    disputes.settle_disputes()
    banks.settle_payouts()
    banks.pay_out_accounts()
