"""The only factory of Stripe clients: live over the network, or over the sandbox in our own database."""

from __future__ import annotations

import logging

import stripe
from django.conf import settings

from payments.stripe.configuration import API_VERSION, api_key
from payments.stripe.sandbox.transport import SandboxTransport

_TIMEOUTS_S = (5, 20)  # connect, read; the SDK would wait 80 s
_NETWORK_RETRIES = 2  # StripeClient does not retry by default

# At INFO the SDK logs each request twice and says nothing that our own log does not.
logging.getLogger("stripe").setLevel(logging.WARNING)
# Send no usage reports and no identifier of this machine.
stripe.enable_telemetry = False


def transport() -> stripe.HTTPClient:
    """Return the transport that requests use in this installation."""
    if settings.PAYMENTS_SANDBOX:
        return SandboxTransport()
    return stripe.RequestsClient(timeout=_TIMEOUTS_S)


def stripe_client(over: stripe.HTTPClient | None = None) -> stripe.StripeClient:
    """Return a client with our key, version, timeouts and retries; `over` replaces the usual transport."""
    return stripe.StripeClient(
        api_key(),
        stripe_version=API_VERSION,
        max_network_retries=_NETWORK_RETRIES,
        http_client=over or transport(),
    )
