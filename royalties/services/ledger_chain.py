"""The chainer: hashes committed entries in batches, apart from their writers, who therefore never wait for each other.

Each batch reads the last number and balance of every account it touches once, numbers its postings in memory and writes
links, leaves and numbered postings with one insert each. What it chained is added to the tallies.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Sequence

from django.db import transaction
from django.db.models import OuterRef, Subquery
from django.db.models.functions import Coalesce

from common import hash_chain
from royalties import ledger_chain
from royalties.models import ChainedPosting, ChainLink, ChainMark, EntryLeaf, JournalEntry, LedgerAccount
from royalties.services import running_totals

_BATCH = 1000
# Lets one chainer run at a time. The number is arbitrary, but must be unique among our locks.
_ADVISORY_LOCK = 0x0C7A_C4A1


def chain_committed(*, whole: bool = False) -> int:
    """Chain every entry that is committed and not chained yet, in batches. Return how many. Safe to run twice.

    Entries up to the last close are not looked through again, unless `whole` asks for the entire ledger.
    """
    mark = None if whole else ChainMark.objects.first()
    chained = 0
    while batch := _chain_batch(mark.settled_entry if mark else 0):
        chained += batch
    return chained


def lock_chain() -> None:
    """Wait until nobody else adds to the chain or its roots, then keep others out until the transaction ends."""
    hash_chain.wait_for_turn(_ADVISORY_LOCK)


@transaction.atomic
def rebuild_tallies() -> None:
    """Repair tallies that differ from the postings: count all of them again while nobody adds to the chain."""
    lock_chain()
    running_totals.rebuild()


@transaction.atomic
def _chain_batch(after: int) -> int:
    lock_chain()
    waiting = JournalEntry.objects.filter(link=None, pk__gt=after).order_by("pk")
    found = waiting.prefetch_related("postings__account")
    entries = list(found[:_BATCH])
    leaves, postings = _commit_to(entries)
    last = ChainLink.objects.order_by("-position").first()
    previous = last.hash if last else ledger_chain.GENESIS
    links = []
    for entry, leaf in zip(entries, leaves, strict=True):
        links.append(ledger_chain.new_link(previous, entry, leaf))
        previous = links[-1].hash
    links = ChainLink.objects.bulk_create(links)
    ChainedPosting.objects.bulk_create(postings, batch_size=5000)
    EntryLeaf.objects.bulk_create(EntryLeaf(link=link, hash=leaf) for link, leaf in zip(links, leaves, strict=True))
    if links:
        running_totals.add(until=links[-1].position)
    return len(links)


def _commit_to(entries: Sequence[JournalEntry]) -> tuple[list[str], list[ChainedPosting]]:
    """Return the leaves of the entries, in order, and the numbered postings that they commit to."""
    accounts = _last_in({posting.account_id for entry in entries for posting in entry.postings.all()})
    leaves, chained = [], []
    for entry in entries:
        hashes = []
        for posting in entry.postings.all():
            ordinal, balance = accounts[posting.account_id]
            accounts[posting.account_id] = ordinal + 1, balance + posting.amount_minor
            place = ChainedPosting(
                posting=posting,
                account_id=posting.account_id,
                ordinal=ordinal + 1,
                balance_after_minor=balance + posting.amount_minor,
                salt=secrets.token_hex(16),
            )
            place.hash = ledger_chain.hash_of(posting, place)
            hashes.append(place.hash)
            chained.append(place)
        leaves.append(ledger_chain.leaf(entry, hashes))
    return leaves, chained


def _last_in(accounts: Iterable[int]) -> dict[int, tuple[int, int]]:
    """Return the last number given in each account, and the balance after it."""
    last = ChainedPosting.objects.filter(account=OuterRef("pk")).order_by("-ordinal")
    rows = LedgerAccount.objects.filter(pk__in=list(accounts)).values_list(
        "pk",
        Coalesce(Subquery(last.values("ordinal")[:1]), 0),
        Coalesce(Subquery(last.values("balance_after_minor")[:1]), 0),
    )
    return {pk: (ordinal, balance) for pk, ordinal, balance in rows}
