"""Runs of the ledger's rules that are remembered, so that closing a month need not begin at the first sale ever made.

A run over everything trusts nothing. A run over a part rests on the last one that found nothing: it looks at what was
chained since, at how that joins what was there before, and at the tallies, which stand for the rest. It is allowed only
while the last run over everything found nothing and is not older than two days.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection

from accounts.models import AuditLink
from accounts.selectors import audit_chain
from royalties.models import ChainLink, LedgerCheck
from royalties.selectors.scope import WHOLE, Scope
from royalties.services import invariants
from royalties.services.invariants import Violation

logger = logging.getLogger(__name__)
# The number only has to be ours.
_ADVISORY_LOCK = 0x0C7A_C4EC
# A run over everything is made each night; after a second night without one nothing rests on the last.
_TRUSTED_FOR = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class Checked:
    """What a run found, and the links that it came to in the ledger and in the audit log; None in an empty chain."""

    violations: list[Violation]
    last: ChainLink | None
    audit: AuditLink | None


def check_whole(*, at: datetime) -> list[Violation]:
    """Every rule over everything, from the beginning of the books; remembered. Returns the violations."""
    return _run(WHOLE, at)


def check_whole_once(*, at: datetime) -> None:
    """The same, unless such a run is under way: the broker hands a long task to a second worker."""
    with invariants.one_moment():
        if not _is_alone():
            logger.warning("ledger.check_skipped reason=under_way")
            return
        checked = _look(WHOLE)
    _remember(WHOLE, checked, at)


def _is_alone() -> bool:
    """Whether no other transaction holds the lock, which is ours until this one ends."""
    if connection.vendor != "postgresql":
        return True  # on the embedded default there is one worker
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_ADVISORY_LOCK])
        return bool(cursor.fetchone()[0])


def check_since_last(*, at: datetime) -> list[Violation]:
    """Every rule over what was chained since the last run that found nothing; remembered. Returns the violations.

    Over everything where no run over everything found nothing lately, be it that none was made.
    """
    return _run(_scope(at), at)


def found_by_last_whole() -> int:
    """How many violations the last run over everything found."""
    whole = _last_whole()
    return whole.violations if whole else 0


def _last_whole() -> LedgerCheck | None:
    return LedgerCheck.objects.filter(since_position=0).first()


def _scope(at: datetime) -> Scope:
    whole = _last_whole()
    if whole is None or whole.violations or whole.at < at - _TRUSTED_FOR:
        return WHOLE
    last = LedgerCheck.objects.filter(violations=0).first()
    return Scope(last.position) if last else WHOLE


def _run(scope: Scope, at: datetime) -> list[Violation]:
    checked = _look(scope)
    _remember(scope, checked, at)
    return checked.violations


def _remember(scope: Scope, checked: Checked, at: datetime) -> None:
    LedgerCheck.objects.create(
        at=at,
        since_position=scope.since,
        position=checked.last.position if checked.last else 0,
        chain_hash=checked.last.hash if checked.last else "",
        audit_position=checked.audit.position if checked.audit else 0,
        audit_hash=checked.audit.hash if checked.audit else "",
        violations=len(checked.violations),
    )
    for found in checked.violations:
        logger.error("ledger.broken rule=%s row=%s", found.rule, found.row)


def _look(scope: Scope) -> Checked:
    with invariants.one_moment():
        last = ChainLink.objects.order_by("-position").first()
        return Checked([*_moved(scope), *invariants.check_invariants(scope)], last, audit_chain.head())


def _moved(scope: Scope) -> list[Violation]:
    """Whether the place that the run rests on is still the one that was checked."""
    if scope.is_whole:
        return []
    seen = LedgerCheck.objects.filter(position=scope.since, violations=0).first()
    link = ChainLink.objects.filter(position=scope.since).first()
    if seen is not None and link is not None and link.hash == seen.chain_hash:
        return []
    return [Violation("chain", f"position {scope.since}", "is not the link that was checked before")]
