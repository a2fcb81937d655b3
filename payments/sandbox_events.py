"""Simulated events at the provider that happen without us: functions for the finance panel and for tests.

Each is one transaction on the simulated provider's tables. Our books learn of it from signed events, as with the real
provider. Raises SimulationRefused if the provider's rules do not allow it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from common import jobs
from payments.errors import SimulationRefused
from payments.models import FaultKind, SandboxEvent, SandboxFault, SandboxObject
from payments.stripe.sandbox import accounts, bills, disputes, due, faults, payment_page, payouts, radar, rates, refunds
from payments.stripe.sandbox.checkout import UNDECIDED
from payments.stripe.sandbox.resources import SandboxError


def open_dispute(*, charge_id: str, reason: str = "fraudulent", is_inquiry: bool = False) -> str:
    """Let the buyer's bank ask about a charge or take it back. Return the dispute's id."""
    with _happening():
        return str(disputes.open_dispute(charge_id, reason, is_inquiry)["id"])


def decide_dispute(*, dispute_id: str, outcome: str) -> None:
    """Let the bank decide: won, lost, warning_closed, escalated, prevented or appealable."""
    with _happening():
        disputes.decide_dispute(dispute_id, outcome)


def refund_in_dashboard(*, charge_id: str, amount_minor: int | None = None) -> str:
    """Refund a payment in the provider's dashboard, so without our reference. Return the refund's id."""
    amount = {} if amount_minor is None else {"amount": str(amount_minor)}
    with _happening():
        return str(refunds.create_refund({"charge": charge_id} | amount)["id"])


def fail_refund(*, refund_id: str) -> None:
    """Let the buyer's bank return a refund, as happens days later."""
    with _happening():
        refunds.fail_refund(refund_id)


def warn_of_fraud(*, charge_id: str) -> str:
    """Let a card network suspect a charge. Return the warning's id."""
    with _happening():
        return str(radar.warn_of_fraud(charge_id)["id"])


def restrict_account(*, account_id: str) -> None:
    """Stop transfers to a payee until it has answered the provider's questions."""
    with _happening():
        accounts.set_capability(account_id=account_id, status="restricted")


def activate_account(*, account_id: str) -> None:
    """Allow the payee to receive transfers."""
    with _happening():
        accounts.set_capability(account_id=account_id, status="active")


def close_account(*, account_id: str) -> None:
    """Close the payee's account permanently."""
    with _happening():
        accounts.close(account_id=account_id)


def change_bank(*, account_id: str) -> None:
    """Let the payee replace its bank account."""
    with _happening():
        payouts.change_bank(account_id)


def pay_out_accounts() -> None:
    """Send the payees' balances to their banks."""
    with _happening():
        payouts.pay_out_accounts()


def pay_out_platform(*, currency: str) -> str:
    """Send our own balance in a currency to our bank. Return the payout's id."""
    with _happening():
        return str(payouts.pay_out_platform(currency)["id"])


def bill_payouts(*, currency: str) -> int:
    """Charge what paying payees out has cost since the last bill. Return the amount."""
    with _happening():
        return bills.bill_payouts(currency)


def pay_payout(*, payout_id: str) -> None:
    """Let a payout arrive at the bank."""
    with _happening():
        payouts.pay_payout(payout_id)


def fail_payout(*, payout_id: str) -> None:
    """Let the bank return a payout, even after it was paid."""
    with _happening():
        payouts.fail_payout(payout_id)


def settle_payments() -> None:
    """Let the bank debits given on payment pages succeed or fail now."""
    with _happening():
        waiting = SandboxObject.objects.select_for_update().filter(kind="checkout.session", group=UNDECIDED)
        for row in waiting.order_by("pk"):
            payment_page.settle_later_payment(row)


def settle_refunds() -> None:
    """Let refunds on their way to banks arrive now."""
    with _happening():
        on_their_way = SandboxObject.objects.select_for_update().filter(kind="refund", data__status="pending")
        for row in on_their_way.order_by("pk"):
            refunds.settle_refund(row)


def let_time_pass() -> None:
    """Process everything that is due by our clock."""
    with _happening():
        due.process_due()


def set_rate(*, currency: str, rate: Decimal) -> None:
    """Set what one major unit of the currency is worth from now on, in our balance's first currency."""
    if rate <= 0:
        raise SimulationRefused(reason=_("The rate must be greater than zero."))
    with _happening():
        rates.set_rate(currency, rate)


def arm_fault(*, kind: FaultKind, path: str, times: int) -> None:
    """Let the next requests whose path starts with `path` suffer the fault."""
    faults.arm(kind, path, times=times)


def disarm_faults() -> None:
    """Clear all faults."""
    SandboxFault.objects.filter(remaining__gt=0).update(remaining=0)


@transaction.atomic
def deliver_events() -> None:
    """Post every event that has not arrived yet once more."""
    for event_id in SandboxEvent.objects.filter(delivered_at=None).values_list("event_id", flat=True):
        jobs.enqueue("payments.deliver", event_id=event_id)


@contextmanager
def _happening() -> Iterator[None]:
    try:
        with transaction.atomic():
            yield
    except SandboxError as error:
        raise SimulationRefused(reason=str(error)) from error
