"""The first step of closing a month: one person checks everything and confirms it.

A second person then closes the month with `month_close.close_period`, which checks again.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from accounts import services as account_services
from accounts.models import User
from common.errors import NotAllowed
from common.periods import Month
from royalties import permissions
from royalties.errors import BooksNotInOrder, PeriodClosed, PeriodNotOver
from royalties.models import ClosedPeriod, ClosePreparation
from royalties.selectors import closing
from royalties.selectors.closing import Evidence
from royalties.services import clearing, ledger_chain, ledger_checks, month_close


def prepare_close(*, actor: User, period: Month, at: datetime) -> ClosePreparation:
    """Record that everything about a finished month was checked, so that another person can close it.

    Raises NotAllowed, PeriodClosed, PeriodNotOver, PeriodOutOfOrder, BooksNotInOrder, NotCompared, ItemsHoldMonth.
    """
    if not permissions.may_close_periods(actor):
        raise NotAllowed
    if ClosedPeriod.objects.filter(period=str(period)).exists():
        raise PeriodClosed(period=period)
    if at < period.end:
        raise PeriodNotOver(period=period, first_day=period.end.date())
    month_close.check_order(period)
    clearing.clear_due(at=at)
    ledger_chain.chain_committed()
    evidence = closing.evidence(period, at=at)
    month_close.check_evidence(evidence)
    violations = ledger_checks.check_since_last(at=at)
    if violations:
        raise BooksNotInOrder(count=len(violations), period=period)
    return _keep(actor, evidence, at)


@transaction.atomic
def _keep(actor: User, evidence: Evidence, at: datetime) -> ClosePreparation:
    made = ClosePreparation.objects.create(
        period=str(evidence.period),
        prepared_by=actor,
        prepared_at=at,
        compared=evidence.compared if evidence.has_provider else None,
        open_items=len(evidence.items),
        entries=evidence.entries,
        fingerprint=evidence.fingerprint,
    )
    facts: dict[str, str | int] = {"period": str(evidence.period), "open_items": len(evidence.items)}
    account_services.record_audit(actor=actor, verb="period.prepared", subject=made, facts=facts)
    return made
