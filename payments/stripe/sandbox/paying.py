"""What a buyer does on the sandbox's payment page."""

from __future__ import annotations

from django.db import transaction

from common import clock
from payments.errors import CardDeclined, SessionClosed
from payments.models import SandboxObject
from payments.stripe.sandbox.cards import CARDS, TestCard
from payments.stripe.sandbox.checkout import UNDECIDED, retrieve_session
from payments.stripe.sandbox.events import emit
from payments.stripe.sandbox.funds import move, processor_fee_minor
from payments.stripe.sandbox.wire import Json, create, load, new_id, now_seconds, save, visible

_SETTLES_AFTER_SECONDS = 20


@transaction.atomic
def session_of_page(*, session_id: str) -> Json:
    """The session as the page shows it, lines included. Raises SandboxError when there is none."""
    retrieve_session({}, session_id)
    session: Json = load("checkout.session", session_id).data
    return session


@transaction.atomic
def pay(*, session_id: str, card: TestCard, country: str) -> Json:
    """Pay an open session and return it. Raises CardDeclined, SessionClosed."""
    row = _open_session(session_id)
    row.group = ""
    if card.outcome == "declined":
        raise CardDeclined
    details = {"email": row.data["customer_email"], "address": {"country": country}}
    if not row.data["amount_total"]:
        save(row, status="complete", payment_status="no_payment_required", url=None, customer_details=details)
    elif card.outcome in {"later_pays", "later_fails"}:
        intent = _intent(row.data, "processing")
        save(row, status="complete", url=None, customer_details=details, payment_intent=intent["id"])
        row.group = UNDECIDED
        save(row, _card=card.token, _settles_at=now_seconds() + _SETTLES_AFTER_SECONDS)
    else:
        intent = _intent(row.data, "requires_payment_method")
        save(row, customer_details=details, payment_intent=intent["id"], status="complete", url=None)
        _charge(row, card)
    emit("checkout.session.completed", row.data)
    return visible(row.data)


@transaction.atomic
def settle_later_payments() -> None:
    """Let bank debits that were given on the page succeed or fail once their time has come."""
    waiting = SandboxObject.objects.select_for_update().filter(kind="checkout.session", group=UNDECIDED)
    for row in waiting:
        if row.data["_settles_at"] <= now_seconds():
            settle_later_payment(row)


def settle_later_payment(row: SandboxObject) -> None:
    """The bank's answer about one asynchronous payment."""
    card = CARDS[row.data["_card"]]
    row.group = ""
    save(row)
    if card.outcome == "later_pays":
        _charge(row, card)
        emit("checkout.session.async_payment_succeeded", row.data)
    else:
        save(load("payment_intent", row.data["payment_intent"], lock=True), status="requires_payment_method")
        emit("checkout.session.async_payment_failed", row.data)


def _open_session(session_id: str) -> SandboxObject:
    # The lock keeps two clicks from paying twice: the second finds the session complete.
    row = load("checkout.session", session_id, lock=True)
    if row.data["status"] != "open" or row.data["expires_at"] <= now_seconds():
        raise SessionClosed
    return row


def _intent(session: Json, status: str) -> Json:
    intent_data = session["_payment_intent_data"]
    return create(
        "payment_intent",
        {
            "id": new_id("pi"),
            "object": "payment_intent",
            "amount": session["amount_total"],
            "amount_received": 0,
            "currency": session["currency"],
            "status": status,
            "latest_charge": None,
            "transfer_group": intent_data.get("transfer_group"),
            "metadata": intent_data.get("metadata", {}),
            "livemode": False,
            "created": now_seconds(),
        },
    )


def _charge(session: SandboxObject, card: TestCard) -> None:
    """The money arrives: charge, balance transaction, intent and session say so together."""
    intent = load("payment_intent", session.data["payment_intent"], lock=True)
    amount, charge_id = intent.data["amount"], new_id("ch")
    fee_minor = processor_fee_minor(amount, card.country)
    create(
        "charge",
        {
            "id": charge_id,
            "object": "charge",
            "amount": amount,
            "amount_refunded": 0,
            "refunded": False,
            "disputed": False,
            "currency": intent.data["currency"],
            "paid": True,
            "status": "succeeded",
            "payment_intent": intent.object_id,
            "transfer_group": intent.data["transfer_group"],
            "metadata": intent.data["metadata"],
            "balance_transaction": move("charge", charge_id, intent.data["currency"], amount, fee_minor=fee_minor),
            "billing_details": session.data["customer_details"],
            "payment_method_details": _method_details(card),
            "created": int(clock.now().timestamp()),
        },
        group=intent.object_id,
    )
    save(intent, status="succeeded", amount_received=amount, latest_charge=charge_id)
    save(session, payment_status="paid")


def _method_details(card: TestCard) -> Json:
    if card.method == "card":
        return {"type": "card", "card": {"brand": "visa", "country": card.country, "last4": card.last4}}
    return {"type": "sepa_debit", "sepa_debit": {"country": card.country, "last4": card.last4}}
