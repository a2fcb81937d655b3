"""Remembered checks of the ledger's rules, so that closing a month need not start from the first sale ever made.

A full check trusts nothing. A partial check builds on the last check that found nothing: it looks at what was chained
since, at how that connects to what was there before, and at the tallies, which stand for the rest. It is only allowed
while the last full check found nothing and is not older than two days.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from django.db import connection

from accounts.models import AuditLink
from accounts.selectors import audit_chain
from royalties.models import ChainLink, LedgerCheck
from royalties.selectors.check_scope import WHOLE, Scope
from royalties.services import invariants
from royalties.services.invariants import Violation

logger = structlog.stdlib.get_logger(__name__)
# The number is arbitrary, but must be unique among our locks.
_ADVISORY_LOCK = 0x0C7A_C4EC
# A full check runs each night; after a second night without one, partial checks are no longer allowed.
_TRUSTED_FOR = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class Checked:
    """What a check found, and the last links it saw in the ledger and in the audit log; None in an empty chain."""

    violations: list[Violation]
    last: ChainLink | None
    audit: AuditLink | None


def check_whole(*, at: datetime) -> list[Violation]:
    """Check every rule from the beginning of the books, and remember the result. Return the violations."""
    return _run(WHOLE, at)


def check_whole_once(*, at: datetime) -> None:
    """Run `check_whole` unless another one is running: the broker may hand a long task to a second worker."""
    with invariants.one_moment():
        if not _is_alone():
            logger.warning("ledger.check_skipped", reason="under_way")
            return
        checked = _look(WHOLE)
    _remember(WHOLE, checked, at)


def _is_alone() -> bool:
    """Return whether no other transaction holds the lock, and hold it until this transaction ends."""
    if connection.vendor != "postgresql":
        return True  # SQLite: there is one worker
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_ADVISORY_LOCK])
        return bool(cursor.fetchone()[0])


def check_since_last(*, at: datetime) -> list[Violation]:
    """Check every rule on what was chained since the last check without findings. Return the violations.

    The result is remembered. The check covers everything if no recent full check found nothing, or if there is none.
    """
    return _run(_scope(at), at)


def found_by_last_whole() -> int:
    """Return how many violations the last full check found."""
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
        logger.error("ledger.broken", rule=found.rule, row=found.row)


def _look(scope: Scope) -> Checked:
    with invariants.one_moment():
        last = ChainLink.objects.order_by("-position").first()
        return Checked([*_moved(scope), *invariants.check_invariants(scope)], last, audit_chain.head())


def _moved(scope: Scope) -> list[Violation]:
    """Return a violation if the position that the check builds on is no longer the one that was checked."""
    if scope.is_whole:
        return []
    seen = LedgerCheck.objects.filter(position=scope.since, violations=0).first()
    link = ChainLink.objects.filter(position=scope.since).first()
    if seen is not None and link is not None and link.hash == seen.chain_hash:
        return []
    return [Violation("chain", f"position {scope.since}", "is not the link that was checked before")]
