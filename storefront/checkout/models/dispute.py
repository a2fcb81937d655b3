"""Disputes by readers' banks, our responses, and fraud warnings."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from common.ids import PublicIdField
from common.typed_json import TypedJSONField
from payments.gateway import Evidence
from storefront.checkout.models.order import Payment


class DisputeStatus(models.TextChoices):
    """The provider's own status names, so that no distinction is lost."""

    WARNING_NEEDS_RESPONSE = "warning_needs_response", _("Inquiry: needs response")
    WARNING_UNDER_REVIEW = "warning_under_review", _("Inquiry: answered")
    WARNING_CLOSED = "warning_closed", _("Bank inquiry closed")
    NEEDS_RESPONSE = "needs_response", _("Needs response")
    UNDER_REVIEW = "under_review", _("Under review")
    APPEAL_NEEDS_RESPONSE = "appeal_needs_response", _("Appeal: needs response")
    APPEAL_UNDER_REVIEW = "appeal_under_review", _("Appeal: under review")
    WON = "won", _("Won")
    LOST = "lost", _("Lost")
    PREVENTED = "prevented", _("Prevented")


ANSWERABLE = frozenset(
    {DisputeStatus.WARNING_NEEDS_RESPONSE, DisputeStatus.NEEDS_RESPONSE, DisputeStatus.APPEAL_NEEDS_RESPONSE}
)


# Decided in our favour, one way or the other: the money is ours.
WON = frozenset({DisputeStatus.WON, DisputeStatus.PREVENTED})


class DisputeQuerySet(models.QuerySet["Dispute"]):
    def answerable(self) -> DisputeQuerySet:
        """Return the disputes that wait for our evidence."""
        return self.filter(status__in=ANSWERABLE)

    def not_won(self) -> DisputeQuerySet:
        """Return the disputes that are lost, or may be."""
        return self.exclude(status__in=WON)


class Dispute(models.Model):
    """One dispute at the provider, as it was last fetched."""

    public_id = PublicIdField("dsp")
    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="disputes")
    provider_dispute_id = models.CharField(max_length=120, unique=True)
    status = models.CharField(max_length=24, choices=DisputeStatus)
    reason = models.CharField(max_length=60)
    amount_minor = models.PositiveIntegerField()
    currency = models.CharField(max_length=3)
    fee_minor = models.PositiveIntegerField(default=0)
    fee_currency = models.CharField(max_length=3, blank=True)
    is_withdrawn = models.BooleanField(default=False, help_text="the bank took the money")
    is_delivery_proved = models.BooleanField(default=False, help_text="the buyer had opened the book before")
    evidence_due_at = models.DateTimeField(null=True)
    opened_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    told_at = models.DateTimeField(null=True, help_text="when the buyer was told what a lost dispute took")

    objects: ClassVar[DisputeQuerySet] = DisputeQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return str(self.public_id)

    @property
    def is_answerable(self) -> bool:
        return self.status in ANSWERABLE

    @property
    def is_won(self) -> bool:
        return self.status in WON


class EvidenceState(models.TextChoices):
    PENDING = "pending", _("Being sent")
    SENT = "sent", _("Sent")
    FAILED = "failed", _("Refused")


class EvidencePack(models.Model):
    """One response to a dispute, frozen before the first call so that a lost answer can be asked for again."""

    dispute = models.ForeignKey(Dispute, on_delete=models.PROTECT, related_name="packs")
    number = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=8, choices=EvidenceState, default=EvidenceState.PENDING)
    fields = TypedJSONField(Evidence, help_text="texts by the provider's names")
    receipt = models.BinaryField()
    documentation = models.BinaryField(help_text="delivery and access, as a document")
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", help_text="none: automatic"
    )
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["dispute", "number"], name="evidence_pack_once"),
            models.UniqueConstraint(
                fields=["dispute"], condition=models.Q(state="pending"), name="evidence_one_on_its_way"
            ),
        ]


class FraudWarning(models.Model):
    """A card network's suspicion of fraud; a refund in time avoids the dispute and its fee."""

    provider_warning_id = models.CharField(max_length=120, unique=True)
    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="fraud_warnings")
    kind = models.CharField(max_length=60)
    is_actionable = models.BooleanField()
    warned_at = models.DateTimeField()
    handled_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=40, blank=True, help_text="refunded or kept")
    handled_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-id"]
