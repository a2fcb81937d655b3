"""The platform's balance in the sandbox: charges come in; fees, refunds and transfers go out."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django.db.models import F

from common import clock
from common.money import apply_bps
from payments.models import SandboxBalance, SandboxBalanceTransaction, SandboxObject
from payments.stripe.sandbox.events import emit
from payments.stripe.sandbox.wire import (
    Json,
    SandboxError,
    balance_transaction,
    create,
    fetch,
    invalid,
    load,
    new_id,
    now_seconds,
    page,
    save,
)

_HOME_COUNTRY = "US"
_FEE_BPS, _FEE_FIXED_MINOR, _FOREIGN_CARD_BPS = 290, 30, 150


def processor_fee_minor(amount_minor: int, card_country: str) -> int:
    """2.9 % + 30 minor units, and 1.5 % more for a card from abroad."""
    abroad = 0 if card_country == _HOME_COUNTRY else _FOREIGN_CARD_BPS
    return apply_bps(amount_minor, _FEE_BPS + abroad) + _FEE_FIXED_MINOR


def move(
    kind: str, source_id: str, currency: str, amount_minor: int, *, fee_minor: int = 0, guard: bool = False
) -> str:
    """Change the balance and record why; the balance transaction's id. With `guard` refuses what is not there."""
    currency = currency.upper()
    SandboxBalance.objects.get_or_create(currency=currency)
    net_minor = amount_minor - fee_minor
    balance = SandboxBalance.objects.filter(currency=currency)
    if guard:
        balance = balance.filter(available_minor__gte=-net_minor)
    if not balance.update(available_minor=F("available_minor") + net_minor):
        raise SandboxError("balance_insufficient", "You have insufficient available funds in your Stripe account.")
    row = SandboxBalanceTransaction.objects.create(
        object_id=new_id("txn"),
        kind=kind,
        source_id=source_id,
        currency=currency,
        amount_minor=amount_minor,
        fee_minor=fee_minor,
        created_at=clock.now(),
    )
    return row.object_id


def retrieve_payment_intent(params: Json, payment_id: str) -> Json:
    return fetch("payment_intent", payment_id)


def create_refund(params: Json) -> Json:
    """Give back all or part of a payment, never more than is left of it."""
    if not params.get("payment_intent"):
        raise invalid("parameter_missing", "One of charge or payment_intent must be provided.", "payment_intent")
    intent = load("payment_intent", params["payment_intent"])
    if intent.data["status"] != "succeeded":
        raise SandboxError("charge_not_succeeded", "This PaymentIntent does not have a successful charge to refund.")
    charge = load("charge", intent.data["latest_charge"], lock=True)
    left = charge.data["amount"] - charge.data["amount_refunded"]
    amount = int(params.get("amount") or left)
    if left == 0:
        raise SandboxError("charge_already_refunded", f"Charge {charge.object_id} has already been refunded.")
    if not 0 < amount <= left:
        raise SandboxError("amount_too_large", f"Refund amount ({amount}) is greater than unrefunded amount ({left}).")
    refund_id = new_id("re")
    refund = create(
        "refund",
        {
            "id": refund_id,
            "object": "refund",
            "amount": amount,
            "currency": charge.data["currency"],
            "charge": charge.object_id,
            "payment_intent": intent.object_id,
            "balance_transaction": move("refund", refund_id, charge.data["currency"], -amount),
            "failure_balance_transaction": None,
            "metadata": params.get("metadata", {}),
            "reason": params.get("reason"),
            "status": "succeeded",
            "created": now_seconds(),
        },
        group=intent.object_id,
    )
    refunded = charge.data["amount_refunded"] + amount
    save(charge, amount_refunded=refunded, refunded=refunded == charge.data["amount"])
    emit("refund.created", refund)
    emit("charge.refunded", charge.data)
    return refund


