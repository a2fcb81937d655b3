"""What a verified buyer says of a work."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from common.ids import PublicIdField
from publishing.models import Work


class Review(models.Model):
    public_id = PublicIdField("rev")
    work = models.ForeignKey(Work, on_delete=models.CASCADE, related_name="reviews")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="reviews")
    stars = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=120, blank=True)
    body = models.TextField(max_length=5000, blank=True)
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        ordering = ["-created_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["work", "user"], name="review_once"),
            models.CheckConstraint(condition=models.Q(stars__gte=1, stars__lte=5), name="review_stars_range"),
        ]
