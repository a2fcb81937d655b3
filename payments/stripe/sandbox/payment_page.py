"""The buyer's actions on the sandbox's payment page."""

from __future__ import annotations

from django.db import transaction

from payments.errors import CardDeclined, SessionClosed
from payments.models import SandboxObject
from payments.stripe.sandbox import customers
from payments.stripe.sandbox.cards import CARDS, TestCard
from payments.stripe.sandbox.charges import create_charge, create_intent
from payments.stripe.sandbox.checkout import UNDECIDED, retrieve_session
from payments.stripe.sandbox.events import emit
from payments.stripe.sandbox.resources import Json, load, now_seconds, save, visible
from payments.stripe.sandbox.taxes import taxed

_SETTLES_AFTER_SECONDS = 20


@transaction.atomic
def session_of_page(*, session_id: str) -> Json:
    """Return the session as the page shows it, including lines. Raises SandboxError if there is none."""
    retrieve_session({}, session_id)
    session: Json = load("checkout.session", session_id).data
    return session


@transaction.atomic
def pay(*, session_id: str, card: TestCard, country: str, is_saved: bool = False) -> Json:
    """Pay an open session and return it; `is_saved`: the buyer wants the payment method kept. Raises CardDeclined,
    SessionClosed."""
    row = _open_session(session_id)
    if card.outcome == "declined":
        raise CardDeclined
    row.group = ""
    save(row, **taxed(row.data, country))
    customers.keep(row, card, is_wanted=is_saved and may_save(row.data))
    details = _customer(row.data, country)
    if not row.data["amount_total"]:
        save(row, status="complete", payment_status="no_payment_required", url=None, customer_details=details)
    elif card.outcome in {"later_pays", "later_fails"}:
        intent = create_intent(row.data, "processing")
        save(row, status="complete", url=None, customer_details=details, payment_intent=intent["id"])
        row.group = UNDECIDED
        save(row, _card=card.token, _settles_at=now_seconds() + _SETTLES_AFTER_SECONDS)
    else:
        intent = create_intent(row.data, "requires_payment_method")
        save(row, customer_details=details, payment_intent=intent["id"], status="complete", url=None)
        create_charge(row, card)
    emit("checkout.session.completed", row.data)
    return visible(row.data)


@transaction.atomic
def settle_later_payments() -> None:
    """Let bank debits given on the page succeed or fail once they are due."""
    waiting = SandboxObject.objects.select_for_update().filter(kind="checkout.session", group=UNDECIDED)
    for row in waiting:
        if row.data["_settles_at"] <= now_seconds():
            settle_later_payment(row)


def settle_later_payment(row: SandboxObject) -> None:
    """Process the bank's answer to one asynchronous payment."""
    card = CARDS[row.data["_card"]]
    row.group = ""
    save(row)
    if card.outcome == "later_pays":
        create_charge(row, card)
        emit("checkout.session.async_payment_succeeded", row.data)
    else:
        save(load("payment_intent", row.data["payment_intent"], lock=True), status="requires_payment_method")
        emit("checkout.session.async_payment_failed", row.data)


def may_save(session: Json) -> bool:
    """Return whether the page asks if it may keep the payment method."""
    options = session.get("saved_payment_method_options") or {}
    return bool(options.get("payment_method_save") == "enabled")


def _customer(session: Json, country: str) -> Json:
    address = dict.fromkeys(("city", "line1", "line2", "postal_code", "state")) | {"country": country}
    empty = dict.fromkeys(("business_name", "individual_name", "name", "phone", "tax_ids"))
    return empty | {"address": address, "email": session["customer_email"], "tax_exempt": "none"}


def _open_session(session_id: str) -> SandboxObject:
    # The lock keeps two clicks from paying twice: the second finds the session complete.
    row = load("checkout.session", session_id, lock=True)
    if row.data["status"] != "open" or row.data["expires_at"] <= now_seconds():
        raise SessionClosed
    return row
