"""What the clock has to do."""

from __future__ import annotations

from datetime import datetime

from hiring.contracts.models import Milestone

_BATCH = 500


def due_milestones(*, at: datetime) -> list[int]:
    """Return milestones for which the clock has something to do, those that wait longest first."""
    rows = Milestone.objects.due(at).order_by("clock_at", "pk")
    return list(rows.values_list("pk", flat=True)[:_BATCH])
