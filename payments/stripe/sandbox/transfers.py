"""Transfers from the platform to payees, and their reversals."""

from __future__ import annotations

from django.db.models import QuerySet

from payments.models import SandboxObject
from payments.stripe.sandbox import payouts
from payments.stripe.sandbox.accounts import transfers_status
from payments.stripe.sandbox.events import emit
from payments.stripe.sandbox.funds import move
from payments.stripe.sandbox.resources import (
    Json,
    SandboxError,
    create,
    fetch,
    invalid,
    listed,
    load,
    missing,
    new_id,
    now_seconds,
    save,
)


def create_transfer(params: Json) -> Json:
    """Move money of the platform to a payee that may receive it."""
    amount, currency = int(params.get("amount", 0)), str(params.get("currency", ""))
    if amount <= 0 or not currency:
        raise invalid("parameter_invalid_integer", "This value must be greater than or equal to 1.", "amount")
    account = fetch("account", str(params.get("destination", "")))
    _check_destination(account)
    transfer_id = new_id("tr")
    group = str(params.get("transfer_group", ""))
    transfer = create(
        "transfer",
        {
            "id": transfer_id,
            "object": "transfer",
            "amount": amount,
            "amount_reversed": 0,
            "reversed": False,
            "currency": currency,
            "destination": account["id"],
            "destination_payment": new_id("py"),
            "transfer_group": group or None,
            "balance_transaction": move("transfer", transfer_id, currency, -amount, guard=True),
            "metadata": params.get("metadata", {}),
            "livemode": False,
            "created": now_seconds(),
        },
        group=group,
    )
    payouts.credit(account["id"], currency, amount)
    emit("transfer.created", transfer)
    return _with_reversals(transfer)


def retrieve_transfer(params: Json, transfer_id: str) -> Json:
    return _with_reversals(fetch("transfer", transfer_id))


def update_transfer(params: Json, transfer_id: str) -> Json:
    """Change the description and metadata; nothing else may change."""
    row = load("transfer", transfer_id, lock=True)
    metadata = {**row.data["metadata"], **params.get("metadata", {})}
    return _with_reversals(save(row, metadata=metadata, description=params.get("description", row.data["description"])))


def list_transfers(params: Json) -> Json:
    """Return the transfers, newest first; by `transfer_group`, `destination` and `created`."""
    rows = SandboxObject.objects.filter(kind="transfer")
    if "transfer_group" in params:
        rows = rows.filter(group=params["transfer_group"])
    if "destination" in params:
        rows = rows.filter(data__destination=params["destination"])
    listing = listed(rows, params, "/v1/transfers")
    return listing | {"data": [_with_reversals(transfer) for transfer in listing["data"]]}


def create_reversal(params: Json, transfer_id: str) -> Json:
    """Reverse all or part of a transfer, if the payee's balance covers it: what their bank has is out of reach."""
    transfer = load("transfer", transfer_id, lock=True)
    left = transfer.data["amount"] - transfer.data["amount_reversed"]
    amount = int(params.get("amount") or left)
    if not 0 < amount <= left:
        raise SandboxError("amount_too_large", f"Reversal amount ({amount}) is greater than the rest ({left}).")
    payouts.check_covers(transfer.data["destination"], transfer.data["currency"], amount)
    reversal_id, currency = new_id("trr"), transfer.data["currency"]
    reversal = create(
        "transfer_reversal",
        {
            "id": reversal_id,
            "object": "transfer_reversal",
            "amount": amount,
            "currency": currency,
            "transfer": transfer_id,
            "balance_transaction": move("transfer_refund", reversal_id, currency, amount, category="transfer_reversal"),
            "metadata": params.get("metadata", {}),
            "created": now_seconds(),
        },
        group=transfer_id,
    )
    payouts.credit(transfer.data["destination"], currency, -amount)
    reversed_minor = transfer.data["amount_reversed"] + amount
    save(transfer, amount_reversed=reversed_minor, reversed=reversed_minor == transfer.data["amount"])
    emit("transfer.reversed", transfer.data)
    return reversal


def retrieve_reversal(params: Json, transfer_id: str, reversal_id: str) -> Json:
    reversal = fetch("transfer_reversal", reversal_id)
    if reversal["transfer"] != transfer_id:
        raise missing("transfer reversal", reversal_id)
    return reversal


def list_reversals(params: Json, transfer_id: str) -> Json:
    fetch("transfer", transfer_id)
    return listed(_reversals(transfer_id), params, f"/v1/transfers/{transfer_id}/reversals")


def _check_destination(account: Json) -> None:
    if account["closed"]:
        raise SandboxError("account_closed", "The destination account has been closed.", param="destination")
    if transfers_status(account) != "active":
        # Not among the codes that the SDK lists, but this is what Stripe returns.
        raise SandboxError(
            "insufficient_capabilities_for_transfer",
            "Your destination account needs to have at least one of the following capabilities enabled: transfers",
        )


def _reversals(transfer_id: str) -> QuerySet[SandboxObject]:
    return SandboxObject.objects.filter(kind="transfer_reversal", group=transfer_id)


def _with_reversals(transfer: Json) -> Json:
    """Add the first ten reversals to the transfer, as Stripe does."""
    url = f"/v1/transfers/{transfer['id']}/reversals"
    return {**transfer, "reversals": listed(_reversals(transfer["id"]), {}, url)}
