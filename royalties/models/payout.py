"""Money from us to a contributor: where it goes, the runs that propose and approve it, and each payout."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from common.ids import PublicIdField
from royalties.models.ledger import JournalEntry

SMALLEST_MINIMUM_MINOR = 100
DEFAULT_MINIMUM_MINOR = 1000


class PayoutAccount(models.Model):
    """Where a person's payouts go: an account at the provider, which keeps the bank details."""

    public_id = PublicIdField("pac")
    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="payout_account")
    country = models.CharField(max_length=2)
    attempt = models.PositiveSmallIntegerField(default=1, help_text="part of the key, new for a corrected request")
    provider_account_id = models.CharField(max_length=120, blank=True, db_index=True)
    is_ready = models.BooleanField(default=False)
    masked_bank = models.CharField(max_length=40, blank=True)
    minimum_minor = models.PositiveIntegerField(default=DEFAULT_MINIMUM_MINOR, help_text="smallest payout")
    changed_at = models.DateTimeField()
    usable_from = models.DateTimeField(help_text="no payout before: the hold after a change")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(minimum_minor__gte=SMALLEST_MINIMUM_MINOR), name="payout_account_smallest_minimum"
            ),
            models.UniqueConstraint(
                fields=["provider_account_id"],
                condition=~Q(provider_account_id=""),
                name="payout_account_once_at_provider",
            ),
        ]

    def __str__(self) -> str:
        return str(self.public_id)

    @property
    def key(self) -> str:
        """The idempotency key of opening it at the provider."""
        return f"acct:{self.public_id}:{self.attempt}"

    def is_usable(self, at: datetime) -> bool:
        """Whether a payout may be sent there at the moment."""
        return self.is_ready and self.usable_from <= at


class PayoutRunState(models.TextChoices):
    PROPOSED = "proposed", _("Proposed")
    APPROVED = "approved", _("Approved")
    CANCELED = "canceled", _("Canceled")


class PayoutRun(models.Model):
    """Payouts of one currency, proposed by one person and approved by another."""

    public_id = PublicIdField("run")
    currency = models.CharField(max_length=3)
    cut_off_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=PayoutRunState, default=PayoutRunState.PROPOSED)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    approved_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=~Q(approved_by=F("proposed_by")), name="payout_run_four_eyes"),
            models.CheckConstraint(
                condition=Q(state="approved", approved_by__isnull=False, approved_at__isnull=False)
                | (~Q(state="approved") & Q(approved_by__isnull=True, approved_at__isnull=True)),
                name="payout_run_approved_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return str(self.public_id)


class PayoutState(models.TextChoices):
    PENDING = "pending", _("Pending")  # proposed or approved, not asked for yet
    HELD = "held", _("Held")  # finance keeps it back
    SENT = "sent", _("Sent")  # asked for; the outcome is unknown until the provider answers
    PAID = "paid", _("Paid")
    FAILED = "failed", _("Failed")  # refused by the provider; the money is payable again
    CANCELED = "canceled", _("Canceled")  # never asked for


OPEN_STATES = (PayoutState.PENDING, PayoutState.HELD, PayoutState.SENT)


class PayoutQuerySet(models.QuerySet["Payout"]):
    def open(self) -> PayoutQuerySet:
        """Those that lay claim to payable money."""
        return self.filter(state__in=OPEN_STATES)

    def sendable(self) -> PayoutQuerySet:
        """Approved and waiting to be asked for."""
        return self.filter(state=PayoutState.PENDING, run__state=PayoutRunState.APPROVED)


class Payout(models.Model):
    """One amount to one person. Its key exists before the provider is called, so a lost answer is asked for again."""

    public_id = PublicIdField("pyo")
    run = models.ForeignKey(PayoutRun, on_delete=models.PROTECT, related_name="payouts")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="payouts")
    account = models.ForeignKey(PayoutAccount, on_delete=models.PROTECT, related_name="payouts")
    currency = models.CharField(max_length=3)
    amount_minor = models.PositiveBigIntegerField()
    state = models.CharField(max_length=10, choices=PayoutState, default=PayoutState.PENDING)
    key = models.CharField(max_length=120, unique=True)
    destination = models.CharField(max_length=120, blank=True, help_text="the provider's account, frozen when asked")
    reason = models.CharField(max_length=200, blank=True, help_text="why it is held, failed or canceled")
    transfer_id = models.CharField(max_length=120, blank=True)
    proposed_at = models.DateTimeField()
    asked_at = models.DateTimeField(null=True)
    first_call_at = models.DateTimeField(null=True, help_text="by the machine's clock: how long the key is good")
    finished_at = models.DateTimeField(null=True)
    asked_entry = models.OneToOneField(JournalEntry, null=True, on_delete=models.PROTECT, related_name="+")
    outcome_entry = models.OneToOneField(JournalEntry, null=True, on_delete=models.PROTECT, related_name="+")

    objects: ClassVar[PayoutQuerySet] = PayoutQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "currency"],
                condition=Q(state__in=["pending", "held", "sent"]),
                name="payout_one_open_per_person",
            ),
            models.CheckConstraint(condition=Q(amount_minor__gt=0), name="payout_not_zero"),
        ]

    def __str__(self) -> str:
        return str(self.public_id)
