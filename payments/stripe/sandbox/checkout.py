"""Checkout sessions of the sandbox: created by the API, paid on the sandbox's page."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from common.sites import site_of_address
from payments.models import SandboxObject
from payments.stripe.sandbox import rates
from payments.stripe.sandbox.customers import check_customer
from payments.stripe.sandbox.events import emit
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
    page,
    save,
    visible,
)

_MINIMUM_MINOR = {"gbp": 30}
_USUAL_MINIMUM_MINOR = 50
_MIN_SECONDS, _MAX_SECONDS = 30 * 60, 24 * 60 * 60
_CLOCK_SLACK_SECONDS = 60

# Sessions that change as time passes are found by their group.
OPEN, UNDECIDED = "open", "undecided"


def create_session(params: Json) -> Json:
    """Create a session in payment mode with inline prices."""
    _check(params)
    check_customer(params)
    lines = [_line(item) for item in params["line_items"]]
    currencies = {line["currency"] for line in lines}
    if len(currencies) != 1:
        raise invalid("", "All line items must have the same currency.", "line_items")
    currency, total = currencies.pop(), sum(line["amount_total"] for line in lines)
    rates.check_amount(total, currency, "line_items")
    if 0 < total < _MINIMUM_MINOR.get(currency, _USUAL_MINIMUM_MINOR):
        raise invalid("amount_too_small", "The Checkout Session's total amount due is below the minimum charge.")
    session_id = new_id("cs_test")
    session = {
        "id": session_id,
        "object": "checkout.session",
        "mode": "payment",
        "ui_mode": "hosted_page",
        "status": "open",
        "payment_status": "unpaid",
        "payment_intent": None,
        "automatic_tax": _automatic_tax(params),
        "amount_subtotal": total,
        "amount_total": total,
        "total_details": {"amount_discount": 0, "amount_shipping": 0, "amount_tax": 0},
        "currency": currency,
        "client_reference_id": params.get("client_reference_id"),
        "metadata": params.get("metadata", {}),
        "customer": params.get("customer"),
        "customer_creation": params.get("customer_creation", "if_required"),
        "customer_email": params.get("customer_email"),
        "saved_payment_method_options": params.get("saved_payment_method_options"),
        "customer_details": None,
        "success_url": params["success_url"],
        "cancel_url": params.get("cancel_url"),
        "expires_at": int(params["expires_at"]) if "expires_at" in params else now_seconds() + _MAX_SECONDS,
        "created": now_seconds(),
        "livemode": False,
        "url": site_of_address(params["success_url"]) + reverse("sandbox-pay", args=[session_id]),
        "_lines": lines,
        "_payment_intent_data": params.get("payment_intent_data", {}),
    }
    return create("checkout.session", session, group=OPEN)


def retrieve_session(params: Json, session_id: str) -> Json:
    row = load("checkout.session", session_id, lock=True)
    _expire_if_late(row)
    data: Json = row.data
    return data


def list_sessions(params: Json) -> Json:
    """Return the sessions, newest first; by `payment_intent`, `status` and `created`."""
    rows = SandboxObject.objects.filter(kind="checkout.session")
    for name in ("payment_intent", "status"):
        if name in params:
            rows = rows.filter(**{f"data__{name}": params[name]})
    return listed(rows, params, "/v1/checkout/sessions")


def list_line_items(params: Json, session_id: str) -> Json:
    lines = [visible(line) for line in fetch("checkout.session", session_id)["_lines"]]
    return page(lines, f"/v1/checkout/sessions/{session_id}/line_items", params)


def expire_session(params: Json, session_id: str) -> Json:
    """Close an open session at our own request."""
    row = load("checkout.session", session_id, lock=True)
    _expire_if_late(row)
    if row.data["status"] != "open":
        raise SandboxError(
            "status_transition_invalid", 'Only Checkout Sessions with a status in ["open"] can be expired.'
        )
    return _expire(row)


def expire_late_sessions() -> None:
    """Close sessions that were not paid in time, so that their events are sent without a request."""
    for row in SandboxObject.objects.select_for_update().filter(kind="checkout.session", group=OPEN):
        _expire_if_late(row)


def _expire_if_late(row: SandboxObject) -> None:
    if row.data["status"] == "open" and row.data["expires_at"] <= now_seconds():
        _expire(row)


def _expire(row: SandboxObject) -> Json:
    row.group = ""
    data = save(row, status="expired", url=None)
    emit("checkout.session.expired", data)
    return data


def _check(params: Json) -> None:
    if params.get("mode") != "payment":
        raise invalid("parameter_unknown", "The sandbox knows mode payment only.", "mode")
    if params.get("ui_mode", "hosted_page") != "hosted_page":
        raise invalid("parameter_unknown", "The sandbox knows ui_mode hosted_page only.", "ui_mode")
    if not params.get("success_url"):
        raise invalid("parameter_missing", "success_url is required for hosted pages.", "success_url")
    if not params.get("line_items"):
        raise invalid("parameter_missing", "line_items is required in payment mode.", "line_items")
    if "expires_at" in params:
        ahead = int(params["expires_at"]) - now_seconds()
        if not _MIN_SECONDS - _CLOCK_SLACK_SECONDS <= ahead <= _MAX_SECONDS + _CLOCK_SLACK_SECONDS:
            raise invalid(
                "parameter_invalid_integer",
                "expires_at must be between 30 minutes and 24 hours from now.",
                "expires_at",
            )


def _line(item: Any) -> Json:
    price = item["price_data"]
    quantity, unit_amount = int(item.get("quantity", 1)), int(price["unit_amount"])
    total = unit_amount * quantity
    return {
        "id": new_id("li"),
        "object": "item",
        "adjustable_quantity": None,
        "amount_discount": 0,
        "amount_subtotal": total,
        "amount_tax": 0,
        "amount_total": total,
        "currency": price["currency"],
        "description": price["product_data"]["name"],
        "metadata": price["product_data"].get("metadata", {}),
        "price": {
            "id": new_id("price"),
            "object": "price",
            "active": False,
            "billing_scheme": "per_unit",
            "currency": price["currency"],
            "tax_behavior": price.get("tax_behavior", "unspecified"),
            "type": "one_time",
            "unit_amount": unit_amount,
            "unit_amount_decimal": str(unit_amount),
        },
        "quantity": quantity,
        "_is_taxed_on_top": price.get("tax_behavior") == "exclusive",
    }


def _automatic_tax(params: Json) -> Json:
    is_enabled = params.get("automatic_tax", {}).get("enabled") == "true"
    status = "requires_location_inputs" if is_enabled else None
    return {"enabled": is_enabled, "liability": {"type": "self"}, "provider": "stripe", "status": status}
