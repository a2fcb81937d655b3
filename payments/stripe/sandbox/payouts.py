"""The sandbox's payee balances, their bank accounts, and payouts on their way there.

The platform's own payouts to our bank work the same way: they belong to no account.
"""

from __future__ import annotations

from datetime import timedelta

from babel.numbers import get_territory_currencies
from django.db.models import F, QuerySet

from common import clock
from payments.models import SandboxAccountBalance, SandboxBalance, SandboxBalanceTransaction, SandboxObject
from payments.stripe.sandbox import funds
from payments.stripe.sandbox.events import emit
from payments.stripe.sandbox.resources import (
    Json,
    SandboxError,
    create,
    fetch,
    listed,
    load,
    missing,
    new_id,
    now_seconds,
    save,
    visible,
)

_TRAVELS = timedelta(days=2)
_NUMBERS = ("6789", "1111", "2222", "3333", "4444")


def credit(account_id: str, currency: str, amount_minor: int) -> None:
    """Change the account's balance."""
    rows = SandboxAccountBalance.objects
    rows.get_or_create(account_id=account_id, currency=currency.upper())
    rows.filter(account_id=account_id, currency=currency.upper()).update(
        available_minor=F("available_minor") + amount_minor
    )


def ensure_bank(account_id: str, country: str) -> None:
    """Create the payee's first bank account if there is none."""
    if not _banks(account_id).exists():
        _add_bank(account_id, country, _NUMBERS[0])


def check_covers(account_id: str, currency: str, amount_minor: int) -> None:
    """Lock the account's balance. Raises SandboxError if less than the amount is in it."""
    rows = SandboxAccountBalance.objects.select_for_update().filter(account_id=account_id, currency=currency.upper())
    if sum(row.available_minor for row in rows) < amount_minor:
        raise SandboxError(
            "balance_insufficient", "The connected account does not have enough funds for this reversal."
        )


def change_bank(account_id: str) -> Json:
    """Replace the payee's bank account with another one."""
    account = fetch("account", account_id)
    banks = list(_banks(account_id).select_for_update().order_by("pk"))
    for bank in banks:
        if bank.data["default_for_currency"]:
            old = save(bank, default_for_currency=False)
            emit("account.external_account.updated", old, account_id=account_id)
    new = _add_bank(account_id, account["identity"]["country"], _NUMBERS[len(banks) % len(_NUMBERS)])
    emit("account.external_account.created", new, account_id=account_id)
    return new


def list_banks(params: Json, account_id: str) -> Json:
    fetch("account", account_id)
    return listed(_banks(account_id), params, f"/v1/accounts/{account_id}/external_accounts")


def retrieve_bank(params: Json, account_id: str, bank_id: str) -> Json:
    bank = fetch("bank_account", bank_id)
    if bank["account"] != account_id:
        raise missing("external account", bank_id)
    return bank


def retrieve_balance(params: Json, account_id: str) -> Json:
    """Return the balance of a connected account, or ours."""
    if not account_id:
        return funds.retrieve_balance(params)
    rows = SandboxAccountBalance.objects.filter(account_id=account_id).order_by("currency")
    parts = [{"amount": row.available_minor, "currency": row.currency.lower()} for row in rows]
    return {"object": "balance", "livemode": False, "available": parts, "pending": []}


def list_payouts(params: Json, account_id: str) -> Json:
    """Return the payouts of the account, or our own, newest first; by `status`, `created` and `destination`."""
    rows = SandboxObject.objects.filter(kind="payout", group=account_id)
    for name in ("status", "destination"):
        if name in params:
            rows = rows.filter(**{f"data__{name}": params[name]})
    return listed(rows, params, "/v1/payouts")


def retrieve_payout(params: Json, account_id: str, payout_id: str) -> Json:
    row = load("payout", payout_id)
    if row.group != account_id:
        raise missing("payout", payout_id)
    return visible(row.data)


