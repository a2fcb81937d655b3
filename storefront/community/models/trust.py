"""What readers and authors say of reviews, and the standing that comes of it."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.functional import Promise

from storefront.community import trust_rules
from storefront.community.models.review import Fold, Review


class HelpfulVote(models.Model):
    """A person found a review helpful: once, until they take it back."""

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="helpful_votes")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["review", "user"], name="helpful_vote_once")]


class ReviewReply(models.Model):
    """What an author of the work says to a review. One for each review; only whoever wrote it changes it."""

    review = models.OneToOneField(Review, on_delete=models.CASCADE, related_name="reply")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    body = models.TextField(max_length=3000)
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    mailed_at = models.DateTimeField(null=True, help_text="when the reviewer was told")
    fold = models.CharField(max_length=8, choices=Fold, default=Fold.NONE, blank=True, help_text="by moderators alone")

    @property
    def version(self) -> str:
        """Another one after each change of its words: what a moderator decides about."""
        return self.changed_at.isoformat()

    @property
    def words(self) -> str:
        return self.body


class Standing(models.Model):
    """Trust earned by helpful reviews, lost by those taken off. Reckoned from votes and cases, never typed in."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, primary_key=True, on_delete=models.CASCADE, related_name="standing"
    )
    points = models.IntegerField(default=0)
    is_curator = models.BooleanField(default=False)
    changed_at = models.DateTimeField(null=True)

    @property
    def level(self) -> str | Promise:
        return trust_rules.level(self.points, is_curator=self.is_curator)
