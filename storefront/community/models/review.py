"""What a verified buyer says of a work."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from common.ids import PublicIdField
from publishing.models import Work
from storefront.community.models.flag_rule import FlagRule


class Fold(models.TextChoices):
    """Why a review is not simply shown."""

    NONE = "", _("Shown")
    SPOILER = "spoiler", _("Behind a word about spoilers")
    FLAGGED = "flagged", _("Folded by readers")
    HIDDEN = "hidden", _("Taken off by a moderator")


class Uncounted(models.TextChoices):
    """Why the stars of somebody who kept the book do not count."""

    NO = "", _("They count")
    FREE = "free", _("The copy was free or nearly free")
    MAKER = "maker", _("Written by one of the book’s makers")


class ReviewQuerySet(models.QuerySet["Review"]):
    def shown(self) -> ReviewQuerySet:
        """Those that stand on public pages, folded or not."""
        return self.exclude(fold=Fold.HIDDEN)

    def counted(self) -> ReviewQuerySet:
        """Those whose stars count: their writers have paid for the book and kept it, and did not make it, and no
        moderator has taken them off."""
        return self.shown().filter(is_verified=True, uncounted=Uncounted.NO)


class Review(models.Model):
    """`helpful_score` orders the reviews of a work: 0 once the book was given back, else one more than what
    `trust_rules.helpful_score` says.
    """

    public_id = PublicIdField("rev")
    work = models.ForeignKey(Work, on_delete=models.CASCADE, related_name="reviews")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="reviews")
    stars = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=120, blank=True)
    body = models.TextField(max_length=5000, blank=True)
    is_verified = models.BooleanField(default=True, help_text="the book was kept")
    uncounted = models.CharField(
        max_length=5,
        choices=Uncounted,
        default=Uncounted.NO,
        blank=True,
        help_text="kept by services/ratings.py",
    )
    helpful_count = models.PositiveIntegerField(default=0)
    helpful_score = models.PositiveIntegerField(default=1)
    fold = models.CharField(max_length=8, choices=Fold, default=Fold.NONE, blank=True)
    fold_rule = models.CharField(
        max_length=9, choices=FlagRule, default="", blank=True, help_text="the rule it is folded by"
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
        """Another one after each change of its words: what a moderator decides about."""
        return self.changed_at.isoformat()

    @property
    def words(self) -> str:
        return f"{self.title}\n\n{self.body}".strip()
