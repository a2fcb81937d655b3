"""Payouts: money from us to a contributor, the accounts it goes to, and the runs that propose and approve it."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from common.ids import PublicIdField
from common.money import exponent
from royalties.models.ledger import JournalEntry

SMALLEST_MINIMUM_UNITS = 1
DEFAULT_MINIMUM_UNITS = 30


class PayoutRail(models.TextChoices):
    """The ways of paying from `payments.rails`, with labels for people."""

    STRIPE = "stripe", _("Payment provider")
    BANK = "bank", _("Bank transfer")


class PayoutSchedule(models.TextChoices):
    MONTHLY = "monthly", _("Every month")
    WEEKLY = "weekly", _("Every week")
    ON_DEMAND = "on_demand", _("Only when I ask")


class AccountTrouble(models.TextChoices):
    """Why an account that was ready once cannot be paid to any more."""

    BANK_REFUSED = (
        "bank_refused",
        _("Your bank returned a payout. Change your bank account so that we can pay you again."),
    )
    CLOSED = "closed", _("Your account at the payment provider was closed. What you earned stays payable to you.")
    INACTIVE = "inactive", _("The payment provider needs something from you before it can pay you.")


class PayoutAccountState(models.TextChoices):
    READY = "ready", _("Ready")
    ON_HOLD = "on_hold", _("Ready, on hold after a change")
    NOT_FINISHED = "not_finished", _("Not finished")
    TROUBLE = "trouble", _("Action needed")


class PayoutAccount(models.Model):
    """Where a person's payouts go, how often, from which amount on, and in which currency."""

    public_id = PublicIdField("pac")
    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="payout_account")
    rail = models.CharField(max_length=6, choices=PayoutRail, default=PayoutRail.STRIPE)
    country = models.CharField(max_length=2)
    attempt = models.PositiveSmallIntegerField(default=1, help_text="part of the key, new for a corrected request")
    provider_account_id = models.CharField(max_length=120, blank=True, db_index=True)
    is_ready = models.BooleanField(default=False)
    trouble = models.CharField(max_length=12, choices=AccountTrouble, blank=True)
    masked_bank = models.CharField(max_length=40, blank=True)
    schedule = models.CharField(max_length=10, choices=PayoutSchedule, default=PayoutSchedule.MONTHLY)
    minimum_units = models.PositiveIntegerField(
        default=DEFAULT_MINIMUM_UNITS, help_text="smallest payout, in whole units of any currency"
    )
    cost_told_at = models.DateTimeField(
        null=True, help_text="when its owner was told what small payouts cost, and chose them; before that we bear it"
    )
    currency = models.CharField(max_length=3, blank=True, help_text="of payouts; empty: that of each sale")
    changed_at = models.DateTimeField()
    usable_from = models.DateTimeField(help_text="no payout before: the hold after a change")
    untold_change_at = models.DateTimeField(null=True, help_text="when it changed; none once its owner was told")
    untold_trouble_at = models.DateTimeField(null=True, help_text="when trouble began; none once its owner was told")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(minimum_units__gte=SMALLEST_MINIMUM_UNITS), name="payout_account_smallest_minimum"
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
        """The idempotency key for opening the account at the provider."""
        return f"acct:{self.public_id}:{self.attempt}"

    def is_usable(self, at: datetime) -> bool:
        """Return whether a payout can be sent to the account at the moment."""
        return self.is_ready and not self.trouble and self.usable_from <= at

    def state(self, at: datetime) -> PayoutAccountState:
        if self.trouble:
            return PayoutAccountState.TROUBLE
        if not self.is_ready:
            return PayoutAccountState.NOT_FINISHED
        return PayoutAccountState.READY if self.is_usable(at) else PayoutAccountState.ON_HOLD

    def minimum_in(self, currency: str) -> int:
        """Return the smallest payout in minor units. One unit is one dollar, one yen or one dinar."""
        return self.minimum_units * int(10 ** exponent(currency))


class PayoutRunState(models.TextChoices):
    PROPOSED = "proposed", _("Proposed")
    APPROVED = "approved", _("Approved")
    CANCELED = "canceled", _("Cancelled")


