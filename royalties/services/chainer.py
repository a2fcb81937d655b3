"""Hashes committed entries in batches, apart from the writers, who therefore never wait for each other."""

from __future__ import annotations

from django.db import connection, transaction

from royalties import chain
from royalties.models import ChainLink, JournalEntry

_BATCH = 1000
# One chainer at a time; the number only has to be ours.
_ADVISORY_LOCK = 0x0C7A_C4A1


def chain_committed() -> int:
    """Chain every entry that is committed and not chained yet, in batches; returns how many. Safe to run twice."""
    chained = 0
    while batch := _chain_batch():
        chained += batch
    return chained


@transaction.atomic
def _chain_batch() -> int:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_ADVISORY_LOCK])
    entries = JournalEntry.objects.filter(link=None).order_by("pk").prefetch_related("postings__account")[:_BATCH]
    last = ChainLink.objects.order_by("-position").values_list("hash", flat=True).first()
    links, previous = [], last or chain.GENESIS
    for entry in entries:
        current = chain.link_hash(previous, entry)
        links.append(ChainLink(entry=entry, previous_hash=previous, hash=current))
        previous = current
    ChainLink.objects.bulk_create(links)
    return len(links)
