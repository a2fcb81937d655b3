"""URLs that lead out of the book: only well-formed http, https and mailto."""

from __future__ import annotations

import re
from urllib.parse import quote, urlsplit

_HOST = re.compile(r"(?=.{1,253}$)[a-z0-9](?:[a-z0-9_-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9_-]*[a-z0-9])?)*\.?")
_MAIL = re.compile(r"[^@\s]+@[^@\s]+")
_PATH_SAFE = "/:@!$&'()*+,;=~-._%"
_LOOSE_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")


def _quoted(text: str, safe: str) -> str:
    return quote(_LOOSE_PERCENT.sub("%25", text), safe=safe)


def _host(name: str) -> str:
    """Return the host in ASCII, or "" when it is not a valid host name."""
    try:
        ascii_name = name if name.isascii() else name.encode("idna").decode("ascii")
    except UnicodeError:
        return ""
    ascii_name = ascii_name.lower()
    if not _HOST.fullmatch(ascii_name):
        return ""
    last = ascii_name.rstrip(".").rsplit(".", 1)[-1]
    if last.isdigit() and not _is_ipv4(ascii_name):
        return ""
    return ascii_name


def _is_ipv4(host: str) -> bool:
    parts = host.split(".")
    return len(parts) == 4 and all(part.isdigit() and int(part) < 256 for part in parts)


def external_url(href: str) -> str:
    """Return the URL in a form that every checker accepts, or "" when it cannot be used.

    Spaces and other forbidden characters are percent-encoded; user names and unknown schemes are refused.
    """
    href = "".join(href.split("\n")).strip()
    try:
        parts = urlsplit(href)
        port = parts.port
    except ValueError:
        return ""
    if parts.scheme == "mailto":
        address = _quoted(parts.path, "@!$&'*+/=~-._%,")
        query = f"?{_quoted(parts.query, _PATH_SAFE + '?')}" if parts.query else ""
        return f"mailto:{address}{query}" if _MAIL.fullmatch(address) else ""
    if parts.scheme not in ("http", "https") or parts.username is not None:
        return ""
    host = _host(parts.hostname or "")
    if not host:
        return ""
    address = f"{parts.scheme}://{host}" + (f":{port}" if port else "") + _quoted(parts.path, _PATH_SAFE)
    if parts.query:
        address += "?" + _quoted(parts.query, _PATH_SAFE + "?")
    if parts.fragment:
        address += "#" + _quoted(parts.fragment, _PATH_SAFE + "?")
    return address
