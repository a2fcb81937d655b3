"""Claims on a work: which share of its earnings is held apart, what is held of each sale, and where it went."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from publishing.models import Work
from royalties.models.ledger import JournalEntry
from royalties.models.sale import SaleRefund, SaleShare


class ClaimOutcome(models.TextChoices):
    UPHELD = "upheld", _("Upheld")
    DISMISSED = "dismissed", _("Dismissed")


class ClaimedShareQuerySet(models.QuerySet["ClaimedShare"]):
    def holding(self) -> ClaimedShareQuerySet:
        """Return those that may hold part of what clears now, in the order in which they take."""
        return self.exclude(outcome=ClaimOutcome.DISMISSED).order_by("work_id", "held_from", "pk")


class ClaimedShare(models.Model):
    """The share of a work's earnings that a claim holds apart: of what clears from one moment on.

    It ends with the claim. What it held goes back to the authors, or to the winner of an upheld claim.
    """

    claim = models.CharField(max_length=40, db_index=True, help_text="its public id")
    work = models.ForeignKey(Work, on_delete=models.PROTECT, related_name="claimed_shares")
    share_bps = models.PositiveIntegerField(help_text="of each contributor's earnings, whether they clear now or later")
    held_from = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=10, choices=ClaimOutcome, blank=True)
    winner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.PROTECT,
        related_name="claims_won",
        help_text="of an upheld claim; none: not known yet",
    )

    objects: ClassVar[ClaimedShareQuerySet] = ClaimedShareQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["claim", "work"], name="claimed_share_once"),
            models.CheckConstraint(condition=Q(share_bps__gte=1, share_bps__lte=10000), name="claimed_share_range"),
            models.CheckConstraint(
                condition=Q(ended_at=None, outcome="") | (Q(ended_at__isnull=False) & ~Q(outcome="")),
                name="claimed_share_ends_with_an_outcome",
            ),
            models.CheckConstraint(
                condition=Q(winner=None) | Q(outcome="upheld"), name="claimed_share_winner_of_upheld"
            ),
        ]

    def __str__(self) -> str:
        return str(self.claim)

    def covers(self, *, sold_at: datetime, clears_at: datetime) -> bool:
        """Return whether it holds part of a sale: what clears once it was filed, and was sold while it ran."""
        if clears_at < self.held_from or self.outcome == ClaimOutcome.DISMISSED:
            return False
        return self.ended_at is None or sold_at < self.ended_at


class ClaimHold(models.Model):
    """What one claim holds of one contributor's share of one sale, and where it went.

    kept = left + in dispute + back to the reader + released to the contributor + paid to the winner.
    """

    claimed = models.ForeignKey(ClaimedShare, on_delete=models.PROTECT, related_name="holds")
    share = models.ForeignKey(SaleShare, on_delete=models.PROTECT, related_name="claim_holds")
    from_bps = models.PositiveIntegerField(help_text="what earlier claims hold of the share")
    share_bps = models.PositiveIntegerField(help_text="as it was when the sale cleared")
    kept_minor = models.PositiveBigIntegerField()
    beyond_minor = models.PositiveBigIntegerField(
        default=0, help_text="of the claimed share, what was withheld as tax instead: kept, too, once that comes back"
    )
    left_minor = models.PositiveBigIntegerField(help_text="held now")
    disputed_minor = models.PositiveBigIntegerField(default=0, help_text="held for an open dispute instead")
    returned_minor = models.PositiveBigIntegerField(default=0, help_text="back to the reader")
    released_minor = models.PositiveBigIntegerField(default=0, help_text="back to the contributor")
    paid_minor = models.PositiveBigIntegerField(default=0, help_text="to the winner, or to `unclaimed` without one")
    taken_minor = models.PositiveBigIntegerField(default=0, help_text="of what was paid, taken back with a return")
    fee_minor = models.PositiveBigIntegerField(default=0, help_text="of our fee, moved to the protection fund")
    fee_taken_minor = models.PositiveBigIntegerField(default=0, help_text="of that, moved back with a return")
    payee = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)
    entry = models.ForeignKey(
        JournalEntry, null=True, on_delete=models.PROTECT, related_name="claim_holds", help_text="of the decision"
    )

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["claimed", "share"], name="claim_hold_once"),
            models.CheckConstraint(
                condition=Q(
                    kept_minor=F("left_minor")
                    + F("disputed_minor")
                    + F("returned_minor")
                    + F("released_minor")
                    + F("paid_minor")
                ),
                name="claim_hold_adds_up",
            ),
            models.CheckConstraint(condition=Q(taken_minor__lte=F("paid_minor")), name="claim_hold_taken_within_paid"),
            models.CheckConstraint(
                condition=Q(fee_taken_minor__lte=F("fee_minor")), name="claim_hold_fee_taken_within_fee"
            ),
            models.CheckConstraint(
                condition=Q(decided_at=None) | Q(left_minor=0, disputed_minor=0), name="claim_hold_decided_is_empty"
            ),
        ]
        indexes = [models.Index(fields=["claimed"], condition=Q(decided_at=None), name="claim_hold_waiting")]

    @property
    def won_minor(self) -> int:
        """What the winner has of it."""
        return self.paid_minor - self.taken_minor


class ClaimTaking(models.Model):
    """What the winner of a claim gave back, because the sale was returned after the claim was decided."""

    hold = models.ForeignKey(ClaimHold, on_delete=models.PROTECT, related_name="takings")
    refund = models.ForeignKey(SaleRefund, on_delete=models.PROTECT, related_name="claim_takings")
    amount_minor = models.PositiveBigIntegerField()
    fee_minor = models.PositiveBigIntegerField()
    entry = models.OneToOneField(
        JournalEntry, null=True, on_delete=models.PROTECT, related_name="claim_taking", help_text="none: nothing moved"
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["hold", "refund"], name="claim_taking_once")]
