"""Statements of reasons for money that is held: which rule, why, who or what decided, and the one complaint.

Every hold that a person or a machine of the shop places has one (Digital Services Act, Article 17).
"""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from common.ids import PublicIdField
from royalties.models.dispute import SaleDispute
from royalties.models.milestone import MilestoneDispute
from royalties.models.payout import Payout, PersonHold
from royalties.models.reserve import ReserveRule


class HoldKind(models.TextChoices):
    """What is held."""

    PAYOUTS = "payouts", _("All your payouts")
    PAYOUT = "payout", _("One payout")
    RESERVE = "reserve", _("A part of what becomes payable")
    DISPUTE = "dispute", _("Your part of a sale that a bank disputes")
    MILESTONE = "milestone", _("Your part of a milestone that a bank disputes")


class HoldRule(models.TextChoices):
    """All reasons for which money that somebody has earned is held. No suspension and no ended account is one."""

    ORDER = "order", _("A court or an authority has ordered it")
    SANCTIONS = "sanctions", _("The law against money laundering, or a sanction, forbids the payment")
    IDENTITY = "identity", _("It is not clear who is paid, or whose bank account it is")
    TAX = "tax", _("Details are missing that tax law requires")
    FRAUD = "fraud", _("The payments that it comes from may not be real")
    ERROR = "error", _("The amount may be wrong")
    RISK = "risk", _("Far more of the sales were disputed or returned than usual")
    BANK = "bank", _("A bank has pulled the buyer’s payment back")

    @property
    def is_law(self) -> bool:
        """Return whether the law asks for it, not our rules alone."""
        return self in _BY_LAW


_BY_LAW = frozenset({HoldRule.ORDER, HoldRule.SANCTIONS, HoldRule.IDENTITY, HoldRule.TAX})
# What finance chooses from; the others belong to reserves and to disputes with a bank.
CHOSEN_RULES = (
    HoldRule.ORDER,
    HoldRule.SANCTIONS,
    HoldRule.IDENTITY,
    HoldRule.TAX,
    HoldRule.FRAUD,
    HoldRule.ERROR,
)


class ComplaintOutcome(models.TextChoices):
    UPHELD = "upheld", _("The hold stays")
    OVERTURNED = "overturned", _("The hold was wrong and is lifted")


class HoldNoticeQuerySet(models.QuerySet["HoldNotice"]):
    def in_force(self, at: datetime) -> HoldNoticeQuerySet:
        """Return the notices whose money is held at the moment."""
        return self.filter(Q(until=None) | Q(until__gt=at), ended_at=None)

    def complained(self) -> HoldNoticeQuerySet:
        """Return the notices whose complaint waits for a decision."""
        return self.filter(complained_at__isnull=False, decided_at=None)


class HoldNotice(models.Model):
    """What one person is told about one hold. Without `placed_by`, a machine placed it."""

    public_id = PublicIdField("hsr")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="hold_notices")
    kind = models.CharField(max_length=9, choices=HoldKind)
    rule = models.CharField(max_length=9, choices=HoldRule)
    facts = models.CharField(max_length=300, blank=True, help_text="shown to the person; none if the machine’s say it")
    person_hold = models.OneToOneField(PersonHold, null=True, on_delete=models.PROTECT, related_name="notice")
    payout = models.ForeignKey(Payout, null=True, on_delete=models.PROTECT, related_name="hold_notices")
    reserve_rule = models.OneToOneField(ReserveRule, null=True, on_delete=models.PROTECT, related_name="notice")
    dispute = models.ForeignKey(SaleDispute, null=True, on_delete=models.PROTECT, related_name="hold_notices")
    milestone_dispute = models.ForeignKey(
        MilestoneDispute, null=True, on_delete=models.PROTECT, related_name="hold_notices"
    )
    placed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", help_text="none: a machine"
    )
    placed_at = models.DateTimeField()
    until = models.DateTimeField(null=True, help_text="when it ends by itself, where that is known")
    ended_at = models.DateTimeField(null=True, help_text="when somebody or something ended it before")
    told_at = models.DateTimeField(null=True, help_text="when the person was told; the time for complaints begins")
    complaint = models.TextField(max_length=3000, blank=True)
    complained_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=10, choices=ComplaintOutcome, blank=True)
    answer = models.TextField(max_length=2000, blank=True, help_text="shown to the person")
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)
    outcome_told_at = models.DateTimeField(null=True)

    objects: ClassVar[HoldNoticeQuerySet] = HoldNoticeQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["-placed_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="payouts", person_hold__isnull=False)
                | Q(kind="payout", payout__isnull=False)
                | Q(kind="reserve", reserve_rule__isnull=False)
                | Q(kind="dispute", dispute__isnull=False)
                | Q(kind="milestone", milestone_dispute__isnull=False),
                name="hold_notice_of_one_hold",
            ),
            models.CheckConstraint(condition=Q(placed_by=None) | ~Q(facts=""), name="hold_notice_has_facts"),
            models.CheckConstraint(
                condition=Q(decided_by=None) | Q(placed_by=None) | ~Q(decided_by=F("placed_by")),
                name="hold_complaint_decided_by_another",
            ),
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=F("user")), name="hold_complaint_not_decided_by_oneself"
            ),
            models.UniqueConstraint(fields=["dispute", "user"], name="hold_notice_once_per_dispute"),
            models.UniqueConstraint(fields=["milestone_dispute", "user"], name="hold_notice_once_per_milestone"),
            models.UniqueConstraint(
                fields=["payout"], condition=Q(ended_at=None), name="hold_notice_one_open_per_payout"
            ),
        ]

    def __str__(self) -> str:
        return str(self.public_id)

    def is_in_force(self, at: datetime) -> bool:
        return self.ended_at is None and (self.until is None or self.until > at)

    @property
    def can_be_lifted(self) -> bool:
        """Return whether the shop can end it. Money that a bank has pulled back is not ours to pay."""
        return self.kind not in {HoldKind.DISPUTE, HoldKind.MILESTONE}

    @property
    def awaits_decision(self) -> bool:
        """Return whether a complaint waits for a person."""
        return self.complained_at is not None and self.decided_at is None
