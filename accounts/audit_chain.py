"""The hash chain over the audit log: what is hashed, no database.

A link hashes the entry's immutable columns (opaque ids, a verb, a moment) and a salted commitment to its facts. Facts
can be erased, with their salt, and every link still holds; without the salt nobody guesses what they were.
"""

from __future__ import annotations

import hashlib

from accounts.models import AuditEntry, AuditLink
from common.hash_chain import GENESIS, canonical, link_hash, moment

__all__ = ["GENESIS", "commitment", "hash_of", "new_link"]


def commitment(entry: AuditEntry) -> str:
    """The salted hash of the entry's facts."""
    return hashlib.sha256(canonical({"facts": entry.facts, "salt": entry.salt})).hexdigest()


def hash_of(entry: AuditEntry, facts_hash: str, previous_hash: str) -> str:
    """The hash of the entry's link over the one before it."""
    row = {
        "entry": entry.pk,
        "at": moment(entry.at),
        "actor": entry.actor_id,
        "about": entry.about_id,
        "verb": entry.verb,
        "subject_kind": entry.subject_kind,
        "subject_id": entry.subject_id,
        "facts": facts_hash,
    }
    return link_hash(previous_hash, canonical(row))


def new_link(entry: AuditEntry, previous_hash: str) -> AuditLink:
    """The next link, not saved."""
    facts_hash = commitment(entry)
    current = hash_of(entry, facts_hash, previous_hash)
    return AuditLink(entry=entry, facts_hash=facts_hash, previous_hash=previous_hash, hash=current)
