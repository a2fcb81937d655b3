"""Reserves against refunds, the terms of the protection fund, and corrections by hand."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from common.ids import PublicIdField
from royalties.models.ledger import JournalEntry
from royalties.models.milestone import MilestoneSettlement
from royalties.models.sale import SaleRecord
from royalties.models.terms import DatedQuerySet


class ReserveRuleQuerySet(models.QuerySet["ReserveRule"]):
    def in_force(self, at: datetime) -> ReserveRuleQuerySet:
        """Return the rules that reserve part of what clears at the moment."""
        return self.filter(Q(lifted_at=None) | Q(lifted_at__gt=at), begins_at__lte=at, ends_at__gt=at)


class ReserveRuleState(models.TextChoices):
    IN_FORCE = "in_force", _("In force")
    ENDED = "ended", _("Ended")
    LIFTED = "lifted", _("Lifted")


class ReserveRule(models.Model):
    """A share of one contributor's earnings that is reserved for a while, with the reason they see and an end."""

    public_id = PublicIdField("rsv")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="reserve_rules")
    rate_bps = models.PositiveIntegerField(help_text="of what clears")
    days = models.PositiveIntegerField(help_text="how long each amount is kept")
    reason = models.CharField(max_length=300)
    begins_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    lifted_at = models.DateTimeField(null=True)
    imposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", help_text="none: by measure"
    )

    objects: ClassVar[ReserveRuleQuerySet] = ReserveRuleQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=Q(rate_bps__gt=0, rate_bps__lte=5000), name="reserve_rule_rate_range"),
            models.CheckConstraint(condition=Q(ends_at__gt=F("begins_at")), name="reserve_rule_ends"),
        ]

    def __str__(self) -> str:
        return str(self.public_id)

    def state(self, at: datetime) -> ReserveRuleState:
        if self.lifted_at is not None:
            return ReserveRuleState.LIFTED
        return ReserveRuleState.ENDED if self.ends_at <= at else ReserveRuleState.IN_FORCE


class Reserve(models.Model):
    """The amount kept in reserve from a contributor's share of one sale, or from one release of a milestone."""

    rule = models.ForeignKey(ReserveRule, on_delete=models.PROTECT, related_name="reserves")
    sale = models.ForeignKey(SaleRecord, null=True, on_delete=models.PROTECT, related_name="reserves")
    settlement = models.OneToOneField(MilestoneSettlement, null=True, on_delete=models.PROTECT, related_name="reserve")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="reserves")
    currency = models.CharField(max_length=3)
    kept_minor = models.PositiveBigIntegerField()
    left_minor = models.PositiveBigIntegerField(help_text="after refunds and disputes; 0 once released")
    release_at = models.DateTimeField()
    released_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["sale", "user"], name="reserve_once"),
            models.CheckConstraint(
                condition=Q(sale__isnull=False, settlement=None) | Q(sale=None, settlement__isnull=False),
                name="reserve_of_one_thing",
            ),
            models.CheckConstraint(condition=Q(left_minor__lte=F("kept_minor")), name="reserve_left_within_kept"),
        ]
        indexes = [models.Index(fields=["release_at"], condition=Q(released_at=None), name="reserve_waiting")]

    @property
    def reference(self) -> str:
        """What it is about: the sale, or the milestone."""
        if self.settlement is not None:
            return str(self.settlement.milestone.reference)
        return str(self.sale.reference) if self.sale is not None else ""

    @property
    def event(self) -> str:
        """The name of its entries."""
        about = self.settlement.event if self.settlement is not None else self.reference
        return f"{about}:{self.user.public_id}"


class ProtectionTerms(models.Model):
    """How the protection fund of a currency is fed and what it covers: dated, never altered."""

    currency = models.CharField(max_length=3)
    effective_at = models.DateTimeField()
    feed_bps = models.PositiveIntegerField(help_text="of the platform's own fees")
    fund_cap_minor = models.PositiveBigIntegerField(help_text="it is fed up to this")
    dispute_cap_minor = models.PositiveBigIntegerField(help_text="borne of one dispute at most")

    objects: ClassVar[DatedQuerySet[ProtectionTerms]] = DatedQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["currency", "-effective_at"]
        verbose_name_plural = "protection terms"
        constraints = [
            models.UniqueConstraint(fields=["currency", "effective_at"], name="protection_once_per_moment"),
            models.CheckConstraint(condition=Q(feed_bps__lte=10000), name="protection_feed_range"),
        ]


class ManualKind(models.TextChoices):
    ADJUSTMENT = "adjustment", _("Adjustment")
    WRITE_OFF = "write_off", _("Debt write-off")
    PROVIDER = "provider", _("Provider balance")


class ProviderAgainst(models.TextChoices):
    """The other side of an entry that corrects our books: what the provider moved without our knowing."""

    PROCESSOR_FEE = "processor_fee", _("Card fees")
    PAYOUT_FEE = "payout_fee", _("Payout costs")
    DISPUTE_FEE = "dispute_fee", _("Dispute fees")
    BANK = "bank", _("Our bank account")
    REFUND_PENDING = "refund_pending", _("Owed to readers")
    BAD_DEBT = "bad_debt", _("Our loss")


class ManualState(models.TextChoices):
    PROPOSED = "proposed", _("Proposed")
    APPROVED = "approved", _("Approved")
    DECLINED = "declined", _("Declined")


class ManualEntry(models.Model):
    """A correction that one person proposes and another approves; only then is it booked."""

    public_id = PublicIdField("man")
    kind = models.CharField(max_length=10, choices=ManualKind)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    item = models.ForeignKey(
        "royalties.ReconciliationItem", null=True, on_delete=models.PROTECT, related_name="corrections"
    )
    against = models.CharField(max_length=20, choices=ProviderAgainst, blank=True)
    currency = models.CharField(max_length=3)
    amount_minor = models.BigIntegerField(
        help_text="to the contributor's good, or what the provider has more; negative against it"
    )
    reason = models.CharField(max_length=300)
    state = models.CharField(max_length=10, choices=ManualState, default=ManualState.PROPOSED)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)
    entry = models.OneToOneField(JournalEntry, null=True, on_delete=models.PROTECT, related_name="manual")

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="approved", decided_by=F("proposed_by")), name="manual_entry_four_eyes"
            ),
            models.CheckConstraint(
                condition=Q(state="proposed", decided_by__isnull=True)
                | (~Q(state="proposed") & Q(decided_by__isnull=False)),
                name="manual_entry_decided_by_somebody",
            ),
            models.CheckConstraint(condition=~Q(amount_minor=0), name="manual_entry_not_zero"),
            models.CheckConstraint(
                condition=(Q(kind="provider", user__isnull=True, item__isnull=False) & ~Q(against=""))
                | (~Q(kind="provider") & Q(user__isnull=False, item__isnull=True, against="")),
                name="manual_entry_of_a_person_or_an_item",
            ),
            models.UniqueConstraint(
                fields=["item"], condition=Q(state="proposed"), name="manual_entry_one_proposal_per_item"
            ),
        ]

    def __str__(self) -> str:
        return str(self.public_id)
