"""Early fraud warnings: a card network reports a payment that the cardholder did not make, days before any dispute."""

from __future__ import annotations

from django.db import transaction

from payments.models import SandboxObject
from payments.stripe.sandbox.events import emit
from payments.stripe.sandbox.resources import Json, create, fetch, listed, load, new_id, now_seconds


@transaction.atomic
def warn_of_fraud(charge_id: str, fraud_type: str = "made_with_stolen_card") -> Json:
    """Let the network warn about a charge."""
    charge = load("charge", charge_id).data
    warning = create(
        "radar.early_fraud_warning",
        {
            "id": new_id("issfr"),
            "object": "radar.early_fraud_warning",
            "actionable": _is_actionable(charge),
            "charge": charge_id,
            "created": now_seconds(),
            "fraud_type": fraud_type,
            "livemode": False,
            "payment_intent": charge["payment_intent"],
        },
        group=charge["payment_intent"],
    )
    emit("radar.early_fraud_warning.created", warning)
    return warning


def retrieve_warning(params: Json, warning_id: str) -> Json:
    return _now(fetch("radar.early_fraud_warning", warning_id))


def list_warnings(params: Json) -> Json:
    """Return the warnings, newest first; by `charge`, `payment_intent` and `created`."""
    rows = SandboxObject.objects.filter(kind="radar.early_fraud_warning")
    if "payment_intent" in params:
        rows = rows.filter(group=params["payment_intent"])
    if "charge" in params:
        rows = rows.filter(data__charge=params["charge"])
    listing = listed(rows, params, "/v1/radar/early_fraud_warnings")
    return listing | {"data": [_now(warning) for warning in listing["data"]]}


def _now(warning: Json) -> Json:
    """Return the warning in its current state: nothing is left to do once the payment is refunded or disputed."""
    return warning | {"actionable": _is_actionable(fetch("charge", warning["charge"]))}


def _is_actionable(charge: Json) -> bool:
    return not charge["refunded"] and not charge["disputed"]
