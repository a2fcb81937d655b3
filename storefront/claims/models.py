"""Claims on words of a book on sale, what is held because of them, appeals, and what becomes of careless claimants."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from common.ids import PublicIdField
from common.typed_json import TypedJSONField
from publishing.models import Edition, Work
from publishing.passages.models import Passage
from storefront.claims import process
from storefront.claims.process import State
from storefront.community.models import ReviewCase


class Authority(models.TextChoices):
    """In whose name somebody claims."""

    AUTHOR = "author", _("I wrote it")
    HOLDER = "holder", _("I hold the rights to it")
    AGENT = "agent", _("I act for whoever holds the rights, with their authority")


class Reply(models.TextChoices):
    """What the owner of the book answers."""

    AGREE = "agree", _("The claim is right")
    LICENCE = "licence", _("I have a licence")
    FREE = "free", _("Anybody may publish these words")
    MINE = "mine", _("I wrote them first")
    QUOTATION = "quotation", _("It is a quotation that the law allows")


class Outcome(models.TextChoices):
    """How a claim ended."""

    AGREED = "agreed", pgettext_lazy("claim", "Agreed by the book’s owner")
    UPHELD = "upheld", pgettext_lazy("claim", "Upheld")
    DISMISSED = "dismissed", pgettext_lazy("claim", "Dismissed")
    LAPSED = "lapsed", pgettext_lazy("claim", "Not upheld in time by the claimant")
    WITHDRAWN = "withdrawn", pgettext_lazy("claim", "Withdrawn")


WON = (Outcome.AGREED, Outcome.UPHELD)


class ClaimQuerySet(models.QuerySet["Claim"]):
    def counting(self) -> Self:
        """Filter by the claims that count: those whose sender has an account or followed the link."""
        return self.exclude(state=State.UNCONFIRMED)

    def open(self) -> Self:
        """Filter by the claims that count and have not ended."""
        return self.counting().exclude(state=State.ENDED)

    def by(self, user: models.Model | None, email: str) -> Self:
        """Filter by the claimant: an account, or an address without one."""
        theirs = Q(user=user) if user is not None else Q(pk=None)
        return self.filter(theirs | Q(email__iexact=email) if email else theirs)


class Claim(models.Model):
    """Somebody's statement that words of a book on sale are theirs.

    The passages are those of the text on sale when it was filed: they do not change with the book. Without an account a
    claim has a name and an address, and counts once the link in its receipt was followed. `began_at` is when it came
    into its state; for `DECIDED` the clocks of the two sides begin when each was told.
    """

    public_id = PublicIdField("clm")
    work = models.ForeignKey(Work, on_delete=models.CASCADE, related_name="claims", help_text="whose words are claimed")
    edition = models.ForeignKey(Edition, null=True, on_delete=models.SET_NULL, related_name="+")
    body_words = models.PositiveIntegerField(help_text="of the text on sale when it was filed")
    passages = TypedJSONField(tuple[Passage, ...], default=tuple, help_text="that are claimed; `there` is the original")
    by_machine = models.BooleanField(help_text="whether the comparison of books found the passages, not the claimant")
    original = models.ForeignKey(
        Work, null=True, on_delete=models.SET_NULL, related_name="+", help_text="the claimant's, if it is in this shop"
    )
    original_title = models.CharField(max_length=300)
    original_place = models.CharField(max_length=300, blank=True, default="", help_text="where it was published")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="claims_made")
    name = models.CharField(max_length=120, help_text="of the claimant; the book's owner sees it")
    email = models.EmailField(blank=True, default="", help_text="of a person without an account")
    language = models.CharField(max_length=2, blank=True, default="", help_text="of emails to them, ISO 639-1")
    authority = models.CharField(max_length=6, choices=Authority)
    holder = models.CharField(max_length=200, blank=True, default="", help_text="whom an agent acts for")
    words = models.TextField(max_length=2000, blank=True, default="", help_text="of the claimant, for the owner, too")
    created_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True, help_text="from when it counts")
    state = models.CharField(max_length=11, choices=State)
    began_at = models.DateTimeField(help_text="when it came into its state")
    answer = models.CharField(max_length=9, choices=Reply, blank=True, default="")
    answer_words = models.TextField(max_length=3000, blank=True, default="")
    answered_at = models.DateTimeField(null=True)
    evidence = models.TextField(max_length=3000, blank=True, default="", help_text="with which the claimant upholds it")
    upheld_at = models.DateTimeField(null=True, help_text="when the claimant upheld it")
    case = models.OneToOneField(ReviewCase, null=True, on_delete=models.SET_NULL, related_name="claim")
    won = TypedJSONField(tuple[int, ...], default=tuple, help_text="numbers of the passages in whose case it is right")
    decided_at = models.DateTimeField(null=True)
    author_told_at = models.DateTimeField(null=True, help_text="when the owner was told the decision")
    claimant_told_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=9, choices=Outcome, blank=True, default="")
    ended_at = models.DateTimeField(null=True)
    winner = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", help_text="who gets the money"
    )

    objects: ClassVar[ClaimQuerySet] = ClaimQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["state", "began_at"], name="claim_by_state"),
            models.Index(fields=["work", "state"], name="claim_by_work"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(user=None) | Q(email="", language=""), name="claim_of_one_person"),
            models.CheckConstraint(
                condition=Q(state="ended", ended_at__isnull=False) & ~Q(outcome="")
                | ~Q(state="ended") & Q(ended_at=None, outcome=""),
                name="claim_ends_with_an_outcome",
            ),
            models.CheckConstraint(
                condition=Q(state="unconfirmed", confirmed_at=None) | ~Q(state="unconfirmed") & ~Q(confirmed_at=None),
                name="claim_counts_once_confirmed",
            ),
        ]

    def __str__(self) -> str:
        return str(self.public_id)

    @property
    def address(self) -> str:
        """Return where emails to the claimant go; "" once their account was deleted."""
        return self.user.mail_to if self.user is not None else self.email

    @property
    def claimed_words(self) -> int:
        """Return how many words are claimed. No word is in two passages."""
        return sum(passage.words for passage in self.passages)

    @property
    def won_words(self) -> int:
        """Return how many words the claimant was found to be right about."""
        return sum(passage.words for number, passage in enumerate(self.passages) if number in self.won)

    @property
    def share_bps(self) -> int:
        """Return the share of the book that is claimed, rounded up."""
        return -(-self.claimed_words * 10_000 // max(1, self.body_words))

    @property
    def is_won(self) -> bool:
        return self.outcome in WON

    @property
    def ends_at(self) -> datetime | None:
        """Return until when its state lasts; for a decision, until when both sides can appeal. None while one of them
        has not been told."""
        if self.state == State.DECIDED:
            told = [self.author_told_at, self.claimant_told_at]
            return max(at for at in told if at) + process.APPEAL if all(told) else None
        lasts = process.LASTS.get(State(self.state))
        return self.began_at + lasts if lasts is not None else None


class HoldState(models.TextChoices):
    LOOK = "look", pgettext_lazy("hold", "A moderator looks first")
    HELD = "held", pgettext_lazy("hold", "Held")
    REFUSED = "refused", pgettext_lazy("hold", "Not held, after a look")
    ENDED = "ended", pgettext_lazy("hold", "No longer held")


class Hold(models.Model):
    """What is held back of a book's earnings because of a claim, and the statement of reasons for it.

    What is in the ledger is not repeated here: `royalties` knows the sums. `share_bps` is that of the words that no
    earlier claim on the book holds.
    """

    public_id = PublicIdField("hld")
    claim = models.OneToOneField(Claim, on_delete=models.CASCADE, related_name="hold")
    state = models.CharField(max_length=7, choices=HoldState)
    is_at_once = models.BooleanField(default=False, help_text="begun by rule, without a person who looked")
    share_bps = models.PositiveIntegerField(default=0)
    begun_at = models.DateTimeField(null=True)
    reason = models.TextField(max_length=2000, blank=True, default="", help_text="of the moderator; both sides read it")
    looked_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    looked_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(share_bps__lte=10_000), name="claim_hold_share"),
            models.CheckConstraint(condition=~Q(state="held") | Q(begun_at__isnull=False), name="claim_hold_begins"),
        ]

    def __str__(self) -> str:
        return str(self.public_id)

    @property
    def was_held(self) -> bool:
        return self.begun_at is not None

    @property
    def look_until(self) -> datetime | None:
        """Return until when a moderator should have looked."""
        return self.claim.confirmed_at + process.LOOK if self.claim.confirmed_at else None


class Side(models.TextChoices):
    CLAIMANT = "claimant", pgettext_lazy("claim", "Claimant")
    AUTHOR = "author", pgettext_lazy("claim", "Owner of the book")


class Appeal(models.Model):
    """One side's appeal against the decision of a claim."""

    claim = models.ForeignKey(Claim, on_delete=models.CASCADE, related_name="appeals")
    side = models.CharField(max_length=8, choices=Side)
    words = models.TextField(max_length=3000)
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["claim", "side"], name="claim_appeal_once")]


