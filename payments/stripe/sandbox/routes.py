"""The operations of Stripe that the sandbox supports, on one screen."""

from __future__ import annotations

import re
from collections.abc import Callable

from payments.stripe.sandbox import (
    accounts,
    charges,
    checkout,
    customers,
    disputes,
    event_log,
    files,
    funds,
    payouts,
    platform,
    radar,
    refunds,
    transfers,
)
from payments.stripe.sandbox.resources import Json, SandboxError, fetch

type Resource = Callable[..., Json]


def _table(*rows: tuple[str, str, Resource]) -> list[tuple[str, re.Pattern[str], Resource]]:
    return [(method, re.compile(path.replace("{id}", r"(\w+)") + "$"), resource) for method, path, resource in rows]


_ROUTES = _table(
    ("post", "/v1/checkout/sessions", checkout.create_session),
    ("get", "/v1/checkout/sessions", checkout.list_sessions),
    ("get", "/v1/checkout/sessions/{id}", checkout.retrieve_session),
    ("get", "/v1/checkout/sessions/{id}/line_items", checkout.list_line_items),
    ("post", "/v1/checkout/sessions/{id}/expire", checkout.expire_session),
    ("get", "/v1/customers/{id}/payment_methods", customers.list_payment_methods),
    ("delete", "/v1/customers/{id}", customers.delete_customer),
    ("get", "/v1/payment_method_configurations", customers.list_configurations),
    ("get", "/v1/payment_intents/{id}", charges.retrieve_payment_intent),
    ("get", "/v1/charges", charges.list_charges),
    ("get", "/v1/charges/{id}", charges.retrieve_charge),
    ("post", "/v1/refunds", refunds.create_refund),
    ("get", "/v1/refunds", refunds.list_refunds),
    ("get", "/v1/refunds/{id}", refunds.retrieve_refund),
    ("post", "/v1/refunds/{id}", refunds.update_refund),
    ("post", "/v1/transfers", transfers.create_transfer),
    ("get", "/v1/transfers", transfers.list_transfers),
    ("get", "/v1/transfers/{id}", transfers.retrieve_transfer),
    ("post", "/v1/transfers/{id}", transfers.update_transfer),
    ("post", "/v1/transfers/{id}/reversals", transfers.create_reversal),
    ("get", "/v1/transfers/{id}/reversals", transfers.list_reversals),
    ("get", "/v1/transfers/{id}/reversals/{id}", transfers.retrieve_reversal),
    ("get", "/v1/disputes", disputes.list_disputes),
    ("get", "/v1/disputes/{id}", disputes.retrieve_dispute),
    ("post", "/v1/disputes/{id}", disputes.update_dispute),
    ("post", "/v1/disputes/{id}/close", disputes.close_dispute),
    ("post", "/v1/files", files.create_file),
    ("get", "/v1/files/{id}", files.retrieve_file),
    ("get", "/v1/radar/early_fraud_warnings", radar.list_warnings),
    ("get", "/v1/radar/early_fraud_warnings/{id}", radar.retrieve_warning),
    ("get", "/v1/balance_transactions", funds.list_balance_transactions),
    ("get", "/v1/balance_transactions/{id}", funds.retrieve_balance_transaction),
    ("get", "/v1/account", platform.retrieve_account),
    ("get", "/v1/accounts/{id}/external_accounts", payouts.list_banks),
    ("get", "/v1/accounts/{id}/external_accounts/{id}", payouts.retrieve_bank),
    ("get", "/v1/webhook_endpoints", platform.list_webhook_endpoints),
    ("post", "/v2/core/accounts", accounts.create_account),
    ("get", "/v2/core/accounts", accounts.list_accounts),
    ("get", "/v2/core/accounts/{id}", accounts.retrieve_account),
    ("post", "/v2/core/accounts/{id}", accounts.update_account),
    ("post", "/v2/core/accounts/{id}/close", accounts.close_account),
    ("post", "/v2/core/account_links", accounts.create_account_link),
    ("get", "/v2/core/events/{id}", event_log.retrieve_thin_event),
    ("get", "/v2/core/event_destinations", platform.list_event_destinations),
)

# These may be requested for a connected account (header Stripe-Account), which is the second argument.
_OF_AN_ACCOUNT = _table(
    ("get", "/v1/balance", payouts.retrieve_balance),
    ("get", "/v1/payouts", payouts.list_payouts),
    ("get", "/v1/payouts/{id}", payouts.retrieve_payout),
    ("get", "/v1/events", event_log.list_events),
    ("get", "/v1/events/{id}", event_log.retrieve_event),
)


def answer(method: str, path: str, params: Json, account_id: str) -> Json:
    """Carry out one operation. Raises SandboxError."""
    if account_id:
        _check_account(account_id)
    for known_method, pattern, resource in _OF_AN_ACCOUNT:
        match = pattern.match(path)
        if method == known_method and match:
            return resource(params, account_id, *match.groups())
    for known_method, pattern, resource in _ROUTES:
        match = pattern.match(path)
        if method == known_method and match and not account_id:
            return resource(params, *match.groups())
    raise SandboxError("", f"Unrecognized request URL ({method.upper()}: {path}).", status=404, is_kept=False)


def _check_account(account_id: str) -> None:
    try:
        fetch("account", account_id)
    except SandboxError:
        message = f"The provided key does not have access to account '{account_id}'."
        raise SandboxError("account_invalid", message, status=403, is_kept=False) from None
