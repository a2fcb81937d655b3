"""Runs of the ledger's rules that are remembered, so that closing a month need not begin at the first sale ever made.

A run over everything trusts nothing. A run over a part rests on the last one that found nothing: it looks at what was
chained since, at how that joins what was there before, and at the tallies, which stand for the rest. It is allowed only
while the last run over everything found nothing.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from royalties.models import ChainLink, LedgerCheck
from royalties.selectors.scope import WHOLE, Scope
from royalties.services import invariants
from royalties.services.invariants import Violation

logger = logging.getLogger(__name__)
# The number only has to be ours.
_ADVISORY_LOCK = 0x0C7A_C4EC


@dataclass(frozen=True, slots=True)
class Checked:
    """What a run found, and the link that it came to; None in an empty chain."""

    violations: list[Violation]
    last: ChainLink | None


def check_whole(*, at: datetime) -> list[Violation]:
    """Every rule over everything, from the beginning of the books; remembered. Returns the violations."""
    return _run(WHOLE, at)


def check_whole_once(*, at: datetime) -> None:
    """The same, unless such a run is under way: the broker hands a long task to a second worker."""
    with _alone() as is_alone:
        if is_alone:
            check_whole(at=at)


@contextmanager
def _alone() -> Iterator[bool]:
    if connection.vendor != "postgresql":
        yield True  # on the embedded default there is one worker
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [_ADVISORY_LOCK])
        is_alone = cursor.fetchone()[0]
        try:
            yield is_alone
        finally:
            if is_alone:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [_ADVISORY_LOCK])


def check_since_last(*, at: datetime) -> list[Violation]:
    """Every rule over what was chained since the last run that found nothing; remembered. Returns the violations.

    Over everything where there was none, and after a run over everything that found something.
    """
    return _run(_scope(), at)


def _scope() -> Scope:
    whole = LedgerCheck.objects.filter(since_position=0).first()
    if whole is None or whole.violations:
        return WHOLE
    last = LedgerCheck.objects.filter(violations=0).first()
    return Scope(last.position) if last else WHOLE


def _run(scope: Scope, at: datetime) -> list[Violation]:
    checked = _look(scope)
    LedgerCheck.objects.create(
        at=at,
        since_position=scope.since,
        position=checked.last.position if checked.last else 0,
        chain_hash=checked.last.hash if checked.last else "",
        violations=len(checked.violations),
    )
    for found in checked.violations:
        logger.error("ledger.broken rule=%s row=%s", found.rule, found.row)
    return checked.violations


def _look(scope: Scope) -> Checked:
    with invariants.one_moment():
        last = ChainLink.objects.order_by("-position").first()
        return Checked([*_moved(scope), *invariants.check_invariants(scope)], last)


def _moved(scope: Scope) -> list[Violation]:
    """Whether the place that the run rests on is still the one that was checked."""
    if scope.is_whole:
        return []
    seen = LedgerCheck.objects.filter(position=scope.since, violations=0).first()
    link = ChainLink.objects.filter(position=scope.since).first()
    if seen is not None and link is not None and link.hash == seen.chain_hash:
        return []
    return [Violation("chain", f"position {scope.since}", "is not the link that was checked before")]
