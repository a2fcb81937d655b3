"""The shop's own sites. It may be reached under more names than SITE_URL's: a visitor stays at the one they came by,
because their session is known there alone, and forms of a page lead to its own site only. Mails keep SITE_URL."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest
from django.http.request import split_domain_port, validate_host


def site_of(request: HttpRequest) -> str:
    """Where the visitor is, without a slash at the end: SITE_URL, or another host that ALLOWED_HOSTS allows."""
    if request.get_host() == urlsplit(settings.SITE_URL).netloc:
        return settings.SITE_URL
    return f"{request.scheme}://{request.get_host()}"


def site_of_address(address: str) -> str:
    """The one of our sites that an address leads to; SITE_URL when it leads to none."""
    parts = urlsplit(address)
    is_ours = parts.netloc and validate_host(split_domain_port(parts.netloc)[0], settings.ALLOWED_HOSTS)
    return f"{parts.scheme}://{parts.netloc}" if is_ours else settings.SITE_URL


def is_at_other_site(address: str, request: HttpRequest) -> bool:
    """Whether the address leads to another site of ours than the visitor's. The answer to a form must not redirect
    there: the policy of the page that holds the form stops it, without a word."""
    site = site_of_address(address)
    return address.startswith(f"{site}/") and site != site_of(request)
