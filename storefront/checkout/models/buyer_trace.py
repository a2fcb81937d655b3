"""What links orders placed under different email addresses, and the days on which goodwill ran out."""

from __future__ import annotations

from django.db import models

from storefront.checkout.models.order import Order


class TraceKind(models.TextChoices):
    CARD = "card"
    NETWORK = "network"
    BROWSER = "browser"


class BuyerTrace(models.Model):
    """The card that paid for an order, or a network or browser from which it was placed or returned.

    Stored as a keyed hash, which only shows whether two are the same, and deleted after a while
    (`storefront.checkout.orders.services.buyer_traces`).
    """

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="traces")
    kind = models.CharField(max_length=8, choices=TraceKind)
    digest = models.CharField(max_length=64, db_index=True)
    seen_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["order", "digest"], name="trace_once_per_order")]

    def __str__(self) -> str:
        return f"{self.order_id}: {self.kind}"


class GoodwillDay(models.Model):
    """A day (UTC) on which a used book was returned. Its row is the lock under which goodwill is counted."""

    day = models.DateField(unique=True)
    exhausted_at = models.DateTimeField(
        null=True, help_text="when a return first had to wait because the day's goodwill was used up"
    )
    told_at = models.DateTimeField(null=True, help_text="when finance was told")

    def __str__(self) -> str:
        return self.day.isoformat()