class News(models.TextChoices):
    """What a side is mailed about."""

    RECEIVED = "received", "received"
    FILED = "filed", "filed"
    HELD = "held", "held"
    NOT_HELD = "not_held", "not held"
    ANSWERED = "answered", "answered"
    UPHELD = "upheld", "upheld by the claimant"
    DECIDING = "deciding", "deciding"
    DECIDED = "decided", "decided"
    APPEALED = "appealed", "appealed"
    APPEAL_DECIDED = "appeal", "appeal decided"
    ENDED = "ended", "ended"


class Mail(models.Model):
    """An email to one side about a step of a claim, sent once."""

    claim = models.ForeignKey(Claim, on_delete=models.CASCADE, related_name="mails")
    news = models.CharField(max_length=8, choices=News)
    side = models.CharField(max_length=8, choices=Side)
    made_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["claim", "news", "side"], name="claim_mail_once")]
        indexes = [models.Index(fields=["made_at"], condition=Q(sent_at=None), name="claim_mail_unsent")]


class NoticeKind(models.TextChoices):
    WARNING = "warning", pgettext_lazy("claims", "Warning")
    SUSPENSION = "suspension", pgettext_lazy("claims", "No claims for 90 days")


class NoticeQuerySet(models.QuerySet["ConductNotice"]):
    def of(self, user: models.Model | None, email: str) -> Self:
        """Filter by the person: an account, or an address without one."""
        theirs = Q(user=user) if user is not None else Q(pk=None)
        return self.filter(theirs | Q(email__iexact=email) if email else theirs)

    def in_force(self, at: datetime) -> Self:
        """Filter by the suspensions in force at that moment."""
        return self.filter(kind=NoticeKind.SUSPENSION, ends_at__gt=at).exclude(is_lifted=True)


