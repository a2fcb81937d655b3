"""Timed promotions: for a while, a lower price than the list price."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from common.ids import PublicIdField
from publishing.models.work import Work


class PromotionKind(models.TextChoices):
    PRICE = "price"
    FREE = "free"


class Announced(models.TextChoices):
    NOTHING = "none"
    BEGUN = "begun"
    ENDED = "ended"


class PromotionQuerySet(models.QuerySet["Promotion"]):
    def running_at(self, at: datetime) -> PromotionQuerySet:
        return self.filter(begins_at__lte=at, ends_at__gt=at)

    def unannounced(self, at: datetime) -> PromotionQuerySet:
        """Select those that have begun or ended without the shop being told."""
        begun = Q(begins_at__lte=at, announced=Announced.NOTHING)
        return self.filter(begun | Q(ends_at__lte=at, announced=Announced.BEGUN))


class Promotion(models.Model):
    """A price from one moment (inclusive) until another (exclusive). No job switches it: the price now is calculated
    from the list price, these rows and the time (`publishing.price_now`).

    Promotions of one work and currency never overlap; all writers hold the work's lock. One that has begun is never
    changed but for its end, so that the prices of the last thirty days stay known.
    """

    public_id = PublicIdField("prm")
    work = models.ForeignKey(Work, on_delete=models.CASCADE, related_name="promotions")
    currency = models.CharField(max_length=3)
    kind = models.CharField(max_length=5, choices=PromotionKind)
    price_minor = models.PositiveIntegerField(help_text="instead of the list price; 0 is free")
    begins_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    announced = models.CharField(
        max_length=5,
        choices=Announced,
        default=Announced.NOTHING,
        db_default=Announced.NOTHING,
        help_text="what the shop was told of: search and alerts of lower prices follow",
    )
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()

    objects: ClassVar[PromotionQuerySet] = PromotionQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["begins_at", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("begins_at")), name="promotion_ends_after_it_begins"),
            models.CheckConstraint(
                condition=Q(kind=PromotionKind.FREE, price_minor=0) | Q(kind=PromotionKind.PRICE, price_minor__gt=0),
                name="promotion_free_costs_nothing",
            ),
            # Backs the lock: two that begin together overlap.
            models.UniqueConstraint(fields=["work", "currency", "begins_at"], name="promotion_begins_once"),
        ]
        indexes = [
            models.Index(fields=["work", "currency", "ends_at"], name="promotion_of_work"),
            models.Index(fields=["begins_at"], name="promotion_begins"),
            models.Index(fields=["ends_at"], name="promotion_ends"),
            models.Index(
                fields=["begins_at", "ends_at"],
                condition=Q(announced__in=["none", "begun"]),
                name="promotion_to_announce",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.work_id} {self.currency} {self.begins_at:%Y-%m-%d}"
