"""The parts that all our hash chains share: canonical bytes, a link over the previous one, one writer at a time.

The ledger's chain (`royalties.ledger_chain`) and the audit log's (`accounts.audit_chain`) define what they hash. People
verify their statements without us, so `royalties/verify_statement.py` has its own copy of `canonical` and `GENESIS`.
"""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime

from django.db import connection

GENESIS = "0" * 64


def canonical(value: object) -> bytes:
    """Return JSON with sorted keys and no spaces, as bytes."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=True).encode()


def moment(value: datetime) -> str:
    """Format a timestamp as it is hashed: UTC, with microseconds."""
    return value.astimezone(UTC).isoformat(timespec="microseconds")


def link_hash(previous_hash: str, content: bytes) -> str:
    """Return the hash of a link, which includes the previous link's hash."""
    return hashlib.sha256(previous_hash.encode() + content).hexdigest()


def wait_for_turn(lock: int) -> None:
    """Wait until no other transaction holds this lock, then hold it until ours ends. SQLite has one writer anyway."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [lock])
