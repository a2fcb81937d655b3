"""Sums by day (UTC), made anew from events and orders while they may change. No personal data."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from publishing.models import Work

# The steps from a look at a book's page to a sale, and what follows; each a column.
COUNTS = ("views", "samples", "carts", "sales", "free_copies", "returns")
# `source` of what came from sites with few visits.
OTHER_SOURCES = "other"


class DayCounts(models.Model):
    """What happened on one day. Visits of machines are in `left_out` alone."""

    day = models.DateField()
    views = models.PositiveIntegerField(default=0)
    samples = models.PositiveIntegerField(default=0)
    carts = models.PositiveIntegerField(default=0)
    sales = models.PositiveIntegerField(default=0, help_text="paid copies, whether returned later or not")
    free_copies = models.PositiveIntegerField(default=0)
    returns = models.PositiveIntegerField(default=0, help_text="on the day the money went back")

    class Meta:
        abstract = True


class DayTotal(DayCounts):
    """`visitors` are distinct on this day alone: they do not add up over days, because nobody is followed."""

    visitors = models.PositiveIntegerField(default=0)
    left_out = models.PositiveIntegerField(default=0, help_text="visits of machines")

    class Meta:
        abstract = True


class WorkDay(DayTotal):
    """One work's day."""

    work = models.ForeignKey(Work, on_delete=models.CASCADE, related_name="+", db_index=False)

    class Meta:
        indexes = [models.Index(fields=["day"], name="work_day_by_day")]
        constraints = [models.UniqueConstraint(fields=["work", "day"], name="work_day_once")]


class WorkDaySource(DayCounts):
    """The part of one work's day that came from one source and country."""

    work = models.ForeignKey(Work, on_delete=models.CASCADE, related_name="+", db_index=False)
    source = models.CharField(max_length=60, blank=True)
    country = models.CharField(max_length=2, blank=True)

    class Meta:
        indexes = [models.Index(fields=["day"], name="work_source_by_day")]
        constraints = [
            models.UniqueConstraint(fields=["work", "day", "source", "country"], name="work_day_source_once")
        ]


class OwnerDay(DayTotal):
    """The day of all works of one owner."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_index=False)

    class Meta:
        indexes = [models.Index(fields=["day"], name="owner_day_by_day")]
        constraints = [models.UniqueConstraint(fields=["owner", "day"], name="owner_day_once")]


class LastLook(models.Model):
    """When an author last looked at their desk's home, and the time before, since which it tells what happened."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField()
    before = models.DateTimeField()
