"""A recorded sale with everything frozen that decided its royalty, the shares of it, and its refund."""

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
    CLEARING = "clearing", _("In clearing")  # earned, inside the return window
    CLEARED = "cleared", _("Cleared")  # payable
    REFUNDED = "refunded", _("Refunded")


class SaleQuerySet(models.QuerySet["SaleRecord"]):
    def due(self, at: datetime) -> SaleQuerySet:
        """Sales whose return window is over but whose earnings are still in clearing."""
        return self.filter(state=SaleState.CLEARING, clears_at__lte=at)


class SaleRecord(models.Model):
    """One line that was paid. Amounts and terms never change; only the state does."""

    reference = models.CharField(max_length=80, unique=True, help_text="the line's public id")
    order_reference = models.CharField(max_length=80, db_index=True)
    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="+")
    work = models.ForeignKey(Work, on_delete=models.PROTECT, related_name="+")
    terms = models.ForeignKey(RoyaltyTerms, on_delete=models.PROTECT, related_name="+")
    currency = models.CharField(max_length=3)
    paid_minor = models.PositiveBigIntegerField()
    tax_minor = models.PositiveBigIntegerField()
    processor_fee_minor = models.PositiveBigIntegerField(help_text="as quoted")
    platform_fee_minor = models.PositiveBigIntegerField()
    royalty_minor = models.PositiveBigIntegerField()
    tax_country = models.CharField(max_length=2)
    tax_rate_bps = models.PositiveIntegerField()
    sold_at = models.DateTimeField(db_index=True)
    clears_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=SaleState, default=SaleState.CLEARING)
    cleared_at = models.DateTimeField(null=True)
    refunded_at = models.DateTimeField(null=True)
    entry = models.OneToOneField(
        JournalEntry, null=True, on_delete=models.PROTECT, related_name="sale", help_text="none for a free sale"
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
                    paid_minor=F("tax_minor") + F("processor_fee_minor") + F("platform_fee_minor") + F("royalty_minor")
                ),
                name="sale_adds_up",
            )
        ]

    def __str__(self) -> str:
        return str(self.reference)

    @property
    def net_minor(self) -> int:
        """The price without tax."""
        return self.paid_minor - self.tax_minor


class SaleShare(models.Model):
    """One contributor's part of one royalty, by the split in force when it was sold."""

    sale = models.ForeignKey(SaleRecord, on_delete=models.PROTECT, related_name="shares")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    contributor = models.ForeignKey(Contributor, null=True, on_delete=models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField()
    share_bps = models.PositiveIntegerField()
    amount_minor = models.PositiveBigIntegerField()

    class Meta:
        ordering = ["position", "id"]
        constraints = [models.UniqueConstraint(fields=["sale", "user"], name="sale_share_once")]
        indexes = [models.Index(fields=["user", "sale"])]


class SaleRefund(models.Model):
    """A sale given back in full."""

    sale = models.OneToOneField(SaleRecord, on_delete=models.PROTECT, related_name="refund")
    external_id = models.CharField(max_length=150, unique=True)
    refunded_at = models.DateTimeField()
    was_cleared = models.BooleanField(help_text="the royalty had left clearing, so it came out of payable or a debt")
    entry = models.OneToOneField(JournalEntry, null=True, on_delete=models.PROTECT, related_name="refund")
