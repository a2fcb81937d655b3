"""The published part of the ledger: the daily roots."""

from __future__ import annotations

import json

from royalties import ledger_chain
from royalties.models import DailyRoot


def roots_json() -> bytes:
    """Return every root, oldest first, as verify_statement.py reads them. The same roots give the same bytes."""
    rows = [ledger_chain.published(root) for root in DailyRoot.objects.order_by("number")]
    return (json.dumps({"format": "octavo-roots/1", "roots": rows}, sort_keys=True, indent=1) + "\n").encode()
