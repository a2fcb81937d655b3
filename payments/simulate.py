"""What can happen at the provider without us: verbs for the finance desk's panel, and for tests.

Each is one transaction on the simulated provider's tables. What it means for our books comes, as from the real one, by
signed events. Raises NotSimulated when the provider's rules do not let it happen.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from common import jobs
from payments.errors import NotSimulated
from payments.models import FaultKind, SandboxEvent, SandboxFault, SandboxObject
from payments.stripe.sandbox import accounts, banks, bills, disputes, faults, paying, radar, rates, refunds, settling
from payments.stripe.sandbox.checkout import UNDECIDED
from payments.stripe.sandbox.wire import SandboxError


def open_dispute(*, charge_id: str, reason: str = "fraudulent", is_inquiry: bool = False) -> str:
    """The buyer's bank asks about a charge, or takes it back. Returns the dispute's id."""
    with _happening():
        return str(disputes.open_dispute(charge_id, reason, is_inquiry)["id"])


def decide_dispute(*, dispute_id: str, outcome: str) -> None:
    """The bank decides: won, lost, warning_closed, escalated, prevented or appealable."""
    with _happening():
        disputes.decide_dispute(dispute_id, outcome)


def refund_in_dashboard(*, charge_id: str, amount_minor: int | None = None) -> str:
    """Somebody gives a payment back in the provider's own pages, so without our reference. The refund's id."""
    amount = {} if amount_minor is None else {"amount": str(amount_minor)}
    with _happening():
        return str(refunds.create_refund({"charge": charge_id} | amount)["id"])


def fail_refund(*, refund_id: str) -> None:
    """The buyer's bank sends a refund back, days later."""
    with _happening():
        refunds.fail_refund(refund_id)


def warn_of_fraud(*, charge_id: str) -> str:
    """A card network suspects a charge. Returns the warning's id."""
    with _happening():
        return str(radar.warn_of_fraud(charge_id)["id"])


def restrict_account(*, account_id: str) -> None:
    """The provider stops transfers to a payee until it has answered some question."""
    with _happening():
        accounts.set_capability(account_id=account_id, status="restricted")


def activate_account(*, account_id: str) -> None:
    """The payee may receive transfers."""
    with _happening():
        accounts.set_capability(account_id=account_id, status="active")


def close_account(*, account_id: str) -> None:
    """The payee's account is closed for good."""
    with _happening():
        accounts.close(account_id=account_id)


def change_bank(*, account_id: str) -> None:
    """The payee gives another bank account."""
    with _happening():
        banks.change_bank(account_id)


def pay_out_accounts() -> None:
    """What payees hold leaves for their banks."""
    with _happening():
        banks.pay_out_accounts()


def pay_out_platform(*, currency: str) -> str:
    """Our own balance in a currency leaves for our bank. Returns the payout's id."""
    with _happening():
        return str(banks.pay_out_platform(currency)["id"])


def bill_payouts(*, currency: str) -> int:
    """The provider takes what paying payees out has cost since its last bill. Returns how much."""
    with _happening():
        return bills.bill_payouts(currency)


def pay_payout(*, payout_id: str) -> None:
    """A payout reaches the bank."""
    with _happening():
        banks.pay_payout(payout_id)


def fail_payout(*, payout_id: str) -> None:
    """A payout comes back from the bank, be it after having been paid."""
    with _happening():
        banks.fail_payout(payout_id)


def settle_payments() -> None:
    """Bank debits given on payment pages succeed or fail now."""
    with _happening():
        waiting = SandboxObject.objects.select_for_update().filter(kind="checkout.session", group=UNDECIDED)
        for row in waiting.order_by("pk"):
            paying.settle_later_payment(row)


def settle_refunds() -> None:
    """Refunds on their way to banks arrive now."""
    with _happening():
        on_their_way = SandboxObject.objects.select_for_update().filter(kind="refund", data__status="pending")
        for row in on_their_way.order_by("pk"):
            refunds.settle_refund(row)


def let_time_pass() -> None:
    """Everything happens whose moment has come by our clock."""
    with _happening():
        settling.let_time_pass()


def move_rate(*, currency: str, rate: Decimal) -> None:
    """From now on one major unit of the currency is worth `rate` in our balance's first currency."""
    if rate <= 0:
        raise NotSimulated(reason=_("A rate is more than nothing."))
    with _happening():
        rates.set_rate(currency, rate)


def arm_fault(*, kind: FaultKind, path: str, times: int) -> None:
    """The next requests to addresses that begin with `path` suffer the fault."""
    faults.arm(kind, path, times=times)


def disarm_faults() -> None:
    """No more faults."""
    SandboxFault.objects.filter(remaining__gt=0).update(remaining=0)


@transaction.atomic
def deliver_events() -> None:
    """Post every event that did not arrive yet once more."""
    for event_id in SandboxEvent.objects.filter(delivered_at=None).values_list("event_id", flat=True):
        jobs.enqueue("payments.deliver", event_id=event_id)


@contextmanager
def _happening() -> Iterator[None]:
    try:
        with transaction.atomic():
            yield
    except SandboxError as error:
        raise NotSimulated(reason=str(error)) from error
