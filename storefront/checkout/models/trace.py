"""What ties orders together that were placed under different addresses, and the days on which goodwill ran out."""

from __future__ import annotations

from django.db import models

from storefront.checkout.models.order import Order


class TraceKind(models.TextChoices):
    CARD = "card"
    NETWORK = "network"
    BROWSER = "browser"


class BuyerTrace(models.Model):
    """The card that paid for an order, or a network or browser in which it was placed or given back.

    Kept as a keyed hash, which says nothing but whether two are the same, and forgotten after a while
    (`storefront.checkout.orders.services.traces`).
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
    """A day (UTC) on which somebody gave a used book back. Its row is the lock under which goodwill is counted."""

    day = models.DateField(unique=True)
    exhausted_at = models.DateTimeField(null=True, help_text="when the first return of the day had to wait for it")
    told_at = models.DateTimeField(null=True, help_text="when finance was told")

    def __str__(self) -> str:
        return self.day.isoformat()
