"""The check that a request comes from our own site."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from common.errors import DomainError


class ForeignRequest(DomainError):
    code = "foreign_request"
    message = _("This request did not come from one of our pages. Open the book’s page here and try again.")
    status = 403


def is_same_origin(request: HttpRequest) -> bool:
    """Return whether a browser sent this from one of our own pages. A request that does not say is refused."""
    site, origin = request.headers.get("Sec-Fetch-Site"), request.headers.get("Origin")
    if site is not None and site != "same-origin":
        return False
    if origin is not None and origin not in {
        f"{request.scheme}://{request.get_host()}",
        *settings.CSRF_TRUSTED_ORIGINS,
    }:
        return False
    return site is not None or origin is not None
