"""What the two sides of an ended contract say of each other."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import ClassVar, Self

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from common.ids import PublicIdField
from hiring.contracts.models import Contract

# Until both have written, or for so long from the end of the contract, neither reads the other's.
BLIND_FOR = timedelta(days=14)
MAX_BODY = 3000
MAX_ANSWER = 2000


class ContractReviewQuerySet(models.QuerySet["ContractReview"]):
    def shown(self, at: datetime) -> Self:
        """Filter by what others read: both sides have written, or the time for it is over."""
        other = ContractReview.objects.filter(contract=OuterRef("contract")).exclude(author=OuterRef("author"))
        return self.filter(Q(Exists(other)) | Q(contract__ended_at__lte=at - BLIND_FOR), hidden_at=None)


class ContractReview(models.Model):
    """One side's review of the other. Once both are shown it is fixed; the other may answer once."""

    public_id = PublicIdField("crv")
    contract = models.ForeignKey(Contract, on_delete=models.PROTECT, related_name="reviews")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    about = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    is_by_client = models.BooleanField()
    stars = models.PositiveSmallIntegerField(validators=[MinValueValidator(1), MaxValueValidator(5)])
    body = models.TextField(max_length=MAX_BODY, blank=True)
    written_at = models.DateTimeField()
    answer = models.TextField(max_length=MAX_ANSWER, blank=True)
    answered_at = models.DateTimeField(null=True)
    hidden_at = models.DateTimeField(null=True, help_text="by a moderator")
    answer_hidden_at = models.DateTimeField(null=True, help_text="by a moderator")

    objects: ClassVar[ContractReviewQuerySet] = ContractReviewQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["about", "-id"], name="contract_review_about")]
        constraints = [
            models.UniqueConstraint(fields=["contract", "author"], name="contract_review_once"),
            models.CheckConstraint(condition=Q(stars__range=(1, 5)), name="contract_review_stars"),
            models.CheckConstraint(condition=~Q(author=F("about")), name="contract_review_of_the_other"),
            models.CheckConstraint(
                condition=Q(answered_at=None, answer="") | (Q(answered_at__isnull=False) & ~Q(answer="")),
                name="contract_review_answered_at",
            ),
        ]

    def __str__(self) -> str:
        return str(self.public_id)

    @property
    def answer_id(self) -> str:
        """The name under which the answer is reported: it has no row of its own."""
        return f"{self.public_id}-answer"

    @property
    def drawn_stars(self) -> str:
        return "★" * self.stars + "☆" * (5 - self.stars)


class Reviewer(models.Model):
    """A side of a contract that may be reviewed, and what they were told."""

    contract = models.ForeignKey(Contract, on_delete=models.CASCADE, related_name="reviewers")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(null=True, help_text="when they were asked for a review")
    told_at = models.DateTimeField(null=True, help_text="when they were told that the reviews are shown")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["contract", "user"], name="reviewer_once")]
        indexes = [models.Index(fields=["contract"], condition=Q(told_at=None), name="reviewer_to_tell")]

    def __str__(self) -> str:
        return f"{self.user_id} of {self.contract_id}"
