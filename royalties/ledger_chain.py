"""The hash chain over journal entries and the hash trees over it: canonical bytes, no database.

The bytes hold only opaque ids and amounts, so erasing a person's data never breaks the chain. What is hashed is
documented and implemented in `royalties/verify_statement.py`, which people run without us:

- a leaf commits to an entry's header and to the salted hash of each posting, so one posting can be shown without the
  amounts of the others;
- a link is SHA-256(previous hash in hex + leaf in hex). This is version 2 of the rules, the only one in use.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from common import hash_chain
from common.hash_chain import moment
from royalties.models import ChainedPosting, ChainLink, DailyRoot, JournalEntry, Posting
from royalties.verify_statement import GENESIS, entry_leaf, node_hash, posting_hash

__all__ = ["GENESIS"]

VERSION = 2


def header(entry: JournalEntry) -> dict[str, Any]:
    """Return the part of the entry that everybody with a posting in it may see."""
    return {
        "entry": entry.pk,
        "kind": entry.kind,
        "external_id": entry.external_id,
        "reference": entry.reference,
        "occurred_at": moment(entry.occurred_at),
        "booked_at": moment(entry.booked_at),
        "reverses": entry.reverses_id,
    }


def revealed(posting: Posting, chained: ChainedPosting) -> dict[str, Any]:
    """Return the posting as it is hashed and as its owner gets it."""
    return {
        "account": posting.account.name,
        "currency": posting.currency,
        "amount_minor": posting.amount_minor,
        "ordinal": chained.ordinal,
        "balance_after_minor": chained.balance_after_minor,
        "salt": chained.salt,
    }


def hash_of(posting: Posting, chained: ChainedPosting) -> str:
    """Return the salted hash of a posting."""
    return posting_hash(revealed(posting, chained))


def leaf(entry: JournalEntry, hashes: Sequence[str]) -> str:
    """Return the entry's leaf, from the hashes of its postings."""
    return entry_leaf(header(entry), hashes)


def link_hash(previous_hash: str, entry_hash: str) -> str:
    """Return the hash that links an entry's leaf to the previous link's hash, in hex."""
    return hash_chain.link_hash(previous_hash, entry_hash.encode())


def new_link(previous_hash: str, entry: JournalEntry, entry_hash: str) -> ChainLink:
    """Return the next link, not saved."""
    current = link_hash(previous_hash, entry_hash)
    return ChainLink(entry=entry, version=VERSION, previous_hash=previous_hash, hash=current)


def published(root: DailyRoot) -> dict[str, Any]:
    """Return a day's root as everybody can read it and as it is hashed (without its own hash)."""
    return {
        "number": root.number,
        "day": root.day.isoformat(),
        "first_position": root.first_position,
        "last_position": root.last_position,
        "count": root.count,
        "merkle_root": root.merkle_root,
        "previous_root": root.previous_root,
        "root": root.root,
    }


class Tree:
    """A hash tree over leaves, as in RFC 6962: leaves pair up from the left, and an odd one moves up unchanged."""

    def __init__(self, leaves: Sequence[str]) -> None:
        if not leaves:
            raise ValueError("a tree has leaves")
        self._levels = [list(leaves)]
        while len(self._levels[-1]) > 1:
            level = self._levels[-1]
            pairs = zip(level[::2], level[1::2], strict=False)
            odd = level[-1:] if len(level) % 2 else []
            self._levels.append([node_hash(left, right) for left, right in pairs] + odd)

    @property
    def root(self) -> str:
        return self._levels[-1][0]

    def path(self, index: int) -> list[str]:
        """Return the siblings on the way from a leaf to the root."""
        found = []
        for level in self._levels[:-1]:
            sibling = index ^ 1
            if sibling < len(level):
                found.append(level[sibling])
            index //= 2
        return found
