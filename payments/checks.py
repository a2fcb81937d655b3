"""Checks of the provider's configuration, run by `manage.py check --deploy`."""

from __future__ import annotations

import re
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning, register

from payments.stripe.configuration import ENDPOINTS, is_live, secrets_of

# What Stripe makes. Secrets from examples and instructions are shorter or contain words.
_SECRET = re.compile(r"whsec_[A-Za-z0-9+/=]{24,}")


@register(deploy=True)
def provider_is_configured(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Check that a real key has the signing secrets of all three endpoints, and that a site which takes real money
    has a live key."""
    if settings.PAYMENTS_SANDBOX:
        return []
    missing = [endpoint for endpoint in ENDPOINTS if not secrets_of(endpoint)]
    found: list[CheckMessage] = []
    if missing:
        names = ", ".join(missing)
        found.append(
            Error(
                f"No signing secret for the provider's events: {names}.", hint="See .env.example.", id="payments.E001"
            )
        )
    doubtful = [endpoint for endpoint in ENDPOINTS for secret in secrets_of(endpoint) if not _SECRET.fullmatch(secret)]
    if doubtful:
        text = f"No signing secret of Stripe's, so that others may forge events: {', '.join(dict.fromkeys(doubtful))}."
        found.append(Error(text, hint="Copy each from its endpoint's page at Stripe: whsec_…", id="payments.E002"))
    if not is_live():
        found.append(Warning("The provider's key is a test key: no real money moves.", id="payments.W001"))
    return found
