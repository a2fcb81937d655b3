"""Telling the visitors of one day apart, without a cookie and without an identity.

A visitor is a keyed hash of the shop's host, the visitor's network and browser. The key is random, differs each day and
is deleted with the hashes within two days: then nobody can compute them again, and two days cannot be joined.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from datetime import date
from ipaddress import IPv6Address, ip_address, ip_network

from django.http import HttpRequest

from common.client_ip import client_address
from insight.events.models import DaySalt

_BYTES = 8


def visitor_of(request: HttpRequest, day: date) -> bytes | None:
    """Return the day's hash of the visitor; None if their browser asks not to be tracked."""
    return None if asks_not_to_be_tracked(request) else keyed_hash(_salt_of(day), inputs_of(request))


def asks_not_to_be_tracked(request: HttpRequest) -> bool:
    """Return whether the browser sends Global Privacy Control."""
    return request.headers.get("Sec-GPC") == "1"


def inputs_of(request: HttpRequest) -> str:
    """Return what a visitor without an account is told apart by: the shop's host, their network and browser."""
    return "\n".join((request.get_host(), _network(client_address(request)), request.headers.get("User-Agent", "")))


def keyed_hash(key: bytes, told: str) -> bytes:
    """Return eight bytes that nobody can compute or guess without the key."""
    return hmac.new(key, told.encode("utf-8", "surrogatepass"), hashlib.sha256).digest()[:_BYTES]


def _network(address: str | None) -> str:
    """Return the address without its last part: an IPv4 /24 or an IPv6 /48."""
    if address is None:
        return ""
    found = ip_address(address)
    if isinstance(found, IPv6Address) and found.ipv4_mapped:
        found = found.ipv4_mapped
    return str(ip_network((found, 48 if found.version == 6 else 24), strict=False))


def _salt_of(day: date) -> bytes:
    """Return the key of the day; the first visitor of a day makes it."""
    salt, _ = DaySalt.objects.get_or_create(day=day, defaults={"salt": secrets.token_bytes(32)})
    return bytes(salt.salt)
