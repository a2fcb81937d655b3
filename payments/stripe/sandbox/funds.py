"""The platform's balance in the sandbox and its movements; all of it is available at once."""

from __future__ import annotations

from decimal import Decimal

from django.conf import settings
from django.db.models import F

from common import clock
from payments.models import SandboxBalance, SandboxBalanceTransaction
from payments.stripe.sandbox.rates import Settled
from payments.stripe.sandbox.resources import (
    Json,
    SandboxError,
    balance_transaction,
    missing,
    new_id,
    paged,
)


def move(
    kind: str,
    source_id: str,
    currency: str,
    amount_minor: int,
    *,
    fee_minor: int = 0,
    guard: bool = False,
    rate: Decimal | None = None,
    category: str = "",
    description: str = "",
) -> str:
    """Change the balance and record why; return the balance transaction's id. With `guard`, refuse to go below zero."""
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
        category=category or kind,
        description=description,
        source_id=source_id,
        currency=currency,
        amount_minor=amount_minor,
        fee_minor=fee_minor,
        exchange_rate=rate,
        created_at=clock.now(),
    )
    return row.object_id


def move_settled(
    kind: str, source_id: str, settled: Settled, *, category: str, sign: int = 1, fee_minor: int = 0
) -> str:
    """Move an amount that may have been converted; `sign` -1 takes it out."""
    return move(
        kind,
        source_id,
        settled.currency,
        sign * settled.amount_minor,
        fee_minor=fee_minor,
        rate=settled.rate,
        category=category,
    )


def settled_of(balance_transaction_id: str) -> Settled:
    """Return the amount of an earlier movement, without its sign, in its currency."""
    row = SandboxBalanceTransaction.objects.get(object_id=balance_transaction_id)
    return Settled(abs(row.amount_minor), row.currency, row.exchange_rate)


def retrieve_balance(params: Json) -> Json:
    """Return the balance per currency; nothing is ever pending here."""
    held = dict(SandboxBalance.objects.values_list("currency", "available_minor"))
    currencies = sorted(set(held) | set(settings.SANDBOX_BALANCE_CURRENCIES))
    return {
        "object": "balance",
        "livemode": False,
        "available": [_part(currency, held.get(currency, 0)) for currency in currencies],
        "pending": [_part(currency, 0) for currency in currencies],
        "connect_reserved": [{"amount": 0, "currency": currency.lower()} for currency in currencies],
    }


def _part(currency: str, amount_minor: int) -> Json:
    return {"amount": amount_minor, "currency": currency.lower(), "source_types": {"card": amount_minor}}


def retrieve_balance_transaction(params: Json, row_id: str) -> Json:
    row = SandboxBalanceTransaction.objects.filter(object_id=row_id).first()
    if row is None:
        raise missing("balance transaction", row_id)
    return balance_transaction(row)


def list_balance_transactions(params: Json) -> Json:
    """Return the movements, newest first; by `created`, `currency`, `source`, `type` and `payout`."""
    rows = SandboxBalanceTransaction.objects.all()
    if "currency" in params:
        rows = rows.filter(currency=params["currency"].upper())
    for name, field in (("source", "source_id"), ("type", "kind"), ("payout", "payout_id")):
        if name in params:
            rows = rows.filter(**{field: params[name]})
    return paged(rows, params, "/v1/balance_transactions", show=balance_transaction)
