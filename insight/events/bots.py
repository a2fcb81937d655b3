"""Which visits are machines'. Most never get here: they run no script. The others are kept, flagged and left out."""

from __future__ import annotations

import re

from django.http import HttpRequest
from ua_parser import parse_device

# Beside what ua-parser knows: whatever says so itself, libraries, and browsers that nobody sits at.
_MACHINES = re.compile(
    r"bot\b|bot[/;_-]|crawl|spider|slurp|headless|phantom|selenium|puppeteer|playwright|lighthouse|pagespeed|monitor"
    r"|preview|scan|fetch|python|curl|wget|java/|go-http|okhttp|libwww|httpclient|axios|node\b|facebookexternalhit",
    re.IGNORECASE,
)
_SHORTEST = 20


def is_by_machine(request: HttpRequest) -> bool:
    """Return whether a machine sends what a page tells: its script says so (navigator.webdriver), or its name does."""
    return request.POST.get("machine") == "1" or is_machine(request.headers.get("User-Agent", ""))


def is_machine(user_agent: str) -> bool:
    """Return whether a browser's name is that of a machine. No browser has a name as short as some machines'."""
    if len(user_agent) < _SHORTEST or _MACHINES.search(user_agent):
        return True
    device = parse_device(user_agent)
    return device is not None and device.family == "Spider"
