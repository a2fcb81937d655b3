"""Recording events."""

from __future__ import annotations

from datetime import UTC, datetime

from django.http import HttpRequest

from accounts import regions
from accounts.models import User
from insight.events import bots, hooks, permissions, sources, visitors
from insight.events.models import FROM_LINK, Event, EventKind, ShareLink
from publishing.models import Work


def record_visit(
    *, request: HttpRequest, actor: User | None, kind: EventKind, work: Work, via: str, referrer: str, at: datetime
) -> None:
    """Record that a page of the work was seen, unless its makers or the staff saw it."""
    if not permissions.counts(actor, work):
        return
    day = at.astimezone(UTC).date()
    Event.objects.create(
        day=day,
        hour=at.astimezone(UTC).hour,
        kind=kind,
        work=work,
        country=regions.current().country or "",
        source=sources.source_of(work_id=work.pk, via=via, referrer=referrer, own_host=request.get_host()),
        visitor=visitors.visitor_of(request, day),
        is_bot=bots.is_by_machine(request),
    )
    hooks.announce_work_seen(hooks.Seen(request, actor, at))


def record_cart(*, actor: User | None, work: Work, via: str, country: str, at: datetime) -> None:
    """Record that the work was put into a cart. Which visitor did so is not recorded."""
    if not permissions.counts(actor, work):
        return
    is_link = bool(via) and ShareLink.objects.filter(code=via, work=work).exists()
    day = at.astimezone(UTC)
    Event.objects.create(
        day=day.date(),
        hour=day.hour,
        kind=EventKind.CART,
        work=work,
        country=country,
        source=f"{FROM_LINK}{via}" if is_link else "",
    )
