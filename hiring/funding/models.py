"""Money of milestones at the payment provider: payments, refunds, and disputes with the client's bank."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from common.ids import PublicIdField
from common.money import Money
from common.typed_json import TypedJSONField
from payments.gateway import Evidence
from storefront.checkout.models import ANSWERABLE, EvidenceState


class PaymentState(models.TextChoices):
    PENDING = "pending", _("Pending")
    SUCCEEDED = "succeeded", _("Succeeded")
    UNNEEDED = "unneeded", _("Paid twice, or not what was asked for")  # it is refunded in full
    FAILED = "failed", _("Failed")
    EXPIRED = "expired", _("Expired")


# Payments whose money came to us.
ARRIVED = (PaymentState.SUCCEEDED, PaymentState.UNNEEDED)


class MilestonePayment(models.Model):
    """One attempt to pay for a milestone. Its idempotency key is stored before the call."""

    public_id = PublicIdField("mpy")
    reference = models.CharField(max_length=80, db_index=True, help_text="mst_…")
    payer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    title = models.CharField(max_length=250, help_text="as the payment page shows it")
    amount_minor = models.PositiveBigIntegerField()
    currency = models.CharField(max_length=3)
    state = models.CharField(max_length=10, choices=PaymentState, default=PaymentState.PENDING)
    key = models.CharField(max_length=120, unique=True)
    session_id = models.CharField(max_length=120, blank=True, db_index=True)
    page_url = models.URLField(max_length=800, blank=True)
    provider_payment_id = models.CharField(max_length=120, blank=True, db_index=True)
    charge_id = models.CharField(max_length=120, blank=True)
    card_digest = models.CharField(
        max_length=64,
        blank=True,
        db_index=True,
        help_text="a keyed hash that only shows whether two cards are the same",
    )
    processor_fee_minor = models.PositiveBigIntegerField(null=True, help_text="once it is known")
    processor_fee_currency = models.CharField(max_length=3, blank=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    paid_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["reference"], condition=Q(state="succeeded"), name="milestone_paid_once"),
        ]

    def __str__(self) -> str:
        return str(self.public_id)

    @property
    def amount(self) -> Money:
        return Money(self.amount_minor, self.currency)

    @property
    def books_reference(self) -> str:
        """What its entries are about: the milestone, or the payment itself when it paid for nothing."""
        return str(self.public_id if self.state == PaymentState.UNNEEDED else self.reference)


class RefundState(models.TextChoices):
    PENDING = "pending", _("On its way")
    SUCCEEDED = "succeeded", _("Refunded")
    FAILED = "failed", _("Failed")
    CANCELED = "canceled", pgettext_lazy("state of a refund", "Canceled")  # the bank took the money first
    RETURNED = "returned", _("Returned by the bank")


class MilestoneRefund(models.Model):
    """Money on its way back to a client. The public id is part of the provider's idempotency key."""

    public_id = PublicIdField("mrf")
    payment = models.ForeignKey(MilestonePayment, on_delete=models.PROTECT, related_name="refunds")
    state = models.CharField(max_length=10, choices=RefundState, default=RefundState.PENDING)
    amount_minor = models.PositiveBigIntegerField()
    reason = models.CharField(max_length=200)
    is_ours = models.BooleanField(default=True, help_text="not one made in the provider's dashboard")
    provider_refund_id = models.CharField(max_length=120, blank=True, db_index=True)
    requested_at = models.DateTimeField()
    asked_at = models.DateTimeField(null=True, help_text="the first call")
    finished_at = models.DateTimeField(null=True)
    resent_reference = models.CharField(max_length=80, blank=True, help_text="the bank transfer that replaced it")

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return str(self.public_id)

    @property
    def amount(self) -> Money:
        return Money(self.amount_minor, self.payment.currency)


class BankDisputeQuerySet(models.QuerySet["BankDispute"]):
    def answerable(self) -> BankDisputeQuerySet:
        """Filter those that wait for our evidence."""
        return self.filter(status__in=ANSWERABLE)


class BankDispute(models.Model):
    """A dispute about a milestone's payment, as the provider reports it."""

    provider_dispute_id = models.CharField(max_length=120, unique=True)
    payment = models.ForeignKey(MilestonePayment, on_delete=models.PROTECT, related_name="disputes")
    status = models.CharField(max_length=30)
    reason = models.CharField(max_length=60, blank=True)
    amount_minor = models.PositiveBigIntegerField()
    currency = models.CharField(max_length=3)
    is_withdrawn = models.BooleanField(default=False, help_text="the bank took the money")
    outcome = models.CharField(max_length=4, blank=True, help_text="won or lost, as last booked")
    evidence_due_at = models.DateTimeField(null=True)
    opened_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)

    objects: ClassVar[BankDisputeQuerySet] = BankDisputeQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return str(self.provider_dispute_id)

    @property
    def amount(self) -> Money:
        return Money(self.amount_minor, self.currency)

    @property
    def is_answerable(self) -> bool:
        return self.status in ANSWERABLE


class MilestoneEvidence(models.Model):
    """One response to a dispute, frozen before the first call so that a lost answer can be asked for again."""

    dispute = models.ForeignKey(BankDispute, on_delete=models.PROTECT, related_name="packs")
    number = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=8, choices=EvidenceState, default=EvidenceState.PENDING)
    fields = TypedJSONField(Evidence, help_text="texts by the provider's names")
    receipt = models.BinaryField()
    documentation = models.BinaryField(help_text="what was agreed, delivered and accepted, as a document")
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", help_text="none: automatic"
    )
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["number"]
        verbose_name_plural = "milestone evidence"
        constraints = [
            models.UniqueConstraint(fields=["dispute", "number"], name="milestone_evidence_once"),
            models.UniqueConstraint(
                fields=["dispute"], condition=Q(state="pending"), name="milestone_evidence_one_being_sent"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.dispute} {self.number}"
