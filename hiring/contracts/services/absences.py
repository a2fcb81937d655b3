"""Providers whose account was closed while they had work to do: their clients are told, and choose.

A client takes the money back or waits; the clocks run on, what was delivered is looked at as ever, and what was
released stays the provider's.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef

from hiring.contracts import process
from hiring.contracts.models import Milestone, Notice
from hiring.contracts.process import Actor, State
from hiring.contracts.services import notices

_AT_ONCE = 100


@transaction.atomic
def tell_clients(*, at: datetime) -> int:
    """Tell clients of providers who cannot deliver any more, once for each milestone; return how many."""
    told = Notice.objects.filter(kind=notices.Kind.ABSENT, about=OuterRef("public_id"))
    waiting = Milestone.objects.filter(
        ~Exists(told), state__in=[State.FUNDED, State.IN_REVISION], contract__provider__is_active=False
    )
    rows = list(waiting.select_related("contract__client", "contract__provider").order_by("pk")[:_AT_ONCE])
    for milestone in rows:
        notices.send(
            milestone.contract,
            notices.Kind.ABSENT,
            to=Actor.CLIENT,
            about=milestone.public_id,
            milestone=milestone,
            until=_returned_on(milestone),
            minor=milestone.held_minor,
            at=at,
        )
    return len(rows)


def _returned_on(milestone: Milestone) -> datetime | None:
    """Return when the clock gives the money back."""
    row = process.clock_row(State(milestone.state))
    return milestone.moments.of(row.opens) if row is not None and row.opens is not None else None
