"""Where a visit came from: a share link, one of our own pages, or another site's host and nothing more of it."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from insight.events.models import FROM_LINK, FROM_SHOP, ShareLink

_HOST = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9-]{2,}")
_MAX_HOST = 60


def source_of(*, work_id: int, via: str, referrer: str, own_host: str) -> str:
    """Return the source; "" for a visit that says nothing, as after typing the address."""
    if via and ShareLink.objects.filter(code=via, work=work_id).exists():
        return f"{FROM_LINK}{via}"
    try:
        parts = urlsplit(referrer)
        host = (parts.hostname or "").removeprefix("www.")
    except ValueError:
        return ""
    if parts.scheme not in {"http", "https"}:
        return ""
    if host == own_host.partition(":")[0].removeprefix("www."):
        return FROM_SHOP
    return host if len(host) <= _MAX_HOST and _HOST.fullmatch(host) else ""
