"""URLs that programs look up under /.well-known/: the security contact (RFC 9116) and where to change a password."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_safe

# The standard requires a date less than a year ahead. Each response gives a new one, by real time.
_GOOD_FOR = timedelta(days=180)


@require_safe
def security(request: HttpRequest) -> HttpResponse:
    expires = (datetime.now(UTC) + _GOOD_FOR).replace(microsecond=0)
    lines = [
        f"Contact: {_contact()}",
        f"Expires: {expires:%Y-%m-%dT%H:%M:%SZ}",
        f"Preferred-Languages: {', '.join(code for code, _name in settings.LANGUAGES)}",
        f"Canonical: {settings.SITE_URL}/.well-known/security.txt",
    ]
    response = HttpResponse("\n".join([*lines, ""]), content_type="text/plain; charset=utf-8")
    response["Cache-Control"] = "public, max-age=86400"
    return response


@require_safe
def change_password(request: HttpRequest) -> HttpResponse:
    """Redirect password managers' users to the page that changes a password."""
    return redirect("account_change_password")


def _contact() -> str:
    told = settings.SECURITY_CONTACT
    if not told:
        return settings.SITE_URL + reverse("contact")
    return f"mailto:{told}" if "@" in told and ":" not in told else told
