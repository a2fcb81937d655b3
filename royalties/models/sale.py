"""A recorded sale with everything that decided its royalty frozen, the contributors' shares, and its refunds."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from publishing.models import Contributor, Edition, Work
from royalties.models.ledger import JournalEntry
from royalties.models.terms import RoyaltyTerms


class SaleState(models.TextChoices):
    CLEARING = "clearing", _("In clearing")  # earned, inside the refund window
    CLEARED = "cleared", _("Cleared")  # payable
    DISPUTED = "disputed", _("In dispute")  # the bank pulled the money back; nothing moves until it decides
    REFUNDED = "refunded", _("Refunded")  # refunded in full


class SaleQuerySet(models.QuerySet["SaleRecord"]):
    def due(self, at: datetime) -> SaleQuerySet:
        """Return sales whose refund window is over but whose earnings are still in clearing."""
        return self.filter(state=SaleState.CLEARING, clears_at__lte=at)


class SaleRecord(models.Model):
    """One paid line. Amounts and terms never change; only the state and the returned amounts do.

    paid + promotion = tax + processor fee + platform fee + royalty.
    """

    reference = models.CharField(max_length=80, unique=True, help_text="the line's public id")
    order_reference = models.CharField(max_length=80, db_index=True)
    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="+")
    work = models.ForeignKey(Work, on_delete=models.PROTECT, related_name="+")
    terms = models.ForeignKey(RoyaltyTerms, on_delete=models.PROTECT, related_name="+")
    currency = models.CharField(max_length=3)
    list_price_minor = models.PositiveBigIntegerField(
        help_text="what the author asked when it was sold, before coupons"
    )
    paid_minor = models.PositiveBigIntegerField()
    promotion_minor = models.PositiveBigIntegerField(default=0, help_text="added by the platform: its own coupons")
    tax_minor = models.PositiveBigIntegerField()
    processor_fee_minor = models.PositiveBigIntegerField(help_text="as quoted")
    platform_fee_minor = models.PositiveBigIntegerField()
    royalty_minor = models.PositiveBigIntegerField()
    tax_country = models.CharField(max_length=2)
    tax_rate_bps = models.PositiveIntegerField()
    sold_at = models.DateTimeField(db_index=True)
    clears_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=SaleState, default=SaleState.CLEARING)
    returned_minor = models.PositiveBigIntegerField(default=0, help_text="of the paid price, so far")
    cleared_at = models.DateTimeField(null=True)
    refunded_at = models.DateTimeField(null=True)
    entry = models.OneToOneField(
        JournalEntry, null=True, on_delete=models.PROTECT, related_name="sale", help_text="none for a free sale"
    )
    deferral = models.CharField(max_length=10, blank=True, help_text="gift or preorder: paid before it was sold")
    deferral_entry = models.OneToOneField(
        JournalEntry, null=True, on_delete=models.PROTECT, related_name="deferred_sale", help_text="of that payment"
    )

    objects: ClassVar[SaleQuerySet] = SaleQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["-sold_at", "-id"]
        indexes = [
            models.Index(fields=["clears_at"], condition=Q(state="clearing"), name="sale_in_clearing"),
            models.Index(fields=["work", "-sold_at"]),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    paid_minor=F("tax_minor")
                    + F("processor_fee_minor")
                    + F("platform_fee_minor")
                    + F("royalty_minor")
                    - F("promotion_minor")
                ),
                name="sale_adds_up",
            ),
            models.CheckConstraint(condition=Q(returned_minor__lte=F("paid_minor")), name="sale_returned_within_paid"),
        ]

    def __str__(self) -> str:
        return str(self.reference)

    @property
    def net_minor(self) -> int:
        """The price without tax."""
        return self.paid_minor - self.tax_minor


class StatementFacts(models.Model):
    """The columns that a statement groups and adds up, stored with each share so that it reads only one table.

    Written with the share and never changed. `period` is the month that the entry is booked in, "" without an entry.
    """

    period = models.CharField(max_length=7, blank=True, help_text="YYYY-MM")
    currency = models.CharField(max_length=3)
    work = models.ForeignKey(Work, on_delete=models.PROTECT, related_name="+", db_index=False)
    country = models.CharField(max_length=2, blank=True)
    unit_price_minor = models.PositiveBigIntegerField(help_text="paid for the sale")
    terms = models.ForeignKey(RoyaltyTerms, on_delete=models.PROTECT, related_name="+", db_index=False)
    net_minor = models.PositiveBigIntegerField(help_text="paid and promotion without tax, of the whole sale or refund")
    processor_fee_minor = models.PositiveBigIntegerField()
    platform_fee_minor = models.PositiveBigIntegerField()

    class Meta:
        abstract = True


class SaleShare(StatementFacts):
    """One contributor's part of one royalty, by the split in force at the sale."""

    sale = models.ForeignKey(SaleRecord, on_delete=models.PROTECT, related_name="shares")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    contributor = models.ForeignKey(Contributor, null=True, on_delete=models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField()
    share_bps = models.PositiveIntegerField()
    amount_minor = models.PositiveBigIntegerField()
    returned_minor = models.PositiveBigIntegerField(default=0, help_text="of the amount, so far")

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["sale", "user"], name="sale_share_once"),
            models.CheckConstraint(
                condition=Q(returned_minor__lte=F("amount_minor")), name="sale_share_returned_within_amount"
            ),
        ]
        indexes = [models.Index(fields=["user", "sale"]), models.Index(fields=["period"])]

    @property
    def kept_minor(self) -> int:
        """What is left of the share after returns."""
        return self.amount_minor - self.returned_minor


