"""Pay by royalty share: once the work is accepted, the split is proposed, and both sides consent to it."""

from __future__ import annotations

from datetime import datetime

from hiring.contracts.models import Contract


def propose(contract: Contract, *, at: datetime) -> None:
    """Propose the split of a contract that ended with its work accepted."""
