"""What the shop has asked for a work, since it first went on sale."""

from __future__ import annotations

from django.db import models

from publishing.models import Work


class PriceChange(models.Model):
    """From `at` on the shop asked this in this currency; nothing (None) when it was not on sale. Only ever appended."""

    work = models.ForeignKey(Work, on_delete=models.CASCADE, related_name="price_changes")
    currency = models.CharField(max_length=3)
    amount_minor = models.PositiveIntegerField(null=True)
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "id"]
        indexes = [models.Index(fields=["work", "currency", "at", "id"], name="price_change_of_work")]