class ConductNotice(models.Model):
    """A warning after a second dismissed claim within a year, or the suspension after a third (Digital Services Act,
    Article 23). The person can appeal against a suspension, to somebody who dismissed none of the claims."""

    public_id = PublicIdField("cno")
    kind = models.CharField(max_length=10, choices=NoticeKind)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.CASCADE, related_name="+")
    email = models.EmailField(blank=True, default="", help_text="of a person without an account")
    language = models.CharField(max_length=2, blank=True, default="")
    claims = models.ManyToManyField(Claim, related_name="conduct_notices", help_text="that were dismissed")
    made_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True, help_text="of a suspension")
    told_at = models.DateTimeField(null=True)
    appeal = models.TextField(max_length=3000, blank=True, default="")
    appealed_at = models.DateTimeField(null=True)
    is_lifted = models.BooleanField(null=True, help_text="what was decided about the appeal")
    appeal_reason = models.TextField(max_length=2000, blank=True, default="")
    appeal_decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    appeal_decided_at = models.DateTimeField(null=True)
    appeal_told_at = models.DateTimeField(null=True)

    objects: ClassVar[NoticeQuerySet] = NoticeQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=Q(user=None) | Q(email=""), name="conduct_notice_of_one_person"),
            models.CheckConstraint(
                condition=Q(kind="warning", ends_at=None) | Q(kind="suspension", ends_at__gt=F("made_at")),
                name="conduct_suspension_ends",
            ),
        ]

    def __str__(self) -> str:
        return str(self.public_id)

    @property
    def address(self) -> str:
        return self.user.mail_to if self.user is not None else self.email
