"""What the provider's side of this installation is set to."""

from __future__ import annotations

from django.conf import settings

# Pinned: a newer SDK must not change the shape of answers by itself.
API_VERSION = "2026-10-28.endive"
SANDBOX_KEY = "sk_test_sandbox"
ENDPOINTS = ("platform", "connect", "thin")


def api_key() -> str:
    return SANDBOX_KEY if settings.PAYMENTS_SANDBOX else settings.STRIPE_SECRET_KEY


def is_live() -> bool:
    """Whether the key moves real money; restricted keys (rk_) count as well."""
    return "_live_" in api_key()


def secrets_of(endpoint: str) -> list[str]:
    """The endpoint's signing secrets; while one is being rotated there are two, separated by a comma."""
    secrets = {
        "platform": settings.STRIPE_WEBHOOK_SECRET,
        "connect": settings.STRIPE_CONNECT_WEBHOOK_SECRET,
        "thin": settings.STRIPE_THIN_WEBHOOK_SECRET,
    }[endpoint]
    return [secret.strip() for secret in secrets.split(",") if secret.strip()]
