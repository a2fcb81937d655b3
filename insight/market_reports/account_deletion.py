"""Account deletion: a subscription ends. What was paid is in the ledger."""

from __future__ import annotations

from datetime import datetime

from accounts.models import Deletion
from insight.market_reports.models import ReportSubscription


def erase(deletion: Deletion, at: datetime) -> None:
    """End the person's subscription. Safe to repeat."""
    ReportSubscription.objects.filter(user=deletion.user, ended_at=None).update(ended_at=at)
