"""Promotions, planned through the service."""

from __future__ import annotations

from datetime import datetime

from common import clock
from publishing import services
from publishing.models import Promotion, Work


def plan(work: Work, *, begins_at: datetime, ends_at: datetime, **prices: int) -> list[Promotion]:
    """Promotions in these currencies, 1.99 USD where none is named, planned now."""
    return services.plan_promotion(
        actor=work.owner,
        work=work,
        prices=prices or {"USD": 199},
        begins_at=begins_at,
        ends_at=ends_at,
        at=clock.now(),
    )
