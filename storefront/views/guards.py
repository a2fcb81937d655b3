"""Which requests may change something without a CSRF token.

Public pages are cached and carry no token, so adding to the cart is guarded by what browsers say about themselves and
scripts of other sites cannot change: Sec-Fetch-Site, and Origin.
"""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest


def is_from_here(request: HttpRequest) -> bool:
    """Whether a browser sent this from one of our own pages. A request that says nothing is refused."""
    site, origin = request.headers.get("Sec-Fetch-Site"), request.headers.get("Origin")
    if site is not None and site != "same-origin":
        return False
    if origin is not None and origin not in {
        f"{request.scheme}://{request.get_host()}",
        *settings.CSRF_TRUSTED_ORIGINS,
    }:
        return False
    return site is not None or origin is not None