def list_refunds(params: Json) -> Json:
    rows = SandboxObject.objects.filter(kind="refund", group=params.get("payment_intent", "")).order_by("-id")
    if "starting_after" in params:
        rows = rows.filter(pk__lt=load("refund", params["starting_after"]).pk)
    limit = int(params.get("limit", 10))
    return page((row.data for row in rows[: limit + 1]), "/v1/refunds", limit)


def create_transfer(params: Json) -> Json:
    """Move money of the platform to a payee that may receive it."""
    amount, currency = int(params.get("amount", 0)), str(params.get("currency", ""))
    if amount <= 0 or not currency:
        raise invalid("parameter_invalid_integer", "This value must be greater than or equal to 1.", "amount")
    account = load("account", str(params.get("destination", ""))).data
    if transfers_status(account) != "active":
        raise SandboxError(
            "insufficient_capabilities_for_transfer",
            "Your destination account needs to have at least one of the following capabilities enabled: transfers",
        )
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
            "transfer_group": group or None,
            "balance_transaction": move("transfer", transfer_id, currency, -amount, guard=True),
            "metadata": params.get("metadata", {}),
            "livemode": False,
            "created": now_seconds(),
        },
        group=group,
    )
    emit("transfer.created", transfer)
    return transfer


def transfers_status(account: Json) -> str:
    """The state of the capability that lets an account receive transfers."""
    status: str = account["configuration"]["recipient"]["capabilities"]["stripe_balance"]["stripe_transfers"]["status"]
    return status


def list_transfers(params: Json) -> Json:
    rows = SandboxObject.objects.filter(kind="transfer").order_by("-id")
    if "transfer_group" in params:
        rows = rows.filter(group=params["transfer_group"])
    limit = int(params.get("limit", 10))
    return page((row.data for row in rows[: limit + 1]), "/v1/transfers", limit)


def create_reversal(params: Json, transfer_id: str) -> Json:
    """Take back all or part of a transfer."""
    transfer = load("transfer", transfer_id, lock=True)
    left = transfer.data["amount"] - transfer.data["amount_reversed"]
    amount = int(params.get("amount") or left)
    if not 0 < amount <= left:
        raise SandboxError("amount_too_large", f"Reversal amount ({amount}) is greater than the rest ({left}).")
    reversal_id = new_id("trr")
    reversal = create(
        "transfer_reversal",
        {
            "id": reversal_id,
            "object": "transfer_reversal",
            "amount": amount,
            "currency": transfer.data["currency"],
            "transfer": transfer_id,
            "balance_transaction": move("transfer_refund", reversal_id, transfer.data["currency"], amount),
            "metadata": params.get("metadata", {}),
            "created": now_seconds(),
        },
        group=transfer_id,
    )
    reversed_minor = transfer.data["amount_reversed"] + amount
    save(transfer, amount_reversed=reversed_minor, reversed=reversed_minor == transfer.data["amount"])
    emit("transfer.reversed", transfer.data)
    return reversal


def list_balance_transactions(params: Json) -> Json:
    """Newest first; by `created` (gte, lt), `currency` and `source`; pages by `starting_after`."""
    rows = SandboxBalanceTransaction.objects.order_by("-id")
    created: Any = params.get("created", {})
    if "gte" in created:
        rows = rows.filter(created_at__gte=datetime.fromtimestamp(int(created["gte"]), UTC))
    if "lt" in created:
        rows = rows.filter(created_at__lt=datetime.fromtimestamp(int(created["lt"]), UTC))
    if "currency" in params:
        rows = rows.filter(currency=params["currency"].upper())
    if "source" in params:
        rows = rows.filter(source_id=params["source"])
    if "starting_after" in params:
        rows = rows.filter(pk__lt=SandboxBalanceTransaction.objects.get(object_id=params["starting_after"]).pk)
    limit = int(params.get("limit", 10))
    return page((balance_transaction(row) for row in rows[: limit + 1]), "/v1/balance_transactions", limit)
