"""Payments that the reader's bank pulled back, and the contributors' money held meanwhile."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from royalties import chart
from royalties.models.ledger import JournalEntry
from royalties.models.sale import SaleRecord

_KINDS = [(kind.value, kind.value) for kind in chart.CONTRIBUTOR_KINDS]


class DisputeState(models.TextChoices):
    OPEN = "open", pgettext_lazy("state", "Open")
    WON = "won", _("Won")
    LOST = "lost", _("Lost")


class SaleDispute(models.Model):
    """One dispute as the ledger knows it, over one or more sales of one order."""

    external_id = models.CharField(max_length=120, unique=True, help_text="the provider's")
    order_reference = models.CharField(max_length=80, db_index=True)
    currency = models.CharField(max_length=3)
    amount_minor = models.PositiveBigIntegerField()
    fee_minor = models.PositiveBigIntegerField(default=0)
    fee_currency = models.CharField(max_length=3)
    state = models.CharField(max_length=6, choices=DisputeState, default=DisputeState.OPEN)
    opened_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    opened_entry = models.OneToOneField(JournalEntry, on_delete=models.PROTECT, related_name="+")
    outcome_entry = models.OneToOneField(JournalEntry, null=True, on_delete=models.PROTECT, related_name="+")
    appeal_entry = models.OneToOneField(
        JournalEntry, null=True, on_delete=models.PROTECT, related_name="+", help_text="won after it had been lost"
    )
    fund_entry = models.OneToOneField(
        JournalEntry, null=True, on_delete=models.PROTECT, related_name="+", help_text="when the fund covered it"
    )

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return str(self.external_id)


class DisputedSale(models.Model):
    """How much of the paid price of one sale is in dispute."""

    dispute = models.ForeignKey(SaleDispute, on_delete=models.PROTECT, related_name="sales")
    sale = models.ForeignKey(SaleRecord, on_delete=models.PROTECT, related_name="disputes")
    paid_minor = models.PositiveBigIntegerField()

    class Meta:
        ordering = ["sale_id"]
        constraints = [models.UniqueConstraint(fields=["dispute", "sale"], name="disputed_sale_once")]


class DisputeHold(models.Model):
    """The money of one contributor that is held for one disputed sale, and the account it was taken from."""

    disputed = models.ForeignKey(DisputedSale, on_delete=models.PROTECT, related_name="holds")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=30, choices=_KINDS)
    amount_minor = models.PositiveBigIntegerField(help_text="what is left of it")

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["disputed", "user", "kind"], name="dispute_hold_once")]
