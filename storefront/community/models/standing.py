"""Helpful votes, authors' replies, and the standing that readers earn."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.functional import Promise

from storefront.community import standing_rules
from storefront.community.models.review import Fold, Review


class HelpfulVote(models.Model):
    """A person's vote that a review is helpful: one for each review, until they undo it."""

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="helpful_votes")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["review", "user"], name="helpful_vote_once")]


class ReviewReply(models.Model):
    """An author's reply to a review of their work. One for each review; only its writer may change it."""

    review = models.OneToOneField(Review, on_delete=models.CASCADE, related_name="reply")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    body = models.TextField(max_length=3000)
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    mailed_at = models.DateTimeField(null=True, help_text="when the reviewer was told")
    fold = models.CharField(
        max_length=8, choices=Fold, default=Fold.NONE, blank=True, help_text="set by moderators only"
    )

    @property
    def version(self) -> str:
        """Return an identifier that changes with the text, so that moderators decide on the version they have read."""
        return self.changed_at.isoformat()

    @property
    def words(self) -> str:
        return self.body


class Standing(models.Model):
    """Trust earned by helpful reviews and lost by removed ones. Calculated from votes and cases, never entered by
    hand."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, primary_key=True, on_delete=models.CASCADE, related_name="standing"
    )
    points = models.IntegerField(default=0)
    is_curator = models.BooleanField(default=False)
    changed_at = models.DateTimeField(null=True)

    @property
    def rights(self) -> list[standing_rules.Right]:
        return standing_rules.rights_of(self.points, is_curator=self.is_curator)

    @property
    def level(self) -> str | Promise:
        return standing_rules.level(self.points, is_curator=self.is_curator)
