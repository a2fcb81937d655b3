"""Customers of the sandbox: buyers who let the payment page keep their payment method, and what it keeps."""

from __future__ import annotations

from payments.models import SandboxObject
from payments.stripe.sandbox.cards import CARDS, TestCard
from payments.stripe.sandbox.resources import Json, create, fetch, invalid, listed, load, new_id, now_seconds, save

_SWITCHED_ON = ("card", "sepa_debit")  # what the simulated payment page takes
_SWITCHED_OFF = ("bancontact", "eps", "ideal", "paypal")


def list_payment_methods(params: Json, customer_id: str) -> Json:
    """Return the payment methods kept for the customer, newest first; by `allow_redisplay`."""
    fetch("customer", customer_id)
    rows = SandboxObject.objects.filter(kind="payment_method", group=customer_id)
    if "allow_redisplay" in params:
        rows = rows.filter(data__allow_redisplay=params["allow_redisplay"])
    return listed(rows, params, f"/v1/customers/{customer_id}/payment_methods")


def delete_customer(params: Json, customer_id: str) -> Json:
    row = load("customer", customer_id, lock=True)
    SandboxObject.objects.filter(kind="payment_method", group=customer_id).delete()
    row.delete()
    return {"id": customer_id, "object": "customer", "deleted": True}


def check_customer(params: Json) -> None:
    """Refuse a page for a customer whom we do not know, or who would be named twice."""
    customer_id = params.get("customer")
    if not customer_id:
        return
    if "customer_creation" in params or "customer_email" in params:
        raise invalid("", "You may only specify one of these parameters: customer, customer_creation.", "customer")
    if not SandboxObject.objects.filter(kind="customer", object_id=customer_id).exists():
        raise invalid("resource_missing", f"No such customer: '{customer_id}'", "customer")


def saved_card(session: Json) -> TestCard | None:
    """Return what the page offers to pay with again."""
    rows = SandboxObject.objects.filter(kind="payment_method", group=session["customer"] or "-")
    row = rows.order_by("-pk").first()
    return CARDS[row.data["_card"]] if row is not None else None


def keep(session: SandboxObject, card: TestCard, *, is_wanted: bool) -> None:
    """Create the session's customer, if the page was asked to, and keep the card if its owner ticked the box."""
    customer_id = session.data["customer"]
    if not customer_id and session.data["customer_creation"] == "always":
        customer_id = new_id("cus")
        create("customer", {"id": customer_id, "object": "customer", "created": now_seconds(), "livemode": False})
        save(session, customer=customer_id)
    if customer_id and is_wanted:
        create(
            "payment_method",
            {
                "id": new_id("pm"),
                "object": "payment_method",
                "allow_redisplay": "always",
                "created": now_seconds(),
                "customer": customer_id,
                "livemode": False,
                "type": "card" if card.method == "card" else "sepa_debit",
                "_card": card.token,
            },
            group=customer_id,
        )


def list_configurations(params: Json) -> Json:
    """Return the one configuration of payment methods that the sandbox has."""
    chosen = {name: _method(is_on=name in _SWITCHED_ON) for name in (*_SWITCHED_ON, *_SWITCHED_OFF)}
    about = {
        "id": "pmc_sandbox",
        "object": "payment_method_configuration",
        "active": True,
        "application": None,
        "is_default": True,
        "livemode": False,
        "name": "Default",
        "parent": None,
    }
    data = [about | chosen]
    return {"object": "list", "data": data, "has_more": False, "url": "/v1/payment_method_configurations"}


def _method(*, is_on: bool) -> Json:
    value = "on" if is_on else "off"
    return {
        "available": is_on,
        "display_preference": {"overridable": None, "preference": value, "value": value},
    }
