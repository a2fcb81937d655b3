"""Events, and the browsers that send them."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.test import Client

from accounts.models import User
from common import clock
from insight.events.models import Event, EventKind, ShareLink
from insight.market_reports.models import ReportSubscription
from publishing.models import Work

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0"
SAFARI = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Safari/604.1"


def make_event(work: Work, *, day: date | None = None, **overrides: Any) -> Event:
    values = {"kind": EventKind.VIEW, "day": day or clock.now().date(), "hour": 9, **overrides}
    return Event.objects.create(work=work, **values)


def make_link(work: Work, *, code: str = "abcdefgh", label: str = "Newsletter") -> ShareLink:
    return ShareLink.objects.create(code=code, work=work, label=label, made_at=clock.now())


def make_subscription(person: User) -> ReportSubscription:
    """A subscription to market reports that has ended."""
    at = clock.now()
    return ReportSubscription.objects.create(
        user=person, currency="USD", monthly_minor=900, months=1, started_at=at, paid_until=at, ended_at=at
    )


def visit(client: Client, slug: str, *, address: str = "/count/", agent: str = FIREFOX, **told: str) -> int:
    """What a page's script sends; returns the status. `ip` and headers with their names in lower case go beside it."""
    headers = {"user-agent": agent, "sec-fetch-site": "same-origin"}
    headers |= {name.replace("_", "-"): told.pop(name) for name in list(told) if name.startswith(("sec_", "origin"))}
    place = told.pop("ip", "203.0.113.7")
    data = {"kind": "view", "book": slug, "via": "", "from": "", **told}
    return client.post(address, data, headers=headers, REMOTE_ADDR=place).status_code
