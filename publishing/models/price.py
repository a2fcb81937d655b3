"""List prices, per currency."""

from __future__ import annotations

from django.db import models

from publishing.models.work import Work


class Price(models.Model):
    """A work's list price in one currency; whether it includes tax follows the custom of the reader's country. 0 is
    free.

    Where the price is open, the list price is the minimum and readers choose what they pay.
    """

    work = models.ForeignKey(Work, on_delete=models.CASCADE, related_name="prices")
    currency = models.CharField(max_length=3)
    list_price_minor = models.PositiveIntegerField()
    is_open = models.BooleanField(default=False, help_text="readers choose, from the list price up")
    suggested_minor = models.PositiveIntegerField(null=True, help_text="the amount first shown for an open price")
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["work", "currency"], name="price_once_per_currency"),
            models.CheckConstraint(
                condition=models.Q(suggested_minor=None)
                | models.Q(is_open=True, suggested_minor__gte=models.F("list_price_minor")),
                name="price_suggestion_within_open_price",
            ),
        ]

    @property
    def usual_minor(self) -> int:
        """The price charged when the reader has not chosen one."""
        return self.list_price_minor if self.suggested_minor is None else self.suggested_minor
