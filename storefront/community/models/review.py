"""Reviews by verified buyers, and by readers of advance copies, whose stars count only if they buy the book."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from common.ids import PublicIdField
from publishing.models import Work
from storefront.community.models.flag_rule import FlagRule


class Fold(models.TextChoices):
    """How a review is shown: in full, collapsed for a reason, or not at all."""

    NONE = "", _("Shown")
    SPOILER = "spoiler", _("Collapsed behind a spoiler warning")
    FLAGGED = "flagged", _("Collapsed after readers flagged it")
    HIDDEN = "hidden", _("Removed by a moderator")


class Uncounted(models.TextChoices):
    """Why the stars of a reader who kept the book do not count."""

    NO = "", _("They count")
    FREE = "free", _("The copy was free or nearly free")
    MAKER = "maker", _("Written by someone who worked on the book")
    COPY = "copy", _("One of several copies that someone else bought to hand out")


class ReviewQuerySet(models.QuerySet["Review"]):
    def shown(self) -> ReviewQuerySet:
        """Return the reviews on public pages, collapsed or not."""
        return self.exclude(fold=Fold.HIDDEN)

    def counted(self) -> ReviewQuerySet:
        """Return the reviews whose stars count: the writer paid for the book, kept it and did not contribute to it, and
        no moderator removed the review."""
        return self.shown().filter(is_verified=True, uncounted=Uncounted.NO)


class Review(models.Model):
    """A reader's review of a work.

    `helpful_score` orders the reviews of a work: 0 once the book was returned and for advance copies, otherwise 1 +
    `standing_rules.helpful_score`.
    """

    public_id = PublicIdField("rev")
    work = models.ForeignKey(Work, on_delete=models.CASCADE, related_name="reviews")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="reviews")
    stars = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=120, blank=True)
    body = models.TextField(max_length=5000, blank=True)
    is_verified = models.BooleanField(default=True, help_text="the buyer has kept the book")
    is_advance = models.BooleanField(
        default=False, db_default=False, help_text="the writer had a free advance copy; stays when they buy the book"
    )
    uncounted = models.CharField(
        max_length=5,
        choices=Uncounted,
        default=Uncounted.NO,
        blank=True,
        help_text="maintained by services/ratings.py",
    )
    helpful_count = models.PositiveIntegerField(default=0)
    helpful_score = models.PositiveIntegerField(default=1)
    fold = models.CharField(max_length=8, choices=Fold, default=Fold.NONE, blank=True)
    fold_rule = models.CharField(
        max_length=9, choices=FlagRule, default="", blank=True, help_text="the rule it was collapsed or removed by"
    )
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    objects: ClassVar[ReviewQuerySet] = ReviewQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["-created_at", "-id"]
        indexes = [models.Index(fields=["work", "-helpful_score", "-id"], name="review_helpful")]
        constraints = [
            models.UniqueConstraint(fields=["work", "user"], name="review_once"),
            models.CheckConstraint(condition=models.Q(stars__gte=1, stars__lte=5), name="review_stars_range"),
        ]

    @property
    def version(self) -> str:
        """Return an identifier that changes with the text, so that moderators decide on the version they have read."""
        return self.changed_at.isoformat()

    @property
    def words(self) -> str:
        return f"{self.title}\n\n{self.body}".strip()
