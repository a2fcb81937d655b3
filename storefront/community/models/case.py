"""Readers' flags and vouches, and the case in which a moderator decides, with an appeal to a second person.

Reports of books and shelves (models/report.py) are decided in cases, too.
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
from storefront.community.models.standing import ReviewReply


class ReviewFlag(models.Model):
    """A person's statement that a review, or the reply below it, breaks a rule.

    `weight` comes from the person's standing at that time; a flag of weight 0 is only seen by moderators. If the review
    is withdrawn before a moderator decides, its case keeps the flag for the writer's next review of the work.
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
    """A statement by a person with enough standing that a collapsed review is fine."""

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="vouches")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    weight = models.PositiveSmallIntegerField()
    created_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, help_text="when a moderator decided")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["review", "user"], name="review_vouch_once")]


class CaseState(models.TextChoices):
    OPEN = "open", _("Awaiting decision")
    DECIDED = "decided", _("Decided")
    APPEALED = "appealed", _("Appealed")
    MENDED = "mended", _("Mended")
    CLOSED = "closed", _("Closed")


class Reported(models.TextChoices):
    """What readers report, rather than flag."""

    BOOK = "book", _("Book")
    SHELF = "shelf", _("Shelf")
    OFFER = "offer", _("Service")
    MESSAGE = "message", _("Message")
    CONTRACT_REVIEW = "review", _("Review of a contract")
    NEWSLETTER = "issue", _("Issue of a newsletter")
    IN_PROGRESS = "chapter", _("Chapters in progress")
    ADVANCE_COPIES = "advance", _("Advance copies")
    CLAIM = "claim", _("Claim")


class CaseOutcome(models.TextChoices):
    """What a moderator decided. `SPOILER` applies to reviews and replies, `HIDE` also to what apps above let members
    report, `ADULT` and `OFF_SALE` to books, `PRIVATE` to shelves, `UPHELD` to claims on words of books."""

    KEEP = "keep", _("No change")
    SPOILER = "spoiler", _("Collapsed behind a spoiler warning")
    HIDE = "hide", _("Removed from the page")
    ADULT = "adult", _("Marked for adults")
    OFF_SALE = "offsale", _("Taken off sale")
    PRIVATE = "private", _("Hidden from everyone except its owner")
    UPHELD = "upheld", _("Claim upheld")


class CaseSource(models.TextChoices):
    """How the shop came to look (Digital Services Act, Article 17(3)(b)). No machine searches for violations."""

    NOTICE = "notice", _("A report or a flag")
    OWN = "own", _("The shop’s own initiative")


class AppealOutcome(models.TextChoices):
    UPHELD = "upheld", _("Decision upheld")
    OVERTURNED = "overturned", _("Decision overturned")


# A decision by one of these says that the content is illegal; by the others, that it breaks the shop's rules.
RULES_OF_LAW = frozenset({ReportRule.COPYRIGHT, ReportRule.MINORS, ReportRule.DANGER, ReportRule.ILLEGAL})

# What a decision leaves to the owner of a book or shelf.
_EFFECTS = {
    CaseOutcome.OFF_SALE: _(
        "Readers who have bought it keep it. What it has earned stays yours and is paid to you as planned. Readers who "
        "have pre-ordered it get their money back. While the decision is in force, no edition of it can go on sale."
    ),
    CaseOutcome.ADULT: _(
        "It stays on sale and is shown to readers who ask for books for adults. While the decision is in force, you "
        "cannot remove the mark. What it has earned and will earn stays yours."
    ),
    CaseOutcome.PRIVATE: _(
        "You can still see, change and delete it. Nobody else can see it while the decision is in force."
    ),
}


class ReviewCaseQuerySet(models.QuerySet["ReviewCase"]):
    def against(self) -> ReviewCaseQuerySet:
        """Return the cases in force by which a review was removed."""
        return self.in_force().filter(is_reply=False, reported="", outcome=CaseOutcome.HIDE)

    def in_force(self) -> ReviewCaseQuerySet:
        """Return the cases that no appeal has overturned, and whose subject has not been mended."""
        return self.exclude(appeal_outcome=AppealOutcome.OVERTURNED).filter(remedied_at=None)


