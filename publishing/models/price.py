"""List prices, per currency."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from django.db import models
from django.db.models import OuterRef, Subquery, Value

from publishing.models.promotion import Promotion
from publishing.models.work import Work
from publishing.price_now import PriceNow, PricePeriod, price_at


class PriceQuerySet(models.QuerySet["Price"]):
    def at(self, moment: datetime) -> PriceQuerySet:
        """Add the promotion that runs at the moment, for `Price.now`, without a further query."""
        running = Promotion.objects.running_at(moment).filter(work=OuterRef("work"), currency=OuterRef("currency"))
        columns = {"running_id": "public_id", "running_minor": "price_minor", "running_until": "ends_at"}
        added = {name: Subquery(running.values(column)[:1]) for name, column in columns.items()}
        return self.annotate(**added, **{"asked_at": Value(moment, output_field=models.DateTimeField())})


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

    objects: ClassVar[PriceQuerySet] = PriceQuerySet.as_manager()  # type: ignore[assignment]

    # Only on rows that `PriceQuerySet.at` has read.
    asked_at: datetime
    running_id: str | None
    running_minor: int | None
    running_until: datetime | None

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

    def now(self, *, is_fixed: bool = False) -> PriceNow:
        """Return the price at the moment for which `PriceQuerySet.at` read the row, before the reader chooses one.

        Promotions leave open prices alone: there, readers already pay what they like.
        """
        if self.is_open or self.running_minor is None or self.running_until is None:
            return PriceNow(self.usual_minor)
        period = PricePeriod(self.asked_at, self.running_until, self.running_minor, self.running_id or "")
        return price_at(self.list_price_minor, [period], self.asked_at, is_fixed=is_fixed)