class PayoutRun(models.Model):
    """The payouts of one currency that one person or the schedule proposes and another person approves."""

    public_id = PublicIdField("run")
    currency = models.CharField(max_length=3)
    cut_off_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=PayoutRunState, default=PayoutRunState.PROPOSED)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", help_text="none: by schedule"
    )
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    approved_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(proposed_by=None) | ~Q(approved_by=F("proposed_by")), name="payout_run_four_eyes"
            ),
            models.CheckConstraint(
                condition=Q(state="approved", approved_by__isnull=False, approved_at__isnull=False)
                | (~Q(state="approved") & Q(approved_by__isnull=True, approved_at__isnull=True)),
                name="payout_run_approved_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return str(self.public_id)


class SchedulePeriod(models.Model):
    """The record that a period's payouts of a currency were proposed, or that there were none. Written once."""

    schedule = models.CharField(max_length=10, choices=PayoutSchedule)
    period = models.CharField(max_length=8, help_text="2026-11 or 2026-W48")
    currency = models.CharField(max_length=3)
    proposed_at = models.DateTimeField()
    run = models.OneToOneField(PayoutRun, null=True, on_delete=models.PROTECT, related_name="period")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["schedule", "period", "currency"], name="schedule_period_once"),
        ]

    def __str__(self) -> str:
        return f"{self.period} {self.currency}"


class PersonHoldQuerySet(models.QuerySet["PersonHold"]):
    def in_force(self, at: datetime) -> PersonHoldQuerySet:
        """Return the holds in force at the moment."""
        return self.filter(Q(ends_at=None) | Q(ends_at__gt=at), lifted_at=None)


class PersonHold(models.Model):
    """Finance's stop on all payouts to one person, with the reason they see and, where known, an end."""

    public_id = PublicIdField("hld")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="payout_holds")
    reason = models.CharField(max_length=300)
    begins_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True)
    imposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    lifted_at = models.DateTimeField(null=True)
    lifted_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    objects: ClassVar[PersonHoldQuerySet] = PersonHoldQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at=None) | Q(ends_at__gt=F("begins_at")), name="person_hold_ends_after_it_begins"
            ),
        ]

    def __str__(self) -> str:
        return str(self.public_id)


class PayoutState(models.TextChoices):
    PENDING = "pending", _("Pending")  # proposed or approved, not requested yet
    HELD = "held", _("Held")  # stopped by finance
    SENT = "sent", _("Sent")  # requested; unknown until provider or bank answers
    PAID = "paid", pgettext_lazy("payout", "Paid")
    FAILED = "failed", _("Failed")  # refused; the money is payable again
    CANCELED = "canceled", _("Cancelled")  # never requested
    RETURNED = "returned", pgettext_lazy("payout", "Returned")  # paid, then sent back; the money is payable again


OPEN_STATES = (PayoutState.PENDING, PayoutState.HELD, PayoutState.SENT)


class PayoutQuerySet(models.QuerySet["Payout"]):
    def open(self) -> PayoutQuerySet:
        """Return the payouts that have a claim on payable money."""
        return self.filter(state__in=OPEN_STATES)

    def sendable(self) -> PayoutQuerySet:
        """Return approved payouts that wait to be requested from the provider."""
        return self.filter(rail=PayoutRail.STRIPE, state=PayoutState.PENDING, run__state=PayoutRunState.APPROVED)

    def fileable(self) -> PayoutQuerySet:
        """Return approved payouts that wait to be written into a file for the bank."""
        return self.filter(
            rail=PayoutRail.BANK, state=PayoutState.PENDING, run__state=PayoutRunState.APPROVED, bank_file=None
        )


