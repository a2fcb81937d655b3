"""The history of a work's prices since it first went on sale."""

from __future__ import annotations

from django.db import models

from publishing.models import Work


class PriceChange(models.Model):
    """The price in this currency from `at` on; None if the work was not on sale. Rows are only ever appended."""

    work = models.ForeignKey(Work, on_delete=models.CASCADE, related_name="price_changes")
    currency = models.CharField(max_length=3)
    amount_minor = models.PositiveIntegerField(null=True)
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "id"]
        indexes = [models.Index(fields=["work", "currency", "at", "id"], name="price_change_of_work")]
