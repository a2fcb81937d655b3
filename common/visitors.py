"""Where a request comes from."""

from __future__ import annotations

from ipaddress import IPv6Address, ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest


def client_address(request: HttpRequest) -> str | None:
    """The visitor's address: what the outermost of our own proxies (TRUSTED_PROXIES) saw. None when it is none.

    Each proxy adds whom it heard from to the end of X-Forwarded-For. What stands before those is the visitor's word.
    """
    told = request.headers.get("X-Forwarded-For", "").split(",") if settings.TRUSTED_PROXIES else []
    if told and told[0].strip():
        # Who came past the outer proxies is at the beginning.
        return _parsed(told[-min(settings.TRUSTED_PROXIES, len(told))])
    return _parsed(request.META.get("REMOTE_ADDR", ""))


def client_network(request: HttpRequest) -> str:
    """The place a request comes from, for counting: an IPv4 address, or the /64 that one customer has of IPv6."""
    address = client_address(request) or ""
    if address and isinstance(ip_address(address), IPv6Address):
        return str(ip_network(f"{address}/64", strict=False))
    return address


def _parsed(text: str) -> str | None:
    """The address without its port: "203.0.113.9:4711", "[2001:db8::1]:4711"."""
    text = text.strip()
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        return str(ip_address(text))
    except ValueError:
        return None
