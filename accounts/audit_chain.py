"""The hash chain over the audit log: what is hashed. This module does not use the database.

A link hashes the entry's immutable columns (opaque ids, a verb, a timestamp) and a salted commitment to its facts.
Facts can be erased together with their salt, and every link still verifies. Without the salt nobody can guess the
facts.
"""

from __future__ import annotations

import hashlib

from accounts.models import AuditEntry, AuditLink
from common.hash_chain import GENESIS, canonical, link_hash, moment

__all__ = ["GENESIS", "commitment", "hash_of", "new_link"]


def commitment(entry: AuditEntry) -> str:
    """Return the salted hash of the entry's facts."""
    return hashlib.sha256(canonical({"facts": entry.facts, "salt": entry.salt})).hexdigest()


def hash_of(entry: AuditEntry, facts_hash: str, previous_hash: str) -> str:
    """Return the hash of the entry's link, which includes the previous link's hash."""
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
    """Return the next link, unsaved."""
    facts_hash = commitment(entry)
    current = hash_of(entry, facts_hash, previous_hash)
    return AuditLink(entry=entry, facts_hash=facts_hash, previous_hash=previous_hash, hash=current)
