"""Disputes of the sandbox: a buyer's bank asks (an inquiry), or takes the money back and decides later.

What the bank and the buyer do is a function here; what we do about it goes through the API. As in Stripe's own test
mode, evidence whose `uncategorized_text` is winning_evidence or losing_evidence decides the dispute a little later.
"""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction

from common import clock
from payments.models import SandboxBalanceTransaction, SandboxObject
from payments.stripe.sandbox import rates, refunds
from payments.stripe.sandbox.events import emit
from payments.stripe.sandbox.funds import move_settled, settled_of
from payments.stripe.sandbox.resources import (
    Json,
    SandboxError,
    balance_transaction,
    create,
    fetch,
    invalid,
    listed,
    load,
    new_id,
    now_seconds,
    save,
)

_TIME_TO_ANSWER = timedelta(days=9)
_BANK_TAKES_SECONDS = 20
_FEES_MINOR = {"USD": 1500, "EUR": 2000, "GBP": 2000}
_USUAL_FEE_MINOR = 1500
_MAX_EVIDENCE_LENGTH = 150_000
_FILES = {
    "cancellation_policy",
    "customer_communication",
    "customer_signature",
    "duplicate_charge_documentation",
    "receipt",
    "refund_policy",
    "service_documentation",
    "shipping_documentation",
    "uncategorized_file",
}
_NETWORK_CODES = {"fraudulent": "10.4", "product_not_received": "13.1", "credit_not_processed": "13.7"}

_INQUIRY = {"warning_needs_response", "warning_under_review"}
_CHARGEBACK = {"needs_response", "under_review", "appeal_needs_response", "appeal_under_review"}
_ANSWERED = {
    "warning_needs_response": "warning_under_review",
    "needs_response": "under_review",
    "appeal_needs_response": "appeal_under_review",
}
_MAGIC = {"winning_evidence": "won", "losing_evidence": "lost"}

# What the bank may decide, and from which states.
OUTCOMES = {
    "won": _CHARGEBACK,
    "lost": _CHARGEBACK,
    "warning_closed": _INQUIRY,
    "escalated": _INQUIRY,
    "prevented": {"warning_needs_response"},
    "appealable": {"lost"},
}
REASONS = (
    "fraudulent",
    "product_not_received",
    "product_unacceptable",
    "credit_not_processed",
    "duplicate",
    "subscription_canceled",
    "unrecognized",
    "general",
)


@transaction.atomic
def open_dispute(
    charge_id: str, reason: str = "fraudulent", is_inquiry: bool = False, amount: int | None = None
) -> Json:
    """Open a dispute: an inquiry moves no money, a chargeback takes the amount and the fee at once.

    Without an amount it is about everything that was not refunded. A charge may be disputed in parts, which together
    are no more than the charge.
    """
    charge = load("charge", charge_id, lock=True)
    whole = charge.data["amount"] - charge.data["amount_refunded"] or charge.data["amount"]
    if (amount or whole) > charge.data["amount"] - _in_dispute(charge):
        raise SandboxError("charge_disputed", f"Charge {charge_id} is disputed already.")
    new = _new(charge.data, reason, is_inquiry, amount or whole)
    dispute = create("dispute", new, group=charge.data["payment_intent"])
    save(charge, disputed=True, _is_refundable=is_inquiry)
    emit("charge.dispute.created", dispute)
    if not is_inquiry:
        _withdraw(load("dispute", dispute["id"], lock=True))
    return fetch("dispute", dispute["id"])


@transaction.atomic
def decide_dispute(dispute_id: str, outcome: str) -> Json:
    """Let the bank decide: one of OUTCOMES, if the dispute's state allows it."""
    row = load("dispute", dispute_id, lock=True)
    if row.data["status"] not in OUTCOMES[outcome]:
        raise SandboxError("status_transition_invalid", f"A dispute that is {row.data['status']} cannot be {outcome}.")
    if outcome == "escalated":
        _escalate(row)
    elif outcome == "appealable":
        emit("charge.dispute.updated", save(row, status="appeal_needs_response"))
    else:
        _close(row, outcome)
    return fetch("dispute", dispute_id)


def settle_disputes() -> None:
    """Decide what is due: evidence that names the outcome, missed deadlines, and inquiries about refunded payments."""
    waiting = SandboxObject.objects.select_for_update().filter(
        kind="dispute", data__status__in=sorted(_INQUIRY | _CHARGEBACK)
    )
    for row in waiting.order_by("pk"):
        if "_outcome" in row.data and row.data["_decides_at"] <= now_seconds():
            _close(row, row.data["_outcome"])
        elif row.data["status"] in _ANSWERED and row.data["evidence_details"]["due_by"] <= now_seconds():
            _mark(row, past_due=True)
            _close(row, "warning_closed" if row.data["status"] in _INQUIRY else "lost")
        elif row.data["status"] in _INQUIRY and fetch("charge", row.data["charge"])["refunded"]:
            _close(row, "warning_closed")


def retrieve_dispute(params: Json, dispute_id: str) -> Json:
    return fetch("dispute", dispute_id)


def list_disputes(params: Json) -> Json:
    """Return the disputes, newest first; by `charge`, `payment_intent` and `created`."""
    rows = SandboxObject.objects.filter(kind="dispute")
    if "payment_intent" in params:
        rows = rows.filter(group=params["payment_intent"])
    if "charge" in params:
        rows = rows.filter(data__charge=params["charge"])
    return listed(rows, params, "/v1/disputes")


