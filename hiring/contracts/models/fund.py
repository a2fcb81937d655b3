"""Payments from the protection fund: one person of finance proposes, another decides."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from common.ids import PublicIdField
from hiring.contracts.models.milestone import Milestone


class FundClaimState(models.TextChoices):
    PROPOSED = "proposed", _("Proposed")
    PAID = "paid", _("Paid")
    DECLINED = "declined", _("Declined")


class FundClaim(models.Model):
    """A provider's loss that the fund may bear: their delivery is proved, and the client’s bank took the money."""

    public_id = PublicIdField("fcl")
    milestone = models.ForeignKey(Milestone, on_delete=models.PROTECT, related_name="fund_claims")
    dispute_reference = models.CharField(max_length=120, help_text="the provider's name of the bank's dispute")
    note = models.CharField(max_length=500, help_text="what proves the delivery")
    state = models.CharField(max_length=8, choices=FundClaimState, default=FundClaimState.PROPOSED)
    paid_minor = models.PositiveBigIntegerField(default=0)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["dispute_reference"], condition=~Q(state="declined"), name="fund_claim_once_per_dispute"
            ),
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=F("proposed_by")), name="fund_claim_four_eyes"
            ),
            models.CheckConstraint(
                condition=Q(state="proposed", decided_by=None, decided_at=None, paid_minor=0)
                | (~Q(state="proposed") & Q(decided_by__isnull=False, decided_at__isnull=False)),
                name="fund_claim_decided_by_somebody",
            ),
            models.CheckConstraint(condition=Q(state="paid") | Q(paid_minor=0), name="fund_claim_pays_when_approved"),
        ]

    def __str__(self) -> str:
        return str(self.public_id)
