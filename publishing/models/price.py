"""What the author asks, per currency."""

from __future__ import annotations

from django.db import models

from publishing.models.work import Work


class Price(models.Model):
    """A work's list price in one currency, taxes as the custom of the reader's country has it. 0 is free."""

    work = models.ForeignKey(Work, on_delete=models.CASCADE, related_name="prices")
    currency = models.CharField(max_length=3)
    list_price_minor = models.PositiveIntegerField()
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["work", "currency"], name="price_once_per_currency")]
