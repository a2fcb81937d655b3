"""What the first person checked before a second person closes a month."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from royalties.models.reconciliation import ReconciliationRun


class ClosePreparation(models.Model):
    """One person's check of everything that a month's close rests on. Only ever added; the newest counts.

    `fingerprint` is taken over what they looked at (`selectors.closing.Evidence`). If it has changed since,
    the month has to be prepared again before it closes.
    """

    period = models.CharField(max_length=7, help_text="YYYY-MM")
    prepared_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    prepared_at = models.DateTimeField()
    compared = models.ForeignKey(
        ReconciliationRun,
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="the comparison it rests on; none where nothing was ever paid through the provider",
    )
    open_items = models.PositiveIntegerField(help_text="of the month and before, all of them set aside by two people")
    entries = models.PositiveBigIntegerField(help_text="of the month")
    fingerprint = models.CharField(max_length=64)

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["period"], name="close_preparation_period")]

    def __str__(self) -> str:
        return str(self.period)
