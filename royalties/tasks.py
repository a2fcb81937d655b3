"""Background jobs of this app: doors to its services, safe to run twice."""

from __future__ import annotations

from celery import shared_task

from common import clock
from royalties.services import clearing


@shared_task(name="royalties.clear_due", time_limit=300)
def clear_due() -> None:
    """Each minute: earnings whose return window ended become payable, debts are paid from them."""
    at = clock.now()
    clearing.clear_due(at=at)
    clearing.recover_debts(at=at)
