"""Writes what people mean to read in a year."""

from __future__ import annotations

from accounts.models import User
from storefront.shelf.models import YearGoal


def set_goal(*, actor: User, year: int, books: int | None, days: int | None) -> None:
    """Set the goal for a year; with neither books nor days, have none."""
    if books is None and days is None:
        YearGoal.objects.filter(user=actor, year=year).delete()
    else:
        YearGoal.objects.update_or_create(user=actor, year=year, defaults={"books": books, "days": days})
