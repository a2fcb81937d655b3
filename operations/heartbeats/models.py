"""One row for each scheduled task, and one for the process that sends them."""

from __future__ import annotations

from django.db import models


class Outcome(models.TextChoices):
    SUCCEEDED = "succeeded", "succeeded"
    FAILED = "failed", "failed"


class Heartbeat(models.Model):
    """The last run of one scheduled task. All moments are real time by the database's clock."""

    name = models.CharField(max_length=100, primary_key=True)
    expected_from = models.DateTimeField(help_text="since when it is in the schedule")
    began_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=9, choices=Outcome, blank=True, help_text="of the last run that ended")
    duration_ms = models.PositiveIntegerField(null=True)
    succeeded_at = models.DateTimeField(null=True)
    pinged_at = models.DateTimeField(null=True, help_text="up to which run the outside service was told")

    def __str__(self) -> str:
        return self.name
