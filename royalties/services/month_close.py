"""Closing a month: the books are checked and chained, statements built, and the month takes no more entries.

Two people do it: one prepares (`close_preparation.prepare_close`), another closes, as long as nothing has changed in
between.

The cost is that of the month: only what was chained since the last check is checked (`checks`), balances and movements
come from tallies (`tallies`), and nothing reads earlier months.
"""

from __future__ import annotations

from datetime import datetime

from django.db import connection, transaction

from accounts import services as account_services
from accounts.models import User
from accounts.selectors import audit_chain
from accounts.services import audit
from common.errors import NotAllowed
from common.periods import Month
from royalties import permissions
from royalties.errors import (
    BooksNotInOrder,
    CloseNotPrepared,
    CloseOutdated,
    CloserIsPreparer,
    ItemsHoldMonth,
    NotCompared,
    PeriodNotOver,
    PeriodOutOfOrder,
)
from royalties.models import ChainLink, ClosedPeriod, ClosePreparation, JournalEntry
from royalties.selectors import closing as selectors
from royalties.selectors import trial_balance
from royalties.selectors.closing import Evidence
from royalties.services import (
    clearing,
    daily_roots,
    ledger_chain,
    ledger_checks,
    reconciliation,
    running_totals,
    statements,
)


def close_period(*, actor: User, period: Month, at: datetime) -> ClosedPeriod:
    """Close a month that is over and that somebody else prepared; return a month closed before as it is.

    Raises NotAllowed, PeriodNotOver, PeriodOutOfOrder when an earlier month with entries is open, CloseNotPrepared,
    CloserIsPreparer, NotCompared, ItemsHoldMonth, CloseOutdated, BooksNotInOrder.
    """
    if not permissions.may_close_periods(actor):
        raise NotAllowed
    closed = ClosedPeriod.objects.filter(period=str(period)).first()
    if closed is not None:
        return closed
    if at < period.end:
        raise PeriodNotOver(period=period, first_day=period.end.date())
    check_order(period)
    clearing.clear_due(at=at)
    ledger_chain.chain_committed()
    audit.chain_committed()
    _prepared(actor, period, at)
    _check(period, at)
    return _close(actor, period, at)


def next_to_close() -> Month | None:
    """Return the oldest open month with entries, None when there are none."""
    last = ClosedPeriod.objects.order_by("-period").values_list("period", flat=True).first()
    if last is not None:
        return Month.parse(last).next
    first = JournalEntry.objects.order_by("booked_at").values_list("booked_at", flat=True).first()
    return Month.of(first) if first else None


def check_order(period: Month) -> None:
    """Check that months are closed in order. Raises PeriodOutOfOrder."""
    expected = next_to_close()
    if expected is not None and period > expected:
        raise PeriodOutOfOrder(expected=expected)
    if ClosedPeriod.objects.filter(period__gt=str(period)).exists():
        raise PeriodOutOfOrder(expected=expected)


def check_evidence(evidence: Evidence) -> None:
    """Check that the comparison and its open items allow a close. Raises NotCompared, ItemsHoldMonth."""
    period = evidence.period
    if not evidence.is_compared:
        raise NotCompared(period=period, first_day=period.end.date())
    if evidence.holding:
        raise ItemsHoldMonth(count=len(evidence.holding), period=period)


def _prepared(actor: User, period: Month, at: datetime) -> ClosePreparation:
    """Return somebody else's preparation if nothing has changed since."""
    preparation = selectors.prepared(period)
    if preparation is None:
        raise CloseNotPrepared(period=period)
    if preparation.prepared_by_id == actor.pk:
        raise CloserIsPreparer
    evidence = selectors.evidence(period, at=at)
    check_evidence(evidence)
    if evidence.fingerprint != preparation.fingerprint:
        raise CloseOutdated(period=period, person=preparation.prepared_by)
    return preparation


def _check(period: Month, at: datetime) -> None:
    violations = ledger_checks.check_since_last(at=at)
    if violations:
        raise BooksNotInOrder(count=len(violations), period=period)


def _stop_if_found_meanwhile(period: Month) -> None:
    """Stop if the nightly check found something since the first check. Raises BooksNotInOrder.

    The next check would then cover everything, and nobody can write while it runs. It is left to the next attempt,
    which begins with it.
    """
    found = ledger_checks.found_by_last_whole()
    if found:
        raise BooksNotInOrder(count=found, period=period)


@transaction.atomic
def _close(actor: User, period: Month, at: datetime) -> ClosedPeriod:
    reconciliation.lock_reconciliation()  # before the entries: the order of a comparison that books
    _wait_for_writers()
    closed = ClosedPeriod.objects.filter(period=str(period)).first()
    if closed is not None:
        return closed  # two people closed it at once
    daily_roots.publish_all()
    _stop_if_found_meanwhile(period)
    preparation = _prepared(actor, period, at)
    _check(period, at)  # what came since the first check, which kept nobody waiting
    running_totals.mark_all_chained()
    running_totals.close(period=period)
    link, log = ChainLink.objects.order_by("-position").first(), audit_chain.head()
    closed = ClosedPeriod.objects.create(
        period=str(period),
        closed_at=at,
        closed_by=actor,
        prepared_by=preparation.prepared_by,
        trial_balance_hash=trial_balance.closed_hash(),
        chain_position=link.position if link else 0,
        chain_hash=link.hash if link else "",
        audit_position=log.position if log else 0,
        audit_hash=log.hash if log else "",
    )
    facts: dict[str, str | int] = {
        "period": str(period),
        "statements": statements.build(closed),
        "prepared_by": preparation.prepared_by.public_id,
    }
    account_services.record_audit(actor=actor, verb="period.closed", subject=closed, facts=facts)
    return closed


def _wait_for_writers() -> None:
    """Let every entry under way commit and keep new ones waiting until the month is closed.

    Without this an entry written at the same time would not see the closed month and land in it. SQLite has one writer
    at a time anyway.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT royalties_keep_writers_out()")
