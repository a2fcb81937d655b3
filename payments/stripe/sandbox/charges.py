"""Payments of the sandbox: intents and their charges, read by the API and created by the payment page."""

from __future__ import annotations

from common.money import apply_bps
from payments.card_fees import LISTED
from payments.models import SandboxObject
from payments.stripe.sandbox.cards import TestCard
from payments.stripe.sandbox.funds import move
from payments.stripe.sandbox.rates import Settled, settle
from payments.stripe.sandbox.resources import Json, create, fetch, listed, load, new_id, now_seconds, save


def processor_fee_minor(settled: Settled, currency: str, card_country: str) -> int:
    """Return the fee listed for prices in the currency, or else for the balance currency it was converted to."""
    listed_in = currency.upper() if currency.upper() in LISTED else settled.currency
    fees = LISTED[listed_in]
    fixed_minor = settle(fees.fixed_minor, listed_in).amount_minor
    return apply_bps(settled.amount_minor, fees.rate_for(card_country)) + fixed_minor


def retrieve_payment_intent(params: Json, payment_id: str) -> Json:
    return fetch("payment_intent", payment_id)


def retrieve_charge(params: Json, charge_id: str) -> Json:
    return fetch("charge", charge_id)


def list_charges(params: Json) -> Json:
    """Return the charges, newest first; by `payment_intent`, `transfer_group` and `created`."""
    rows = SandboxObject.objects.filter(kind="charge")
    if "payment_intent" in params:
        rows = rows.filter(group=params["payment_intent"])
    if "transfer_group" in params:
        rows = rows.filter(data__transfer_group=params["transfer_group"])
    return listed(rows, params, "/v1/charges")


def create_intent(session: Json, status: str) -> Json:
    """Create the payment behind a session."""
    intent_data = session["_payment_intent_data"]
    payment_id = new_id("pi")
    return create(
        "payment_intent",
        {
            "id": payment_id,
            "object": "payment_intent",
            "amount": session["amount_total"],
            "amount_received": 0,
            "client_secret": f"{payment_id}_secret_{new_id('sandbox')}",
            "currency": session["currency"],
            "status": status,
            "latest_charge": None,
            "transfer_group": intent_data.get("transfer_group"),
            "metadata": intent_data.get("metadata", {}),
            "livemode": False,
            "created": now_seconds(),
        },
    )


def create_charge(session: SandboxObject, card: TestCard) -> None:
    """Let the money arrive: create charge and balance transaction and update intent and session together."""
    intent = load("payment_intent", session.data["payment_intent"], lock=True)
    amount, charge_id = intent.data["amount"], new_id("ch")
    settled = settle(amount, intent.data["currency"])
    row_id = move(
        "charge" if card.method == "card" else "payment",
        charge_id,
        settled.currency,
        settled.amount_minor,
        fee_minor=processor_fee_minor(settled, intent.data["currency"], card.country),
        rate=settled.rate,
        category="charge",
    )
    create(
        "charge",
        {
            "id": charge_id,
            "object": "charge",
            "amount": amount,
            "amount_captured": amount,
            "amount_refunded": 0,
            "refunded": False,
            "disputed": False,
            "currency": intent.data["currency"],
            "livemode": False,
            "outcome": {"network_status": "approved_by_network", "type": "authorized", "risk_level": "normal"},
            "paid": True,
            "status": "succeeded",
            "payment_intent": intent.object_id,
            "transfer_group": intent.data["transfer_group"],
            "metadata": intent.data["metadata"],
            "balance_transaction": row_id,
            "billing_details": _billing(session.data["customer_details"]),
            "payment_method_details": _method_details(card),
            "created": now_seconds(),
        },
        group=intent.object_id,
    )
    save(intent, status="succeeded", amount_received=amount, latest_charge=charge_id)
    save(session, payment_status="paid")


def _billing(customer: Json) -> Json:
    return {name: customer[name] for name in ("address", "email", "name", "phone")} | {"tax_id": None}


def _method_details(card: TestCard) -> Json:
    said = {"country": card.country, "last4": card.last4, "fingerprint": card.fingerprint}
    if card.method == "card":
        return {"type": "card", "card": {"brand": "visa"} | said}
    return {"type": "sepa_debit", "sepa_debit": said}
