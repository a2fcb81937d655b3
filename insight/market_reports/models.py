"""Reports of quarters, and who subscribes to them at which price.

A report tells of nobody: what it says of people is made of published weeks (`insight.searches`), and of sales by the
rules in `insight.market_reports.disclosure`. It is made once and never again: two reports of one quarter could be
subtracted.
"""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from common.ids import PublicIdField
from common.money import Money
from common.periods import Quarter


class MarketReport(models.Model):
    """What was looked for, on sale and bought in one quarter."""

    first_day = models.DateField(unique=True, help_text="of the quarter, UTC")
    weeks = models.PositiveSmallIntegerField(help_text="published weeks whose Monday is in the quarter")
    works = models.PositiveIntegerField(help_text="on sale when the report was made")
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["-first_day"]

    def __str__(self) -> str:
        return str(self.quarter)

    @property
    def quarter(self) -> Quarter:
        return Quarter.of_day(self.first_day)


class ReportCell(models.Model):
    """One subject and language of books.

    `searchers` and `found_little` are sums of the published weeks: whoever searched in two weeks is in both.
    """

    report = models.ForeignKey(MarketReport, on_delete=models.CASCADE, related_name="cells")
    subject = models.CharField(max_length=2, blank=True, help_text="Thema; empty for searches without one")
    language = models.CharField(max_length=3, blank=True)
    weeks_seen = models.PositiveSmallIntegerField(help_text="weeks in which at least five people looked for it")
    searchers = models.PositiveIntegerField()
    found_little = models.PositiveIntegerField()
    works = models.PositiveIntegerField(help_text="on sale when the report was made")
    new_works = models.PositiveIntegerField(help_text="of them, first published in the quarter")
    price_minor = models.PositiveIntegerField(
        null=True, help_text="median list price of paid works, in the shop's default currency"
    )
    copies = models.PositiveIntegerField(null=True, help_text="sold and kept, in fives; null if too few people bought")

    class Meta:
        ordering = ["-searchers", "-copies", "-works", "subject", "language"]
        constraints = [models.UniqueConstraint(fields=["report", "subject", "language"], name="report_cell_once")]


class ReportWord(models.Model):
    """Words that readers searched for, in as many weeks as they were published."""

    report = models.ForeignKey(MarketReport, on_delete=models.CASCADE, related_name="words")
    words = models.CharField(max_length=200)
    weeks_seen = models.PositiveSmallIntegerField()
    searchers = models.PositiveIntegerField(help_text="sum of the weeks")
    found_little = models.PositiveIntegerField(help_text="sum of the weeks")

    class Meta:
        ordering = ["-searchers", "words"]
        constraints = [models.UniqueConstraint(fields=["report", "words"], name="report_word_once")]


class ReportPriceQuerySet(models.QuerySet["ReportPrice"]):
    def in_force(self, *, at: datetime) -> dict[str, int]:
        """Return the monthly price at the moment, in minor units by currency. One query."""
        rows = self.filter(effective_at__lte=at).order_by("effective_at", "id")
        return {row.currency: row.monthly_minor for row in rows}


class ReportPrice(models.Model):
    """What all reports cost a month, in one currency. A change is a new row, for new subscriptions only."""

    currency = models.CharField(max_length=3)
    effective_at = models.DateTimeField()
    monthly_minor = models.PositiveIntegerField(help_text="0: not sold in this currency")

    objects: ClassVar[ReportPriceQuerySet] = ReportPriceQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["currency", "-effective_at"]
        constraints = [
            models.UniqueConstraint(fields=["currency", "effective_at"], name="report_price_once_per_moment"),
        ]


class ReportSubscription(models.Model):
    """One person's subscription, from its first paid month to its last."""

    public_id = PublicIdField("rsb")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="report_subscriptions")
    currency = models.CharField(max_length=3)
    monthly_minor = models.PositiveIntegerField(help_text="as it was when the subscription began")
    months = models.PositiveIntegerField(default=0, help_text="paid so far")
    started_at = models.DateTimeField()
    paid_until = models.DateTimeField()
    cancelled_at = models.DateTimeField(null=True, help_text="it ends with the paid month")
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-started_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["user"], condition=Q(ended_at=None), name="report_subscription_one_open"),
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(ended_at__gte=F("started_at")), name="report_subscription_ends_later"
            ),
        ]

    def __str__(self) -> str:
        return str(self.public_id)

    @property
    def price(self) -> Money:
        """What a month costs."""
        return Money(self.monthly_minor, self.currency)