class Payout(models.Model):
    """One amount to one person. Its key exists before the provider is called, to ask again after a lost answer."""

    public_id = PublicIdField("pyo")
    run = models.ForeignKey(PayoutRun, on_delete=models.PROTECT, related_name="payouts")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="payouts")
    account = models.ForeignKey(PayoutAccount, on_delete=models.PROTECT, related_name="payouts")
    rail = models.CharField(max_length=6, choices=PayoutRail, default=PayoutRail.STRIPE)
    currency = models.CharField(max_length=3)
    amount_minor = models.PositiveBigIntegerField()
    cost_minor = models.PositiveBigIntegerField(default=0, help_text="what the rail takes for it, by its price list")
    fee_minor = models.PositiveBigIntegerField(default=0, help_text="of the cost, what the payee bears")
    state = models.CharField(max_length=10, choices=PayoutState, default=PayoutState.PENDING)
    key = models.CharField(max_length=120, unique=True)
    destination = models.CharField(max_length=120, blank=True, help_text="where it goes, frozen when asked")
    reason = models.CharField(max_length=200, blank=True, help_text="why it is held, failed or canceled")
    person_hold = models.ForeignKey(
        PersonHold, null=True, on_delete=models.PROTECT, related_name="payouts", help_text="it goes on when that ends"
    )
    bank_file = models.ForeignKey("royalties.BankFile", null=True, on_delete=models.PROTECT, related_name="payouts")
    transfer_id = models.CharField(max_length=120, blank=True)
    proposed_at = models.DateTimeField()
    asked_at = models.DateTimeField(null=True)
    first_call_at = models.DateTimeField(null=True, help_text="by the database's clock: how long the key is good")
    finished_at = models.DateTimeField(null=True)
    failure_told_at = models.DateTimeField(null=True, help_text="when finance was told that it failed")
    asked_entry = models.OneToOneField(JournalEntry, null=True, on_delete=models.PROTECT, related_name="+")
    outcome_entry = models.OneToOneField(JournalEntry, null=True, on_delete=models.PROTECT, related_name="+")
    fee_entry = models.OneToOneField(JournalEntry, null=True, on_delete=models.PROTECT, related_name="+")
    returned_entry = models.OneToOneField(JournalEntry, null=True, on_delete=models.PROTECT, related_name="+")

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
            models.CheckConstraint(condition=Q(fee_minor__lte=F("cost_minor")), name="payout_fee_within_cost"),
        ]

    def __str__(self) -> str:
        return str(self.public_id)

    @property
    def is_with_refusing_bank(self) -> bool:
        """Whether it is in the payee's account at the provider because their bank refused it."""
        is_there = self.rail == PayoutRail.STRIPE and self.state == PayoutState.PAID
        return is_there and self.account.trouble == AccountTrouble.BANK_REFUSED

    @property
    def entry_id(self) -> int | None:
        """The newest journal entry of sending it: of the outcome, or before that of the request."""
        return self.outcome_entry_id or self.asked_entry_id


class ReversalState(models.TextChoices):
    PENDING = "pending", _("Pending")  # decided, not requested yet
    SENT = "sent", _("Sent")  # requested; the outcome is unknown
    DONE = "done", _("Done")
    REFUSED = "refused", _("Refused")  # the payee's account holds too little


class ReversalPurpose(models.TextChoices):
    DEBT = "debt", _("To cover a debt")
    RETURN = "return", _("Recall a returned payout")


class Reversal(models.Model):
    """Money of an earlier transfer taken back from the payee's account. Its key exists before the call."""

    public_id = PublicIdField("rvs")
    payout = models.ForeignKey(Payout, on_delete=models.PROTECT, related_name="reversals")
    purpose = models.CharField(max_length=6, choices=ReversalPurpose)
    cause = models.CharField(max_length=80, help_text="the refund, dispute or date that made us ask")
    amount_minor = models.PositiveBigIntegerField()
    state = models.CharField(max_length=8, choices=ReversalState, default=ReversalState.PENDING)
    key = models.CharField(max_length=200, unique=True)
    reversal_id = models.CharField(max_length=120, blank=True, help_text="the provider's")
    reason = models.CharField(max_length=200, blank=True)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", help_text="none: by measure"
    )
    created_at = models.DateTimeField()
    first_call_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    entry = models.OneToOneField(JournalEntry, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=Q(amount_minor__gt=0), name="reversal_not_zero"),
            models.UniqueConstraint(
                fields=["payout"], condition=Q(state__in=["pending", "sent"]), name="reversal_one_open_per_payout"
            ),
        ]

    def __str__(self) -> str:
        return str(self.public_id)
