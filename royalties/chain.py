"""The hash chain over journal entries: canonical bytes, no database.

Bytes hold opaque ids and amounts only, so erasing a person's data never breaks the chain. Anybody with the entries
can recompute it: hash = SHA-256(previous hash in hex + canonical JSON of the entry).
"""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime

from royalties.models import JournalEntry

GENESIS = "0" * 64


def canonical_bytes(entry: JournalEntry) -> bytes:
    """The entry with its postings as JSON with sorted keys and postings; accounts by name."""
    content = {
        "entry": entry.pk,
        "kind": entry.kind,
        "external_id": entry.external_id,
        "reference": entry.reference,
        "occurred_at": _moment(entry.occurred_at),
        "booked_at": _moment(entry.booked_at),
        "reverses": entry.reverses_id,
        "postings": sorted([p.account.name, p.currency, p.amount_minor] for p in entry.postings.all()),
    }
    return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=True).encode()


def link_hash(previous_hash: str, entry: JournalEntry) -> str:
    """The entry's hash over the previous one's, in hex."""
    return hashlib.sha256(previous_hash.encode() + canonical_bytes(entry)).hexdigest()


def _moment(value: datetime) -> str:
    return value.astimezone(UTC).isoformat(timespec="microseconds")
