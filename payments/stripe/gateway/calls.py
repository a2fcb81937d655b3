"""What all calls share: the client, and the mapping of the SDK's errors to outcomes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import stripe
import structlog

from payments.gateway import GatewayRefused, GatewayUnknown

logger = structlog.stdlib.get_logger(__name__)

_CONFLICT = 409  # a request with the same key is in progress

# Nothing was decided about the request itself: a network, a busy or broken provider, or our own configuration.
# A key used before with other parameters belongs here as well: the earlier request may have been carried out.
_UNDECIDED = (
    stripe.APIConnectionError,
    stripe.RateLimitError,
    stripe.AuthenticationError,
    stripe.PermissionError,
    stripe.IdempotencyError,
)


class Calls:
    """One area of the gateway; `client` is the SDK's."""

    def __init__(self, client: stripe.StripeClient) -> None:
        self.client = client


@contextmanager
def outcomes() -> Iterator[None]:
    """Turn the SDK's errors into GatewayRefused or GatewayUnknown."""
    try:
        yield
    except _UNDECIDED as error:
        logger.warning("gateway.undecided", kind=type(error).__name__)
        raise GatewayUnknown(str(error)) from error
    except stripe.StripeError as error:
        status = error.http_status or 0
        if 400 <= status < 500 and status != _CONFLICT:
            logger.info("gateway.refused", code=error.code)
            raise GatewayRefused(error.code or "invalid_request", str(error.user_message or error)) from error
        logger.warning("gateway.fault", kind=type(error).__name__, status=status)
        raise GatewayUnknown(str(error)) from error
