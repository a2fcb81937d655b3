"""The audit log, compared with what the books recorded about its end.

Its own chain reveals a change or a gap, but not that its last entries were cut off. So each check of the ledger and
each closed month stores the log's last position and hash at that time.
"""

from __future__ import annotations

from collections.abc import Iterator

from accounts.models import AuditLink
from accounts.selectors import audit_chain
from common import clock
from royalties.models import ClosedPeriod, LedgerCheck
from royalties.selectors.check_scope import Scope

type Broken = tuple[str, str]


def broken(scope: Scope) -> list[Broken]:
    """Return what is wrong with the audit log; for a partial scope, only after the last check that found nothing."""
    last = LedgerCheck.objects.filter(violations=0, audit_position__gt=0).first()
    since = last.audit_position if last and not scope.is_whole else 0
    found = list(_cut_off(last))
    return found or audit_chain.broken(at=clock.database_now(), since=since)


def _cut_off(last: LedgerCheck | None) -> Iterator[Broken]:
    months = ClosedPeriod.objects.filter(audit_position__gt=0)
    kept = {row.audit_position: (row.audit_hash, f"when {row.period} was closed") for row in months}
    if last is not None:
        kept[last.audit_position] = (last.audit_hash, "at the last check")
    hashes = dict(AuditLink.objects.filter(pk__in=kept).values_list("pk", "hash"))
    for position, (known, when) in sorted(kept.items()):
        if hashes.get(position) != known:
            yield "audit log", f"does not have the end at position {position} that it had {when}"
