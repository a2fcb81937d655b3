"""The configuration of the provider in this installation."""

from __future__ import annotations

from django.conf import settings
from django.utils.crypto import salted_hmac

# Pinned, so that a newer SDK does not change the shape of responses.
API_VERSION = "2026-10-28.endive"
SANDBOX_KEY = "sk_test_sandbox"
ENDPOINTS = ("platform", "connect", "thin")

# The events that each endpoint must be subscribed to: all that a handler listens to, now or later.
SNAPSHOT_EVENTS = {
    "platform": {
        "charge.dispute.closed",
        "charge.dispute.created",
        "charge.dispute.funds_reinstated",
        "charge.dispute.funds_withdrawn",
        "charge.dispute.updated",
        "charge.refunded",
        "checkout.session.async_payment_failed",
        "checkout.session.async_payment_succeeded",
        "checkout.session.completed",
        "checkout.session.expired",
        "payout.created",
        "payout.failed",
        "payout.paid",
        "radar.early_fraud_warning.created",
        "refund.created",
        "refund.failed",
        "refund.updated",
        "transfer.created",
        "transfer.reversed",
    },
    "connect": {
        "account.external_account.created",
        "account.external_account.updated",
        "payout.created",
        "payout.failed",
        "payout.paid",
    },
}
THIN_EVENTS = {
    "v2.core.account.closed",
    "v2.core.account.updated",
    "v2.core.account[configuration.recipient].capability_status_updated",
}


def api_key() -> str:
    return SANDBOX_KEY if settings.PAYMENTS_SANDBOX else settings.STRIPE_SECRET_KEY


def is_live() -> bool:
    """Return whether the key moves real money; restricted keys (rk_) count as well."""
    return "_live_" in api_key()


def secrets_of(endpoint: str) -> list[str]:
    """Return the endpoint's signing secrets; while one is being rotated there are two, separated by a comma.

    The simulated provider signs with a secret derived from SECRET_KEY: unique to the installation and known to nobody
    else.
    """
    secrets = {
        "platform": settings.STRIPE_WEBHOOK_SECRET,
        "connect": settings.STRIPE_CONNECT_WEBHOOK_SECRET,
        "thin": settings.STRIPE_THIN_WEBHOOK_SECRET,
    }[endpoint]
    if settings.PAYMENTS_SANDBOX and not secrets:
        return [salted_hmac(f"payments.sandbox.{endpoint}", "webhook", algorithm="sha256").hexdigest()]
    return [secret.strip() for secret in secrets.split(",") if secret.strip()]
