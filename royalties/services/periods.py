"""Closing a month: the books are checked and chained, statements built, and the month takes no more entries.

Its cost is that of the month: what was chained since the last check is checked (`checks`), balances and movements come
from tallies (`tallies`), and nothing reads the months before.
"""

from __future__ import annotations

from datetime import datetime

from django.db import connection, transaction

from accounts import services as account_services
from accounts.models import User
from common.periods import Month
from royalties.errors import BooksNotInOrder, PeriodNotOver, PeriodOutOfOrder
from royalties.models import ChainLink, ClosedPeriod, JournalEntry
from royalties.selectors import trial_balance
from royalties.services import chainer, checks, clearing, roots, statements, tallies


def close_period(*, actor: User | None = None, period: Month, at: datetime) -> ClosedPeriod:
    """Close a month that is over; a month closed before is returned as it is.

    Raises PeriodNotOver, PeriodOutOfOrder when an earlier month with entries is open, BooksNotInOrder.
    """
    closed = ClosedPeriod.objects.filter(period=str(period)).first()
    if closed is not None:
        return closed
    if at < period.end:
        raise PeriodNotOver(period=period, first_day=period.end.date())
    _check_order(period)
    clearing.clear_due(at=at)
    chainer.chain_committed()
    _check(period, at)
    return _close(actor, period, at)


def next_to_close() -> Month | None:
    """The oldest open month with entries, None when there are none."""
    last = ClosedPeriod.objects.order_by("-period").values_list("period", flat=True).first()
    if last is not None:
        return Month.parse(last).next
    first = JournalEntry.objects.order_by("booked_at").values_list("booked_at", flat=True).first()
    return Month.of(first) if first else None


def _check_order(period: Month) -> None:
    expected = next_to_close()
    if expected is not None and period > expected:
        raise PeriodOutOfOrder(expected=expected)
    if ClosedPeriod.objects.filter(period__gt=str(period)).exists():
        raise PeriodOutOfOrder(expected=expected)


def _check(period: Month, at: datetime) -> None:
    violations = checks.check_since_last(at=at)
    if violations:
        raise BooksNotInOrder(count=len(violations), period=period)


def _stop_if_found_meanwhile(period: Month) -> None:
    """The nightly run may have found something since the first look; the next look would be over everything.

    Nobody can write while it lasts, so it is left to the next attempt, which begins with it. Raises BooksNotInOrder.
    """
    found = checks.found_by_last_whole()
    if found:
        raise BooksNotInOrder(count=found, period=period)


@transaction.atomic
def _close(actor: User | None, period: Month, at: datetime) -> ClosedPeriod:
    _wait_for_writers()
    closed = ClosedPeriod.objects.filter(period=str(period)).first()
    if closed is not None:
        return closed  # two people closed it at once
    roots.publish_all()
    _stop_if_found_meanwhile(period)
    _check(period, at)  # what came since the first look, by which nearly everything was looked at without waiting
    tallies.settle()
    tallies.close(period=period)
    link = ChainLink.objects.order_by("-position").first()
    closed = ClosedPeriod.objects.create(
        period=str(period),
        closed_at=at,
        closed_by=actor,
        trial_balance_hash=trial_balance.closed_hash(),
        chain_position=link.position if link else 0,
        chain_hash=link.hash if link else "",
    )
    facts: dict[str, str | int] = {"period": str(period), "statements": statements.build(closed)}
    account_services.record_audit(actor=actor, verb="period.closed", subject=closed, facts=facts)
    return closed


def _wait_for_writers() -> None:
    """Let every entry under way commit and keep new ones waiting until the month is closed.

    Without it an entry written beside this transaction would not see the closed month and land in it. SQLite has one
    writer at a time anyway.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("LOCK TABLE royalties_journalentry IN SHARE ROW EXCLUSIVE MODE")
