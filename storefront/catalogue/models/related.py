"""What recommendations are read from. Computed in the background, never by a request
(`storefront.library.services.recommendations`).
"""

from __future__ import annotations

from django.db import models

from storefront.catalogue.models.listing import Listing

# So many readers must have bought both of two books, or it is nobody's business.
FEWEST_TOGETHER = 3
# The least of each band: nobody is told more exactly how many readers two books have in common.
_BANDS = (1000, 500, 200, 100, 50, 20, 10, FEWEST_TOGETHER)


def readers_at_least(readers: int) -> int:
    """What is told of how many readers bought both; 0 where that is not a reason."""
    return next((least for least in _BANDS if readers >= least), 0)


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
    """One row: up to when purchases are counted into BoughtTogether, and how far the count under way has come."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    counted_until = models.DateTimeField(null=True)
    counting_until = models.DateTimeField(null=True, help_text="what the count under way counts up to")
    counted_to = models.BigIntegerField(default=0, help_text="the last listing that the count under way has done")

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="recommendation_run_single_row")]