class TowardsSum(models.Model):
    """What one sale brought towards the sum that a share ends at. `reference` names the share in all agreements."""

    share = models.ForeignKey(SaleShare, on_delete=models.PROTECT, related_name="towards_sums")
    reference = models.CharField(max_length=40, db_index=True)
    amount_minor = models.PositiveBigIntegerField(help_text="of the share's amount, before returns")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["share", "reference"], name="towards_sum_once_per_sale"),
            models.CheckConstraint(condition=Q(amount_minor__gt=0), name="towards_sum_of_something"),
        ]

    def __str__(self) -> str:
        return str(self.reference)


class SaleRefund(models.Model):
    """All or part of a sale that went back, by our refund or through a lost dispute.

    paid + promotion = tax + processor fee + platform fee + royalty, here too: each part is allocated over what was
    left.
    """

    sale = models.ForeignKey(SaleRecord, on_delete=models.PROTECT, related_name="refunds")
    external_id = models.CharField(max_length=150, unique=True)
    refunded_at = models.DateTimeField()
    paid_minor = models.PositiveBigIntegerField()
    promotion_minor = models.PositiveBigIntegerField(default=0)
    tax_minor = models.PositiveBigIntegerField()
    processor_fee_minor = models.PositiveBigIntegerField()
    platform_fee_minor = models.PositiveBigIntegerField()
    royalty_minor = models.PositiveBigIntegerField()
    is_last = models.BooleanField(help_text="nothing of the sale is left: it counts as one unit returned")
    was_cleared = models.BooleanField(help_text="the royalty had left clearing, so it came out of payable or a debt")
    by_dispute = models.BooleanField(default=False)
    entry = models.ForeignKey(
        JournalEntry, null=True, on_delete=models.PROTECT, related_name="refunds", help_text="a dispute's has several"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    paid_minor=F("tax_minor")
                    + F("processor_fee_minor")
                    + F("platform_fee_minor")
                    + F("royalty_minor")
                    - F("promotion_minor")
                ),
                name="sale_refund_adds_up",
            ),
            models.UniqueConstraint(fields=["sale"], condition=Q(is_last=True), name="sale_refund_last_once"),
        ]

    def __str__(self) -> str:
        return str(self.external_id)


class SaleRefundShare(StatementFacts):
    """How much one contributor gave back in one refund."""

    refund = models.ForeignKey(SaleRefund, on_delete=models.PROTECT, related_name="shares")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    amount_minor = models.PositiveBigIntegerField()
    is_last = models.BooleanField(help_text="the refund's: it counts as one unit returned")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["refund", "user"], name="sale_refund_share_once")]
        indexes = [models.Index(fields=["user", "refund"]), models.Index(fields=["period"])]
