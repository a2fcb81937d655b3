"""Verification of the audit log's hash chain, recomputed from its entries."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from itertools import batched

from django.db.models import Max

from accounts import audit_chain, audit_registry
from accounts.models import AuditEntry, AuditLink

type Broken = tuple[str, str]

# An entry is chained seconds after it is committed. An unchained one this far behind the newest was inserted by
# someone else: the chainer skips it, and it is found here.
LATE_BY = 10_000
_BATCH = 2000


def head() -> AuditLink | None:
    """Return the end of the chain. Whoever keeps its position and hash can prove that later entries were cut off."""
    return AuditLink.objects.order_by("-position").first()


def newest_chained() -> int:
    """Return the id of the newest chained entry, 0 if there is none."""
    return AuditLink.objects.aggregate(newest=Max("entry"))["newest"] or 0


def broken(*, at: datetime, since: int = 0) -> list[Broken]:
    """Return the first row of the audit log that fails verification, with the reason, or nothing if all rows verify.

    `since` is the position up to which the chain was verified before: what comes after is checked, and how it joins.
    """
    found = next(_links(since, at), None) or next(_put_in(since), None)
    return [found] if found else []


def _links(since: int, at: datetime) -> Iterator[Broken]:
    trusted = AuditLink.objects.filter(position=since).first()
    if since and trusted is None:
        yield "audit log", f"ends before position {since}, which was there"
    previous = trusted.hash if trusted else audit_chain.GENESIS
    links = AuditLink.objects.filter(position__gt=since).order_by("position")
    for batch in batched(links.iterator(chunk_size=_BATCH), _BATCH):
        entries = AuditEntry.objects.in_bulk([link.entry_id for link in batch])
        for link in batch:
            row = f"audit entry {link.entry_id}"
            if link.previous_hash != previous:
                yield row, f"is not linked to the one before it (position {link.position})"
            wrong = _entry(link, entries.get(link.entry_id), previous, at)
            if wrong:
                yield row, f"{wrong} (position {link.position})"
            previous = link.hash


def _entry(link: AuditLink, entry: AuditEntry | None, previous: str, at: datetime) -> str:
    """Return what is wrong with an entry, or ""."""
    if entry is None:
        return "was deleted after it was chained"
    if audit_chain.hash_of(entry, link.facts_hash, previous) != link.hash:
        return "was changed after it was chained"
    if entry.salt == "" and not entry.facts:
        return "" if audit_registry.may_be_erased(entry, at) else "lost facts that are to be kept"
    return "" if audit_chain.commitment(entry) == link.facts_hash else "has other facts than when it was chained"


def _put_in(since: int) -> Iterator[Broken]:
    """Yield entries among those chained long ago that are not chained themselves."""
    if since:
        return  # a partial check trusts everything before it
    late = AuditEntry.objects.filter(link=None, pk__lt=newest_chained() - LATE_BY)
    for pk in late.order_by("pk").values_list("pk", flat=True)[:1]:
        yield f"audit entry {pk}", "was put in between older ones"
