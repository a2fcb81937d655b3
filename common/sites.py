"""The shop's own sites. It may be reached under more hosts than SITE_URL's: visitors stay at the one they came by,
because their session is known only there, and a page's forms may only go to its own site. Emails use SITE_URL.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest
from django.http.request import split_domain_port, validate_host


def site_of(request: HttpRequest) -> str:
    """Return the visitor's site without a trailing slash: SITE_URL, or another host in ALLOWED_HOSTS."""
    if request.get_host() == urlsplit(settings.SITE_URL).netloc:
        return settings.SITE_URL
    return f"{request.scheme}://{request.get_host()}"


def site_of_address(address: str) -> str:
    """Return which of our sites a URL leads to, or SITE_URL if it leads to none."""
    parts = urlsplit(address)
    is_ours = parts.netloc and validate_host(split_domain_port(parts.netloc)[0], settings.ALLOWED_HOSTS)
    return f"{parts.scheme}://{parts.netloc}" if is_ours else settings.SITE_URL


def is_at_other_site(address: str, request: HttpRequest) -> bool:
    """Return whether the URL leads to another site of ours than the visitor's.

    The response to a form must not redirect there: the policy of the page that holds the form silently blocks it.
    """
    site = site_of_address(address)
    return address.startswith(f"{site}/") and site != site_of(request)
