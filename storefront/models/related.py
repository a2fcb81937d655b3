"""What recommendations are read from. Computed in the background (services/recommendations.py), never by a request."""

from __future__ import annotations

from django.db import models

from storefront.models.listing import Listing


class BoughtTogether(models.Model):
    """Readers who bought `listing` also bought `other`. Rows exist only where enough different readers did."""

    listing = models.ForeignKey(Listing, on_delete=models.CASCADE, related_name="bought_together")
    other = models.ForeignKey(Listing, on_delete=models.CASCADE, related_name="+")
    place = models.PositiveSmallIntegerField(help_text="from 1, the closest")
    readers = models.PositiveIntegerField(help_text="different readers who bought both and kept both")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["listing", "place"], name="bought_together_place")]


class SubjectPick(models.Model):
    """The books best liked of one subject in one language, from which each book of the two shows a few."""

    subject = models.CharField(max_length=2)
    language = models.CharField(max_length=35)
    place = models.PositiveSmallIntegerField(help_text="from 0")
    listing = models.ForeignKey(Listing, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["subject", "language", "place"], name="subject_pick_place"),
        ]


class RecommendationRun(models.Model):
    """One row: up to when purchases are counted into BoughtTogether."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    counted_until = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="recommendation_run_single_row")]
