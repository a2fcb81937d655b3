"""What the clock has to do, and what it has to say of people who are late."""

from __future__ import annotations

from datetime import datetime, timedelta

from hiring.contracts.models import Case, Milestone

_BATCH = 500


def due_milestones(*, at: datetime) -> list[int]:
    """Return milestones for which the clock has something to do, those that wait longest first."""
    rows = Milestone.objects.due(at).order_by("clock_at", "pk")
    return list(rows.values_list("pk", flat=True)[:_BATCH])


def overdue_cases(*, at: datetime) -> int:
    """Return how many cases have waited for a person longer than their standard terms promise."""
    waiting = Case.objects.waiting().select_related("milestone__contract")
    return sum(case.milestone.since + timedelta(days=case.milestone.contract.days.decision) < at for case in waiting)
