"""Closing a month in tests that are about something else: two people, and a comparison that found nothing."""

from __future__ import annotations

from datetime import datetime

from accounts.models import User
from common.periods import Month
from royalties.models import ClosedPeriod, ReconciliationRun
from royalties.services import close_preparation, month_close


def people() -> tuple[User, User]:
    """Who prepares, and who closes."""
    first, second = (
        User.objects.get_or_create(
            email=f"{name.lower()}.closes@example.org", defaults={"display_name": name, "is_finance": True}
        )[0]
        for name in ("Petra", "Clara")
    )
    return first, second


def compared(at: datetime) -> ReconciliationRun:
    """As a comparison leaves it that has nothing to say."""
    last = ReconciliationRun.objects.first()
    return ReconciliationRun.objects.create(
        at=at,
        until=at,
        chain_position=last.chain_position if last else 0,
        movements=0,
        entries=0,
        open_items=last.open_items if last else 0,
    )


def mark_closed(period: str, at: datetime) -> ClosedPeriod:
    """Only say that the month is closed: nothing was compared, prepared or counted."""
    first, second = people()
    return ClosedPeriod.objects.create(
        period=period,
        closed_at=at,
        closed_by=second,
        prepared_by=first,
        trial_balance_hash="",
        chain_position=0,
        chain_hash="",
    )


def close(period: Month, at: datetime) -> ClosedPeriod:
    """Compare, prepare and close; a month closed before is returned as it is."""
    done = ClosedPeriod.objects.filter(period=str(period)).first()
    if done is not None:
        return done
    first, second = people()
    if at >= period.end:
        compared(at)
    close_preparation.prepare_close(actor=first, period=period, at=at)
    return month_close.close_period(actor=second, period=period, at=at)
