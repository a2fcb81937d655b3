"""What a person means to read in a year."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q


class YearGoal(models.Model):
    """A number of books or of days, or both; private to the person."""

    MAX_BOOKS = 1000
    MAX_DAYS = 366

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="reading_goals")
    year = models.PositiveSmallIntegerField()
    books = models.PositiveSmallIntegerField(null=True)
    days = models.PositiveSmallIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "year"], name="shelf_goal_once_a_year"),
            models.CheckConstraint(
                condition=Q(books__isnull=False) | Q(days__isnull=False), name="shelf_goal_of_something"
            ),
        ]

    def __str__(self) -> str:
        return str(self.year)
