"""Paying through a bank: the payee's encrypted details, the files we make, and the bank statements that answer them."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from common.ids import PublicIdField
from royalties.models.payout import Payout, PayoutAccount, PayoutRun


class BankDetails(models.Model):
    """Holder and numbers of a payee's bank account, readable only with the vault's keys."""

    account = models.OneToOneField(PayoutAccount, on_delete=models.PROTECT, related_name="bank_details")
    token = models.BinaryField(help_text="encrypted")
    changed_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "bank details"


class BankFileState(models.TextChoices):
    MADE = "made", _("Created")  # can be viewed; has not gone to the bank
    RELEASED = "released", _("Released")  # released by a second person: its payouts are in transit
    WITHDRAWN = "withdrawn", _("Withdrawn")  # never went to the bank; its payouts wait for a new file


class BankFile(models.Model):
    """One payment file of a run for the bank: made once, its bytes never change."""

    public_id = PublicIdField("bfl")
    run = models.ForeignKey(PayoutRun, on_delete=models.PROTECT, related_name="bank_files")
    name = models.CharField(max_length=80, unique=True)
    mime = models.CharField(max_length=60)
    format = models.CharField(max_length=20)
    currency = models.CharField(max_length=3)
    payments = models.PositiveIntegerField()
    total_minor = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64, help_text="of the file as it goes to the bank")
    token = models.BinaryField(help_text="the file, encrypted: it holds bank details")
    state = models.CharField(max_length=10, choices=BankFileState, default=BankFileState.MADE)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    released_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    released_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(released_by=None) | ~Q(released_by=F("made_by")), name="bank_file_four_eyes"
            ),
            models.CheckConstraint(
                condition=Q(state="released", released_by__isnull=False, released_at__isnull=False)
                | (~Q(state="released") & Q(released_by__isnull=True, released_at__isnull=True)),
                name="bank_file_released_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return str(self.name)


class BankStatement(models.Model):
    """A statement of our bank account that somebody uploaded. Uploading the same file twice gives one row."""

    public_id = PublicIdField("bst")
    sha256 = models.CharField(max_length=64, unique=True)
    name = models.CharField(max_length=120)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField()

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return str(self.name)


class RowOutcome(models.TextChoices):
    CONFIRMED = "confirmed", _("Payout confirmed")
    FAILED = "failed", _("Returned before it was posted")
    RETURNED = "returned", _("Returned after payment")
    SWEEP = "sweep", _("Received from the payment provider")
    UNMATCHED = "unmatched", _("Unmatched")


class BankRowQuerySet(models.QuerySet["BankRow"]):
    def waiting(self) -> BankRowQuerySet:
        """Return rows that a person has to look at."""
        return self.filter(outcome=RowOutcome.UNMATCHED, settled_at=None)


class BankRow(models.Model):
    """One booked movement of our bank account and its outcome.

    A fingerprint identifies it in every statement that repeats it.
    """

    statement = models.ForeignKey(BankStatement, on_delete=models.PROTECT, related_name="rows")
    position = models.PositiveIntegerField()
    fingerprint = models.CharField(max_length=64, unique=True, help_text="SHA-256 of what names the movement")
    end_to_end_id = models.CharField(max_length=40, blank=True)
    currency = models.CharField(max_length=3)
    amount_minor = models.PositiveBigIntegerField()
    is_credit = models.BooleanField()
    booked_on = models.DateField()
    bank_reference = models.CharField(max_length=80, blank=True)
    reason = models.CharField(max_length=10, blank=True)
    text = models.CharField(max_length=140, blank=True)
    outcome = models.CharField(max_length=10, choices=RowOutcome)
    payout = models.ForeignKey(Payout, null=True, on_delete=models.PROTECT, related_name="bank_rows")
    note = models.CharField(max_length=200, blank=True, help_text="why it was not matched, or how it was settled")
    settled_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    settled_at = models.DateTimeField(null=True)

    objects: ClassVar[BankRowQuerySet] = BankRowQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["-id"]
