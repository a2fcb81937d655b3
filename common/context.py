"""Context variables for every template. None of them depends on the visitor."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest


def site(request: HttpRequest) -> dict[str, object]:
    """Return the shop's name and whether money, email and time are simulated here."""
    return {
        "SITE_NAME": settings.SITE_NAME,
        "SITE_URL": settings.SITE_URL,
        "SANDBOX": settings.PAYMENTS_SANDBOX,
        "OUTBOX_PAGE": settings.OUTBOX_PAGE,
        "ALLOW_TIME_TRAVEL": settings.ALLOW_TIME_TRAVEL,
    }
