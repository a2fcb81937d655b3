"""Advance copies: what an author offers of a work, who was invited or asked, and who wants no invitations."""

from __future__ import annotations

from datetime import date
from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce
from django.utils.translation import pgettext_lazy

from common.ids import PublicIdField
from conversion.models import ConversionJob
from publishing.models import Edition, Work

MAX_COPIES = 200  # of a work at a time, with open invitations


class Offer(models.Model):
    """What an author gives of one work. Until the work is on sale, readers get the files of `job`, whatever the author
    changes since; afterwards they get the edition on sale.
    """

    public_id = PublicIdField("ado")
    work = models.OneToOneField(Work, on_delete=models.CASCADE, related_name="advance_offer")
    edition = models.ForeignKey(
        Edition, null=True, on_delete=models.SET_NULL, related_name="+", help_text="the draft; null once on sale"
    )
    job = models.ForeignKey(ConversionJob, null=True, on_delete=models.SET_NULL, related_name="+")
    last_day = models.DateField(help_text="of copies accepted from now on")
    max_copies = models.PositiveSmallIntegerField()
    note = models.CharField(max_length=500, blank=True, default="")
    may_download = models.BooleanField()
    wants_reviews = models.BooleanField(help_text="readers are reminded once that a review is welcome")
    takes_requests = models.BooleanField(help_text="anybody with its link may ask for a copy")
    is_closed = models.BooleanField(default=False, help_text="nobody else gets a copy; those who have one read on")
    is_hidden = models.BooleanField(default=False, help_text="by a moderator's decision; nobody reads")
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(max_copies__gte=1, max_copies__lte=MAX_COPIES), name="advance_offer_copies"
            ),
        ]

    def __str__(self) -> str:
        return str(self.work)


class CopyState(models.TextChoices):
    INVITED = "invited", pgettext_lazy("advance copy", "Invited")
    REQUESTED = "requested", pgettext_lazy("advance copy", "Asked for it")
    ACCEPTED = "accepted", pgettext_lazy("advance copy", "Accepted")
    DECLINED = "declined", pgettext_lazy("advance copy", "Declined by the reader")
    REFUSED = "refused", pgettext_lazy("advance copy", "Declined by you")
    WITHDRAWN = "withdrawn", pgettext_lazy("advance copy", "Withdrawn")


class CopyQuerySet(models.QuerySet["Copy"]):
    def readable(self, on: date) -> Self:
        """Filter by the copies that can be read on that day. Nothing of an author whose account is closed, and nothing
        that a moderator holds."""
        return self.filter(
            state=CopyState.ACCEPTED,
            last_day__gte=on,
            offer__is_hidden=False,
            offer__work__owner__is_active=True,
            offer__work__held_by="",
        )

    def ending(self) -> Self:
        """Annotate `ends_on`: the last day of an accepted copy, or of what an open invitation is to."""
        return self.annotate(ends_on=Coalesce("last_day", "offer__last_day"))

    def open(self, on: date) -> Self:
        """Filter by what counts for the highest number of copies: those that can be read, and open invitations."""
        lasting = Q(state=CopyState.ACCEPTED, last_day__gte=on) | Q(state=CopyState.INVITED, offer__last_day__gte=on)
        return self.filter(lasting)


class Copy(models.Model):
    """One reader's advance copy, from the invitation or the request on. It ends by its last day, not by a job.

    The author knows an invited person by the address they entered, and whoever asked by their name. Nobody is told
    which account an address belongs to.
    """

    public_id = PublicIdField("adc")
    offer = models.ForeignKey(Offer, on_delete=models.CASCADE, related_name="copies")
    reader = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.CASCADE, related_name="advance_copies"
    )
    email = models.EmailField(blank=True, default="", help_text="in lower case, if they were invited by it")
    language = models.CharField(max_length=16, blank=True, default="", help_text="of the invitation")
    words = models.CharField(max_length=500, blank=True, default="", help_text="why the reader asks for a copy")
    state = models.CharField(max_length=9, choices=CopyState)
    invitation = models.PositiveSmallIntegerField(default=0, help_text="sent so many times; only its last link works")
    last_day = models.DateField(null=True, help_text="once accepted")
    parting_words = models.CharField(max_length=500, blank=True, default="", help_text="of the author who withdrew it")
    wants_reminder = models.BooleanField(default=True)
    is_watermarked = models.BooleanField(
        default=False, db_default=False, help_text="as the reader was told: the files carry marks of this copy"
    )
    made_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, help_text="when the author last had an invitation sent")
    mailed_at = models.DateTimeField(null=True, help_text="when the last invitation was mailed")
    opened_at = models.DateTimeField(null=True, help_text="when the link was first opened")
    accepted_at = models.DateTimeField(null=True)
    decided_at = models.DateTimeField(null=True, help_text="when it was declined, refused, withdrawn or granted")
    told_at = models.DateTimeField(null=True, help_text="when the reader was mailed the author's decision")
    reminded_at = models.DateTimeField(null=True, help_text="when the reminder was mailed, or found to be unwanted")

    objects: ClassVar[CopyQuerySet] = CopyQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["-made_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["offer", "reader"], name="advance_copy_once_per_reader"),
            models.UniqueConstraint(
                fields=["offer", "email"], condition=~Q(email=""), name="advance_copy_once_per_address"
            ),
            models.CheckConstraint(
                condition=~Q(state="accepted")
                | Q(reader__isnull=False, accepted_at__isnull=False, last_day__isnull=False),
                name="advance_copy_accepted_by_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(state="invited") | ~Q(email=""), name="advance_copy_invited_by_address"
            ),
        ]
        indexes = [
            models.Index(
                fields=["last_day"], condition=Q(state="accepted", reminded_at=None), name="advance_copy_to_remind"
            ),
            models.Index(fields=["sent_at"], condition=Q(state="invited", mailed_at=None), name="advance_copy_to_mail"),
        ]

    def __str__(self) -> str:
        return self.public_id

    @property
    def was_accepted(self) -> bool:
        return self.accepted_at is not None


class Refusal(models.Model):
    """An address to which an author sends no more invitations, because its owner said so. Only its digest is kept."""

    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    digest = models.CharField(max_length=64)
    refused_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["author", "digest"], name="advance_refusal_once")]

    def __str__(self) -> str:
        return self.digest[:8]
