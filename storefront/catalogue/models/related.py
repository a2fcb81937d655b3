"""The data behind recommendations.

It is computed in the background, never by a request (`storefront.library.services.recommendations`).
"""

from __future__ import annotations

from django.db import models

from storefront.catalogue.models.listing import Listing

# The fewest readers who must have bought both of two books before we show it, for their privacy.
MIN_COMMON_READERS = 3
# The lower limit of each band: we never show exactly how many readers two books have in common.
_BANDS = (1000, 500, 200, 100, 50, 20, 10, MIN_COMMON_READERS)


def readers_at_least(readers: int) -> int:
    """Return the number to show for how many readers bought both; 0 if there are too few to show."""
    return next((least for least in _BANDS if readers >= least), 0)


class BoughtTogether(models.Model):
    """Readers who bought `listing` also bought `other`. Rows exist only if enough different readers did."""

    listing = models.ForeignKey(Listing, on_delete=models.CASCADE, related_name="bought_together")
    other = models.ForeignKey(Listing, on_delete=models.CASCADE, related_name="+")
    place = models.PositiveSmallIntegerField(help_text="from 1, the closest")
    readers = models.PositiveIntegerField(help_text="different readers who bought both and kept both")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["listing", "place"], name="bought_together_place")]


class SubjectPick(models.Model):
    """The best rated books on one subject in one language, a few of which are shown beside each such book."""

    subject = models.CharField(max_length=2)
    language = models.CharField(max_length=35)
    place = models.PositiveSmallIntegerField(help_text="from 0")
    listing = models.ForeignKey(Listing, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["subject", "language", "place"], name="subject_pick_place"),
        ]


class RecommendationRun(models.Model):
    """The single row about counting BoughtTogether.

    It holds until when purchases are counted, and the progress of the current count.
    """

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    counted_until = models.DateTimeField(null=True)
    counting_until = models.DateTimeField(null=True, help_text="what the count under way counts up to")
    counted_to = models.BigIntegerField(default=0, help_text="the last listing that the count under way has done")

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="recommendation_run_single_row")]
