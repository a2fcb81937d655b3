"""The origin of an order or a return request."""

from __future__ import annotations

import secrets

from accounts.requests import PersonRequest, VisitorRequest
from common.client_ip import client_address
from storefront.checkout.orders.services.buyer_traces import Origin

_SESSION_KEY = "browser"


def origin_of(request: VisitorRequest | PersonRequest) -> Origin:
    """Return the IP address, and an id that the session stores for this browser: every buyer has a session, for the
    cart."""
    if _SESSION_KEY not in request.session:
        request.session[_SESSION_KEY] = secrets.token_urlsafe(16)
    return Origin(address=client_address(request), browser=request.session[_SESSION_KEY])