def update_dispute(params: Json, dispute_id: str) -> Json:
    """Stage evidence, and submit it unless told not to; the bank accepts it once."""
    row = load("dispute", dispute_id, lock=True)
    given = params.get("evidence", {})
    if row.data["status"] not in _ANSWERED:
        raise SandboxError("", "This dispute takes no more evidence.")
    _check(given)
    _mark(row, has_evidence=row.data["evidence_details"]["has_evidence"] or bool(given))
    save(
        row, evidence={**row.data["evidence"], **given}, metadata={**row.data["metadata"], **params.get("metadata", {})}
    )
    if params.get("submit", "true") == "true":
        _hand_in(row)
    emit("charge.dispute.updated", row.data)
    return fetch("dispute", dispute_id)


def close_dispute(params: Json, dispute_id: str) -> Json:
    """Accept the dispute."""
    row = load("dispute", dispute_id, lock=True)
    if row.data["status"] not in _ANSWERED:
        raise SandboxError("", "This dispute is already closed.")
    _close(row, "warning_closed" if row.data["status"] in _INQUIRY else "lost")
    return fetch("dispute", dispute_id)


def _new(charge: Json, reason: str, is_inquiry: bool, amount: int) -> Json:
    code = _NETWORK_CODES.get(reason, "13.3")
    case_type = "inquiry" if is_inquiry else "chargeback"
    return {
        "id": new_id("du"),
        "object": "dispute",
        "amount": amount,
        "balance_transactions": [],
        "charge": charge["id"],
        "created": now_seconds(),
        "currency": charge["currency"],
        "evidence_details": {
            "due_by": int((clock.now() + _TIME_TO_ANSWER).timestamp()),
            "enhanced_eligibility": {},
            "has_evidence": False,
            "past_due": False,
            "submission_count": 0,
        },
        "is_charge_refundable": is_inquiry,
        "livemode": False,
        "metadata": {},
        "network_reason_code": code,
        "payment_intent": charge["payment_intent"],
        "payment_method_details": {
            "type": "card",
            "card": {"brand": "visa", "case_type": case_type, "network": "visa", "network_reason_code": code},
        },
        "reason": reason,
        "status": "warning_needs_response" if is_inquiry else "needs_response",
    }


def _in_dispute(charge: SandboxObject) -> int:
    """Return how much of a charge is in dispute now."""
    states = sorted(_INQUIRY | _CHARGEBACK)
    rows = SandboxObject.objects.filter(kind="dispute", data__charge=charge.object_id, data__status__in=states)
    return sum(row.data["amount"] for row in rows)


def _withdraw(row: SandboxObject) -> None:
    settled = rates.settle(row.data["amount"], row.data["currency"])
    fee_minor = _FEES_MINOR.get(settled.currency, _USUAL_FEE_MINOR)
    taken = move_settled("adjustment", row.object_id, settled, category="dispute", sign=-1, fee_minor=fee_minor)
    emit("charge.dispute.funds_withdrawn", _note_moved(row, taken))


def _note_moved(row: SandboxObject, balance_transaction_id: str) -> Json:
    moved = balance_transaction(SandboxBalanceTransaction.objects.get(object_id=balance_transaction_id))
    return save(row, balance_transactions=[*row.data["balance_transactions"], moved])


def _escalate(row: SandboxObject) -> None:
    """Turn the inquiry into a chargeback."""
    save(load("charge", row.data["charge"], lock=True), _is_refundable=False)
    _mark(row, due_by=int((clock.now() + _TIME_TO_ANSWER).timestamp()))
    emit("charge.dispute.updated", save(row, status="needs_response", is_charge_refundable=False))
    _withdraw(row)


def _close(row: SandboxObject, outcome: str) -> None:
    if outcome == "prevented" and not fetch("charge", row.data["charge"])["refunded"]:
        # Prevention services refund the money before there is a chargeback.
        refunds.create_refund({"charge": row.data["charge"], "amount": str(row.data["amount"])})
    row.data.pop("_outcome", None)
    emit("charge.dispute.closed", save(row, status=outcome))
    if outcome == "won":
        save(load("charge", row.data["charge"], lock=True), _is_refundable=True)
        withdrawn = row.data["balance_transactions"][0]["id"]
        back = move_settled("adjustment", row.object_id, settled_of(withdrawn), category="dispute_reversal")
        emit("charge.dispute.funds_reinstated", _note_moved(row, back))


def _check(evidence: Json) -> None:
    if sum(len(str(value)) for value in evidence.values()) > _MAX_EVIDENCE_LENGTH:
        raise invalid("", "The combined character count of all evidence fields is limited to 150,000.", "evidence")
    for name in _FILES & evidence.keys():
        if evidence[name]:
            fetch("file", evidence[name])


def _hand_in(row: SandboxObject) -> None:
    if not row.data["evidence_details"]["has_evidence"]:
        raise invalid("parameter_missing", "There is no evidence to submit.", "evidence")
    _mark(row, submission_count=row.data["evidence_details"]["submission_count"] + 1)
    save(row, status=_ANSWERED[row.data["status"]])
    outcome = _MAGIC.get(row.data["evidence"]["uncategorized_text"] or "")
    if outcome is not None and row.data["status"] not in _INQUIRY:
        save(row, _outcome=outcome, _decides_at=now_seconds() + _BANK_TAKES_SECONDS)


def _mark(row: SandboxObject, **details: int | bool) -> None:
    save(row, evidence_details={**row.data["evidence_details"], **details})
