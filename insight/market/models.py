"""What each figure was in each period, with the band it was expected in. No personal data: counts and shares alone."""

from __future__ import annotations

from django.db import models


class FigureCount(models.Model):
    """That one figure of `registry.FIGURES` was counted for one period, and when last."""

    figure = models.CharField(max_length=40)
    first_day = models.DateField(help_text="of the period")
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["figure", "first_day"]
        constraints = [models.UniqueConstraint(fields=["figure", "first_day"], name="figure_count_once_per_period")]

    def __str__(self) -> str:
        return f"{self.figure} {self.first_day}"


class FigureValue(models.Model):
    """One value of it. `part` is a currency or a cell of the market, "" for the whole.

    `value` is null where nothing could be said. `low` and `high` are the limits of the figure's alarm rule, null where
    it had none on that side.
    """

    count = models.ForeignKey(FigureCount, on_delete=models.CASCADE, related_name="values")
    part = models.CharField(max_length=60, blank=True)
    value = models.BigIntegerField(null=True, help_text="in the figure's unit")
    events = models.PositiveBigIntegerField(help_text="how many it is made of")
    low = models.BigIntegerField(null=True)
    high = models.BigIntegerField(null=True)
    is_alarm = models.BooleanField(default=False)

    class Meta:
        ordering = ["count", "part"]
        constraints = [models.UniqueConstraint(fields=["count", "part"], name="figure_value_once_per_part")]

    def __str__(self) -> str:
        return f"{self.part} {self.value}"
