"""Flags and vouches of readers, and the case in which a moderator decides, with an appeal to a second one.

Books and shelves that readers report (models/report.py) are decided in cases, too.
"""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from common.ids import PublicIdField
from publishing.models import Edition, Work
from storefront.community.models.flag_rule import FlagRule
from storefront.community.models.report_rule import ReportRule
from storefront.community.models.review import Review
from storefront.community.models.shelf import Shelf
from storefront.community.models.trust import ReviewReply


class ReviewFlag(models.Model):
    """A person says that a review, or the reply below it, breaks a rule. `weight` is that of their standing then; 0
    tells moderators only.

    When the review is withdrawn before a moderator decides, its case keeps the flag for the writer's next one.
    """

    review = models.ForeignKey(Review, null=True, on_delete=models.CASCADE, related_name="flags")
    reply = models.ForeignKey(ReviewReply, null=True, on_delete=models.CASCADE, related_name="flags")
    case = models.ForeignKey("ReviewCase", null=True, on_delete=models.CASCADE, related_name="kept_flags")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    rule = models.CharField(max_length=9, choices=FlagRule)
    note = models.CharField(max_length=300, blank=True)
    weight = models.PositiveSmallIntegerField()
    created_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, help_text="when a moderator decided")

    class Meta:
        ordering = ["created_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["review", "user"], name="review_flag_once"),
            models.UniqueConstraint(fields=["reply", "user"], name="reply_flag_once"),
            models.CheckConstraint(
                condition=Q(review__isnull=False, reply=None, case=None)
                | Q(review=None, reply__isnull=False, case=None)
                | Q(review=None, reply=None, case__isnull=False),
                name="review_flag_of_one_thing",
            ),
        ]


class ReviewVouch(models.Model):
    """A person of standing says that a folded review is all right."""

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="vouches")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    weight = models.PositiveSmallIntegerField()
    created_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, help_text="when a moderator decided")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["review", "user"], name="review_vouch_once")]


class CaseState(models.TextChoices):
    OPEN = "open", _("Waits for a decision")
    DECIDED = "decided", _("Decided")
    APPEALED = "appealed", _("Appealed against")
    CLOSED = "closed", _("Closed")


class Reported(models.TextChoices):
    """What readers report, rather than flag."""

    BOOK = "book", _("Book")
    SHELF = "shelf", _("Shelf")


class CaseOutcome(models.TextChoices):
    """The last three are of books and shelves, the two before them of reviews and replies."""

    KEEP = "keep", _("It stays as it is")
    SPOILER = "spoiler", _("It stays, behind a word about spoilers")
    HIDE = "hide", _("It is taken off the page")
    ADULT = "adult", _("It is marked for adults")
    OFF_SALE = "offsale", _("It is taken off sale")
    PRIVATE = "private", _("It is hidden from everybody but its keeper")


class AppealOutcome(models.TextChoices):
    UPHELD = "upheld", _("The decision stands")
    OVERTURNED = "overturned", _("The decision is undone")


class ReviewCaseQuerySet(models.QuerySet["ReviewCase"]):
    def against(self) -> ReviewCaseQuerySet:
        """Those in force by which a review was taken off."""
        return self.in_force().filter(is_reply=False, outcome=CaseOutcome.HIDE)

    def in_force(self) -> ReviewCaseQuerySet:
        """Those that no appeal has undone."""
        return self.exclude(appeal_outcome=AppealOutcome.OVERTURNED)


class ReviewCase(models.Model):
    """Opened by the first flag or report. The words are kept as they stood when it was decided, for the appeal.

    With `is_reply` it is about the reply below a review, and the writer is the author who replied. With `reported` it
    is about a book, and the writer is the work's owner, or about a shelf, and the writer is its keeper.
    """

    public_id = PublicIdField("mod")
    review = models.ForeignKey(Review, null=True, on_delete=models.SET_NULL, related_name="cases")
    reply = models.ForeignKey(ReviewReply, null=True, on_delete=models.SET_NULL, related_name="cases")
    is_reply = models.BooleanField(default=False)
    reported = models.CharField(max_length=5, choices=Reported, default="", blank=True)
    work = models.ForeignKey(Work, null=True, on_delete=models.CASCADE, related_name="+", help_text="none of a shelf")
    shelf = models.ForeignKey(Shelf, null=True, on_delete=models.SET_NULL, related_name="cases")
    writer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="review_cases")
    state = models.CharField(max_length=8, choices=CaseState, default=CaseState.OPEN)
    opened_at = models.DateTimeField()
    words = models.TextField(blank=True)
    rule = models.CharField(max_length=9, choices=[*FlagRule.choices, *ReportRule.choices], blank=True)
    outcome = models.CharField(max_length=7, choices=CaseOutcome, blank=True)
    evidence = models.TextField(max_length=3000, default="", blank=True, help_text="told to the writer")
    reason = models.TextField(max_length=2000, blank=True, help_text="told to the writer")
    edition = models.ForeignKey(
        Edition, null=True, on_delete=models.SET_NULL, related_name="+", help_text="which was taken off sale"
    )
    release_date = models.DateField(null=True, help_text="for which it was announced when it was taken off sale")
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)
    told_at = models.DateTimeField(null=True)
    appeal = models.TextField(max_length=3000, blank=True)
    appealed_at = models.DateTimeField(null=True)
    appeal_outcome = models.CharField(max_length=10, choices=AppealOutcome, blank=True)
    appeal_reason = models.TextField(max_length=2000, blank=True)
    appeal_decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    appeal_decided_at = models.DateTimeField(null=True)
    appeal_told_at = models.DateTimeField(null=True)

    objects: ClassVar[ReviewCaseQuerySet] = ReviewCaseQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["state", "-id"], name="review_case_by_state")]
        constraints = [
            models.UniqueConstraint(fields=["review"], condition=Q(state="open"), name="review_case_one_open"),
            models.UniqueConstraint(fields=["reply"], condition=Q(state="open"), name="reply_case_one_open"),
            models.UniqueConstraint(
                fields=["work"], condition=Q(state="open", reported="book"), name="book_case_one_open"
            ),
            models.UniqueConstraint(fields=["shelf"], condition=Q(state="open"), name="shelf_case_one_open"),
            models.CheckConstraint(
                condition=Q(reported="shelf", work=None) | (~Q(reported="shelf") & Q(work__isnull=False, shelf=None)),
                name="review_case_of_work_or_shelf",
            ),
            models.CheckConstraint(
                condition=Q(appeal_decided_by=None) | ~Q(appeal_decided_by=F("decided_by")),
                name="review_appeal_decided_by_another",
            ),
        ]

    def __str__(self) -> str:
        return str(self.public_id)

    @property
    def subject(self) -> Review | ReviewReply | None:
        """What was flagged; None once that was withdrawn, and of what was reported."""
        return self.reply if self.is_reply else self.review

    @property
    def is_undone(self) -> bool:
        """Whether an appeal was won."""
        return self.appeal_outcome == AppealOutcome.OVERTURNED

    @property
    def kind(self) -> str | Promise:
        """What it is about, in a word."""
        if self.reported:
            return Reported(self.reported).label
        return _("Reply") if self.is_reply else _("Review")

    @property
    def name(self) -> str:
        """The title of the book or shelf that it is about, or whose review; "" of a shelf that was deleted."""
        about = self.shelf if self.reported == Reported.SHELF else self.work
        return str(about) if about is not None else ""
