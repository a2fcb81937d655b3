"""Payees of the sandbox: v2 accounts with the recipient configuration, and their onboarding page."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from babel.numbers import get_territory_currencies
from django.db import transaction
from django.urls import reverse

from common import clock
from common.sites import site_of_address
from payments.models import SandboxAccountBalance, SandboxObject
from payments.stripe.sandbox import payouts
from payments.stripe.sandbox.events import emit_thin
from payments.stripe.sandbox.resources import Json, SandboxError, fetch, invalid, load, new_id, save
from payments.stripe.sandbox.resources import create as store

_LINK_LASTS = timedelta(hours=1)
CAPABILITY_UPDATED = "v2.core.account[configuration.recipient].capability_status_updated"


def create_account(params: Json) -> Json:
    """Create a payee that has requested transfers and has yet to verify its identity."""
    recipient = params.get("configuration", {}).get("recipient", {})
    wanted = recipient.get("capabilities", {}).get("stripe_balance", {}).get("stripe_transfers", {})
    if not wanted.get("requested"):
        raise invalid("parameter_missing", "The sandbox knows recipients of stripe_transfers only.", "configuration")
    country = params.get("identity", {}).get("country")
    if not country:
        raise invalid("parameter_missing", "identity.country is required.", "identity")
    if not get_territory_currencies(country):
        raise invalid("country_unsupported", f"{country} is not currently supported by Stripe.", "identity.country")
    account = {
        "id": new_id("acct"),
        "object": "v2.core.account",
        "applied_configurations": ["recipient"],
        "closed": False,
        "contact_email": params.get("contact_email"),
        "contact_phone": None,
        "created": _iso(clock.now()),
        "dashboard": params.get("dashboard"),
        "defaults": params.get("defaults"),
        "display_name": params.get("display_name"),
        "future_requirements": None,
        "identity": {"country": country},
        "configuration": _with_status("restricted"),
        "livemode": False,
        "metadata": params.get("metadata", {}),
        "requirements": None,
    }
    return _included(store("account", account), params)


def retrieve_account(params: Json, account_id: str) -> Json:
    return _included(fetch("account", account_id), params)


def update_account(params: Json, account_id: str) -> Json:
    """Change the payee's contact details and name; what it may do is decided on its own pages."""
    row = load("account", account_id, lock=True)
    _check_open(row.data)
    changes = {name: params[name] for name in ("contact_email", "display_name", "dashboard") if name in params}
    account = save(row, metadata={**row.data["metadata"], **params.get("metadata", {})}, **changes)
    _report("v2.core.account.updated", account_id)
    return _included(account, params)


def close_account(params: Json, account_id: str) -> Json:
    """Close a payee's account permanently; its balance must be zero first."""
    row = load("account", account_id, lock=True)
    _check_open(row.data)
    if SandboxAccountBalance.objects.filter(account_id=account_id).exclude(available_minor=0).exists():
        raise SandboxError("", "The account still has a balance.")
    account = save(row, closed=True, configuration=_with_status("closed"))
    _report("v2.core.account.closed", account_id)
    return _included(account, params)


def list_accounts(params: Json) -> Json:
    """Return the accounts, newest first, as a v2 list: `limit`, and `page` as given in the URL of the next page."""
    rows = SandboxObject.objects.filter(kind="account", data__closed=bool(params.get("closed") == "true"))
    if "page" in params:
        rows = rows.filter(pk__lt=int(params["page"]))
    limit = int(params.get("limit", 20))
    found = list(rows.order_by("-id")[: limit + 1])
    next_url = f"/v2/core/accounts?limit={limit}&page={found[limit - 1].pk}" if len(found) > limit else None
    data = [_included(row.data, {}) for row in found[:limit]]
    return {"data": data, "next_page_url": next_url, "previous_page_url": None}


def create_account_link(params: Json) -> Json:
    """Create a link to the payee's onboarding page; it is valid for an hour."""
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
        "url": site_of_address(onboarding["refresh_url"]) + reverse("sandbox-onboard", args=[link_id]),
        "use_case": use_case,
    }
    store("account_link", link)
    return {name: value for name, value in link.items() if name != "id"}


def link_of_page(*, link_id: str) -> tuple[Json, Json]:
    """Return the link and its account. Raises SandboxError if there is none."""
    link = load("account_link", link_id).data
    return link, load("account", link["account"]).data


def has_expired(link: Json) -> bool:
    return datetime.fromisoformat(link["expires_at"]) <= clock.now()


@transaction.atomic
def finish_onboarding(*, link_id: str) -> Json:
    """Complete the onboarding, which activates transfers. Return the link."""
    link: Json = load("account_link", link_id).data
    set_capability(account_id=link["account"], status="active")
    return link


@transaction.atomic
def set_capability(*, account_id: str, status: str) -> None:
    """Set whether the account may receive transfers, and emit the event: active, pending, restricted, unsupported."""
    account = load("account", account_id, lock=True)
    if status == "active":
        payouts.ensure_bank(account_id, account.data["identity"]["country"])
    save(account, configuration=_with_status(status))
    _report(CAPABILITY_UPDATED, account_id)


@transaction.atomic
def close(*, account_id: str) -> None:
    """Close the account as the payee or Stripe would; its remaining balance is removed with it."""
    SandboxAccountBalance.objects.filter(account_id=account_id).update(available_minor=0)
    close_account({}, account_id)


def transfers_status(account: Json) -> str:
    """Return the status of the capability to receive transfers."""
    status: str = account["configuration"]["recipient"]["capabilities"]["stripe_balance"]["stripe_transfers"]["status"]
    return status


def _check_open(account: Json) -> None:
    if account["closed"]:
        raise SandboxError("account_closed", "The account has been closed.")


def _report(event_type: str, account_id: str) -> None:
    emit_thin(
        event_type,
        related_id=account_id,
        related_type="v2.core.account",
        url=f"/v2/core/accounts/{account_id}",
    )


def _with_status(status: str) -> Json:
    return {
        "recipient": {"applied": True, "capabilities": {"stripe_balance": {"stripe_transfers": _capability(status)}}}
    }


def _capability(status: str) -> Json:
    return {"requested": True, "status": status, "status_details": []}


def _included(account: Json, params: Json) -> Json:
    """Remove what was not requested with `include`, as v2 does."""
    include = params.get("include", [])
    return {
        **account,
        "configuration": account["configuration"] if "configuration.recipient" in include else None,
        "defaults": account["defaults"] if "defaults" in include else None,
        "identity": account["identity"] if "identity" in include else None,
    }


def _iso(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")
