"""Refunds of the sandbox: at once by card, later by bank, and sometimes returned by the bank."""

from __future__ import annotations

from payments.models import SandboxObject
from payments.stripe.sandbox import rates
from payments.stripe.sandbox.events import emit
from payments.stripe.sandbox.funds import move_settled, settled_of
from payments.stripe.sandbox.resources import (
    Json,
    SandboxError,
    create,
    fetch,
    invalid,
    listed,
    load,
    new_id,
    now_seconds,
    save,
)

_BANK_TAKES_SECONDS = 20


def create_refund(params: Json) -> Json:
    """Refund all or part of a payment, never more than is left of it."""
    charge = _charge_of(params)
    left = charge.data["amount"] - charge.data["amount_refunded"]
    amount = int(params.get("amount") or left)
    if charge.data["disputed"] and not charge.data.get("_is_refundable", True):
        raise SandboxError("charge_disputed", f"Charge {charge.object_id} has been charged back; cannot refund it.")
    if left == 0:
        raise SandboxError("charge_already_refunded", f"Charge {charge.object_id} has already been refunded.")
    if not 0 < amount <= left:
        raise SandboxError("amount_too_large", f"Refund amount ({amount}) is greater than unrefunded amount ({left}).")
    rates.check_amount(amount, charge.data["currency"], "amount")
    refund = _store(charge, amount, params)
    _note_refunded(charge, amount)
    emit("refund.created", refund)
    emit("charge.refunded", charge.data)
    return refund


def retrieve_refund(params: Json, refund_id: str) -> Json:
    return fetch("refund", refund_id)


def update_refund(params: Json, refund_id: str) -> Json:
    """Change the metadata; nothing else may change."""
    refund = load("refund", refund_id, lock=True)
    return save(refund, metadata={**refund.data["metadata"], **params.get("metadata", {})})


def list_refunds(params: Json) -> Json:
    """Return the refunds, newest first; by `payment_intent`, `charge` and `created`."""
    rows = SandboxObject.objects.filter(kind="refund")
    if "payment_intent" in params:
        rows = rows.filter(group=params["payment_intent"])
    if "charge" in params:
        rows = rows.filter(group=fetch("charge", params["charge"])["payment_intent"])
    return listed(rows, params, "/v1/refunds")


def settle_refunds() -> None:
    """Let refunds to banks arrive once they are due."""
    for row in SandboxObject.objects.select_for_update().filter(kind="refund", data__status="pending").order_by("pk"):
        if row.data["_settles_at"] <= now_seconds():
            settle_refund(row)


def settle_refund(row: SandboxObject) -> None:
    emit("refund.updated", save(row, status="succeeded"))


def fail_refund(refund_id: str) -> Json:
    """Let the buyer's bank return the money to our balance, as happens days later; the charge may then be refunded
    again."""
    row = load("refund", refund_id, lock=True)
    if row.data["status"] == "failed":
        raise SandboxError("status_transition_invalid", "This refund has failed already.")
    charge = load("charge", row.data["charge"], lock=True)
    kind = "refund_failure" if _is_card(charge) else "payment_failure_refund"
    back = move_settled(kind, refund_id, settled_of(row.data["balance_transaction"]), category="refund_failure")
    refund = save(row, status="failed", failure_reason="expired_or_canceled_card", failure_balance_transaction=back)
    _note_refunded(charge, -row.data["amount"])
    emit("refund.updated", refund)
    emit("refund.failed", refund)
    return refund


def _charge_of(params: Json) -> SandboxObject:
    """Return the locked charge that a request names, directly or by its payment."""
    if params.get("charge"):
        return load("charge", params["charge"], lock=True)
    if not params.get("payment_intent"):
        raise invalid("parameter_missing", "One of charge or payment_intent must be provided.", "payment_intent")
    intent = fetch("payment_intent", params["payment_intent"])
    if intent["status"] != "succeeded":
        raise SandboxError(
            "payment_intent_unexpected_state", "This PaymentIntent does not have a successful charge to refund."
        )
    return load("charge", intent["latest_charge"], lock=True)


def _store(charge: SandboxObject, amount: int, params: Json) -> Json:
    refund_id, is_card = new_id("re"), _is_card(charge)
    settled = rates.settle(amount, charge.data["currency"])
    taken = move_settled("refund" if is_card else "payment_refund", refund_id, settled, category="refund", sign=-1)
    return create(
        "refund",
        {
            "id": refund_id,
            "object": "refund",
            "amount": amount,
            "currency": charge.data["currency"],
            "charge": charge.object_id,
            "payment_intent": charge.data["payment_intent"],
            "balance_transaction": taken,
            "destination_details": {"type": "card", "card": {"type": "refund"}} if is_card else {"type": "sepa_debit"},
            "metadata": params.get("metadata", {}),
            "reason": params.get("reason"),
            "status": "succeeded" if is_card else "pending",
            "created": now_seconds(),
            "_settles_at": now_seconds() + _BANK_TAKES_SECONDS,
        },
        group=charge.data["payment_intent"],
    )


def _note_refunded(charge: SandboxObject, change: int) -> None:
    refunded = charge.data["amount_refunded"] + change
    save(charge, amount_refunded=refunded, refunded=refunded == charge.data["amount"])


def _is_card(charge: SandboxObject) -> bool:
    is_card: bool = charge.data["payment_method_details"]["type"] == "card"
    return is_card