class ReviewCase(models.Model):
    """A case for the moderators, opened by the first flag or report.

    `words` is the text at the time of the decision, kept for the appeal. `writer` is whom the case is about: the
    reviewer; with `is_reply`, the author who replied below a review; with `reported`, the owner of what was reported.
    `thing_id` is the public id of something that an app above knows (`reportables.py`), `thing_title` its name then.
    """

    public_id = PublicIdField("mod")
    review = models.ForeignKey(Review, null=True, on_delete=models.SET_NULL, related_name="cases")
    reply = models.ForeignKey(ReviewReply, null=True, on_delete=models.SET_NULL, related_name="cases")
    is_reply = models.BooleanField(default=False)
    reported = models.CharField(max_length=7, choices=Reported, default="", blank=True)
    work = models.ForeignKey(
        Work, null=True, on_delete=models.CASCADE, related_name="+", help_text="of books and reviews"
    )
    thing_id = models.CharField(max_length=40, default="", blank=True)
    thing_title = models.CharField(max_length=300, default="", blank=True)
    shelf = models.ForeignKey(Shelf, null=True, on_delete=models.SET_NULL, related_name="cases")
    writer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="review_cases")
    state = models.CharField(max_length=8, choices=CaseState, default=CaseState.OPEN)
    opened_at = models.DateTimeField()
    source = models.CharField(max_length=6, choices=CaseSource, default=CaseSource.NOTICE)
    words = models.TextField(blank=True)
    rule = models.CharField(max_length=9, choices=[*FlagRule.choices, *ReportRule.choices], blank=True)
    outcome = models.CharField(max_length=7, choices=CaseOutcome, blank=True)
    evidence = models.TextField(max_length=3000, default="", blank=True, help_text="shown to the writer")
    reason = models.TextField(max_length=2000, blank=True, help_text="shown to the writer")
    edition = models.ForeignKey(
        Edition, null=True, on_delete=models.SET_NULL, related_name="+", help_text="the one taken off sale"
    )
    release_date = models.DateField(null=True, help_text="the announced date when the book was taken off sale")
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
    remedied_at = models.DateTimeField(null=True, help_text="when a moderator accepted what the owner has mended")

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
            models.UniqueConstraint(
                fields=["thing_id"], condition=Q(state="open") & ~Q(thing_id=""), name="thing_case_one_open"
            ),
            models.CheckConstraint(
                condition=Q(reported="shelf", work=None, thing_id="")
                | Q(reported__in=["", "book"], work__isnull=False, shelf=None, thing_id="")
                | (~Q(reported__in=["", "book", "shelf"]) & Q(work=None, shelf=None) & ~Q(thing_id="")),
                name="review_case_of_one_thing",
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
        """Return the review or reply that was flagged; None once it was withdrawn, and for reported books and
        shelves."""
        return self.reply if self.is_reply else self.review

    @property
    def is_waiting(self) -> bool:
        """Return whether a moderator has to decide it, or its appeal."""
        return self.state in {CaseState.OPEN, CaseState.APPEALED, CaseState.MENDED}

    @property
    def is_undone(self) -> bool:
        """Return whether an appeal has overturned the decision."""
        return self.appeal_outcome == AppealOutcome.OVERTURNED

    @property
    def is_lifted(self) -> bool:
        """Return whether the decision is no longer in force: overturned, or its subject was mended."""
        return self.is_undone or self.remedied_at is not None

    @property
    def kind(self) -> str | Promise:
        """Return the kind of thing the case is about, in one word."""
        if self.reported:
            return Reported(self.reported).label
        return _("Reply") if self.is_reply else _("Review")

    @property
    def name(self) -> str:
        """Return the title of what it is about, of the book for reviews and replies; "" for a deleted shelf."""
        if self.thing_id:
            return self.thing_title
        about = self.shelf if self.reported == Reported.SHELF else self.work
        return str(about) if about is not None else ""

    @property
    def heading(self) -> str | Promise:
        """Return what the writer is told, in one line."""
        if self.reported == Reported.BOOK:
            return _("A decision about your book")
        if self.reported == Reported.SHELF:
            return _("A decision about your shelf")
        return _("A decision about your reply") if self.is_reply else _("A decision about your review")

    @property
    def effects(self) -> str | Promise:
        """Return what the decision leaves to the owner of a book or shelf; "" if it changes nothing."""
        return _EFFECTS[CaseOutcome(self.outcome)] if self.outcome in _EFFECTS else ""

    @property
    def statement(self) -> tuple[tuple[str | Promise, str | Promise], ...]:
        """Return what a statement of reasons has beside rule, facts and reason (Digital Services Act, Article 17)."""
        return (
            (_("What led to it"), CaseSource(self.source).label),
            (_("Use of machines"), self._machines),
            (_("Basis"), _("The law and our rules") if self.rule in RULES_OF_LAW else _("Our rules")),
            (_("Where it applies"), _("In all countries")),
            (_("How long it applies"), _("Until an appeal succeeds or what it names is mended")),
            (
                _("If you disagree"),
                _("Appeal here, turn to an out-of-court dispute settlement body, or go to court."),
            ),
        )

    @property
    def _machines(self) -> str | Promise:
        if self.collapses.exists():
            return _("A machine collapsed it after readers’ flags. Then people looked at it and decided.")
        return _("None: people found it and decided.")

    @property
    def report_outcome(self) -> str | Promise:
        """Return what was decided, for those who reported a book or shelf."""
        if self.is_undone:
            return _("Something was changed at first. On appeal, a second person undid the change.")
        if self.remedied_at is not None:
            return _("Something was changed. Since then its owner has mended it, and a moderator has looked at it.")
        if self.state == CaseState.OPEN:
            return _("Waiting for a moderator.")
        if self.decided_at is None:
            return _("Its owner has deleted it, so there is nothing left to decide.")
        if self.outcome == CaseOutcome.KEEP:
            return f"{self.get_outcome_display()}. {_('Reason:')} {self.reason}"
        return f"{self.get_outcome_display()}. {_('Rule:')} {self.get_rule_display()}."
