"""Where a request comes from."""

from __future__ import annotations

from ipaddress import IPv6Address, ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest


def client_address(request: HttpRequest) -> str | None:
    """Return the visitor's IP address as the outermost of our own proxies (TRUSTED_PROXIES) saw it, or None if invalid.

    Each proxy appends the address it heard from to X-Forwarded-For. Anything before those is the visitor's claim.
    """
    told = request.headers.get("X-Forwarded-For", "").split(",") if settings.TRUSTED_PROXIES else []
    if told and told[0].strip():
        # A visitor who bypassed the outer proxies is at the beginning.
        return _parsed(told[-min(settings.TRUSTED_PROXIES, len(told))])
    return _parsed(request.META.get("REMOTE_ADDR", ""))


def client_network(request: HttpRequest) -> str:
    """Return the network a request comes from, for counting: `network_of` the visitor's address, "" if invalid."""
    address = client_address(request)
    return network_of(address) if address else ""


def network_of(address: str) -> str:
    """Return what one household or school shares: an IPv4 address, or an IPv6 /64, which a line gets as a whole."""
    found = ip_address(address)
    if not isinstance(found, IPv6Address):
        return str(found)
    return str(found.ipv4_mapped or ip_network((found, 64), strict=False))


def _parsed(text: str) -> str | None:
    """Return the address without its port: "203.0.113.9:4711", "[2001:db8::1]:4711"."""
    text = text.strip()
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        return str(ip_address(text))
    except ValueError:
        return None