def pay_out_accounts() -> None:
    """Send the payees' balances to their banks, as happens every day."""
    for balance in SandboxAccountBalance.objects.select_for_update().filter(available_minor__gt=0).order_by("pk"):
        bank = _default_bank(balance.account_id)
        if bank is not None and bank.data["status"] != "errored":
            _send(balance.account_id, bank.object_id, balance.currency, balance.available_minor)
            credit(balance.account_id, balance.currency, -balance.available_minor)


def pay_out_platform(currency: str) -> Json:
    """Send our own balance in a currency to our bank; its movements belong to that payout from then on."""
    balance = SandboxBalance.objects.select_for_update().filter(currency=currency.upper()).first()
    if balance is None or balance.available_minor <= 0:
        raise SandboxError("balance_insufficient", "You have insufficient funds in your Stripe account.")
    payout = _send("", "ba_platform", balance.currency, balance.available_minor)
    row_id = funds.move("payout", payout["id"], balance.currency, -balance.available_minor)
    SandboxBalanceTransaction.objects.filter(currency=balance.currency, payout_id="").update(payout_id=payout["id"])
    return save(load("payout", payout["id"]), balance_transaction=row_id)


def settle_payouts() -> None:
    """Let payouts arrive that are due."""
    travelling = SandboxObject.objects.select_for_update().filter(kind="payout", data__status="in_transit")
    for row in travelling.order_by("pk"):
        if row.data["arrival_date"] <= now_seconds():
            _arrive(row)


def pay_payout(payout_id: str) -> Json:
    """Let the payout arrive at the bank now."""
    row = load("payout", payout_id, lock=True)
    if row.data["status"] != "in_transit":
        raise SandboxError("status_transition_invalid", f"This payout is {row.data['status']}.")
    return _arrive(row)


def fail_payout(payout_id: str) -> Json:
    """Let the bank return the payout, even after accepting it; the bank account accepts no more until it is changed."""
    row = load("payout", payout_id, lock=True)
    if row.data["status"] == "failed":
        raise SandboxError("status_transition_invalid", "This payout has failed already.")
    amount, currency = row.data["amount"], row.data["currency"]
    changes: Json = {"failure_code": "account_closed", "failure_message": "The bank account has been closed."}
    if row.group:
        credit(row.group, currency, amount)
        bank = SandboxObject.objects.filter(kind="bank_account", object_id=row.data["destination"]).first()
        if bank is not None:
            save(bank, status="errored")
    else:
        changes["failure_balance_transaction"] = funds.move(
            "payout_failure", payout_id, currency, amount, category="payout_reversal"
        )
    payout = save(row, status="failed", **changes)
    emit("payout.failed", payout, account_id=row.group)
    return payout


def _send(account_id: str, bank_id: str, currency: str, amount_minor: int) -> Json:
    payout = create(
        "payout",
        {
            "id": new_id("po"),
            "object": "payout",
            "amount": amount_minor,
            "arrival_date": int((clock.now() + _TRAVELS).timestamp()),
            "automatic": True,
            "created": now_seconds(),
            "currency": currency.lower(),
            "destination": bank_id,
            "livemode": False,
            "metadata": {},
            "reconciliation_status": "not_applicable" if account_id else "completed",
            "status": "in_transit",
        },
        group=account_id,
    )
    emit("payout.created", payout, account_id=account_id)
    return payout


def _arrive(row: SandboxObject) -> Json:
    payout = save(row, status="paid")
    emit("payout.paid", payout, account_id=row.group)
    return payout


def _banks(account_id: str) -> QuerySet[SandboxObject]:
    return SandboxObject.objects.filter(kind="bank_account", group=account_id)


def _default_bank(account_id: str) -> SandboxObject | None:
    return _banks(account_id).filter(data__default_for_currency=True).order_by("-pk").first()


def _add_bank(account_id: str, country: str, last4: str) -> Json:
    return create(
        "bank_account",
        {
            "id": new_id("ba"),
            "object": "bank_account",
            "account": account_id,
            "available_payout_methods": ["standard"],
            "country": country,
            "currency": get_territory_currencies(country)[-1].lower(),
            "default_for_currency": True,
            "fingerprint": new_id("fp"),
            "last4": last4,
            "metadata": {},
            "routing_number": "110000000",
        },
        group=account_id,
    )
