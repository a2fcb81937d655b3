"""Payees of the sandbox: v2 accounts with the recipient configuration, and their onboarding page."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from common import clock
from payments.stripe.sandbox.events import emit_thin
from payments.stripe.sandbox.wire import Json, invalid, load, new_id, save
from payments.stripe.sandbox.wire import create as store

_LINK_LASTS = timedelta(hours=1)
CAPABILITY_UPDATED = "v2.core.account[configuration.recipient].capability_status_updated"


def create_account(params: Json) -> Json:
    """A payee that asked to receive transfers and has still to introduce itself."""
    recipient = params.get("configuration", {}).get("recipient", {})
    wanted = recipient.get("capabilities", {}).get("stripe_balance", {}).get("stripe_transfers", {})
    if not wanted.get("requested"):
        raise invalid("parameter_missing", "The sandbox knows recipients of stripe_transfers only.", "configuration")
    if not params.get("identity", {}).get("country"):
        raise invalid("parameter_missing", "identity.country is required.", "identity")
    account = {
        "id": new_id("acct"),
        "object": "v2.core.account",
        "applied_configurations": ["recipient"],
        "contact_email": params.get("contact_email"),
        "dashboard": params.get("dashboard"),
        "livemode": False,
        "metadata": params.get("metadata", {}),
        "created": _iso(clock.now()),
        "identity": {"country": params["identity"]["country"]},
        "configuration": {
            "recipient": {"capabilities": {"stripe_balance": {"stripe_transfers": _capability("restricted")}}}
        },
    }
    return _included(store("account", account), params)


def retrieve_account(params: Json, account_id: str) -> Json:
    return _included(load("account", account_id).data, params)


def create_account_link(params: Json) -> Json:
    """An address where the payee introduces itself; it lasts an hour."""
    use_case = params.get("use_case", {})
    onboarding = use_case.get("account_onboarding")
    if use_case.get("type") != "account_onboarding" or not onboarding or not onboarding.get("refresh_url"):
        raise invalid("parameter_missing", "use_case must be account_onboarding with a refresh_url.", "use_case")
    account = load("account", str(params.get("account", "")))
    link_id = new_id("alnk")
    link = {
        "id": link_id,
        "object": "v2.core.account_link",
        "account": account.object_id,
        "created": _iso(clock.now()),
        "expires_at": _iso(clock.now() + _LINK_LASTS),
        "livemode": False,
        "url": settings.SITE_URL + reverse("sandbox-onboard", args=[link_id]),
        "use_case": use_case,
    }
    store("account_link", link)
    return {name: value for name, value in link.items() if name != "id"}


def link_of_page(*, link_id: str) -> tuple[Json, Json]:
    """The link and its account. Raises SandboxError when there is none."""
    link = load("account_link", link_id).data
    return link, load("account", link["account"]).data


def has_expired(link: Json) -> bool:
    return datetime.fromisoformat(link["expires_at"]) <= clock.now()


@transaction.atomic
def finish_onboarding(*, link_id: str) -> Json:
    """The payee has introduced itself: transfers become active. Returns the link."""
    link: Json = load("account_link", link_id).data
    set_capability(account_id=link["account"], status="active")
    return link


@transaction.atomic
def set_capability(*, account_id: str, status: str) -> None:
    """Set whether the account may receive transfers, and report it: active, pending, restricted, unsupported."""
    account = load("account", account_id, lock=True)
    capabilities = {"stripe_balance": {"stripe_transfers": _capability(status)}}
    save(account, configuration={"recipient": {"capabilities": capabilities}})
    emit_thin(
        CAPABILITY_UPDATED,
        related_id=account_id,
        related_type="v2.core.account",
        url=f"/v2/core/accounts/{account_id}",
    )


def _capability(status: str) -> Json:
    return {"requested": True, "status": status, "status_details": []}


def _included(account: Json, params: Json) -> Json:
    """v2 leaves out what was not asked for with `include`."""
    include = params.get("include", [])
    return {
        **account,
        "configuration": account["configuration"] if "configuration.recipient" in include else None,
        "identity": account["identity"] if "identity" in include else None,
    }


def _iso(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")
