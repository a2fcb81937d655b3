"""Our books beside the provider's: its movements as it told them, and whether each is in the books, and as much."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class ReconciliationRun(models.Model):
    """One night's match: how far both sides were read, and what stood open afterwards."""

    at = models.DateTimeField()
    until = models.DateTimeField(help_text="the provider's movements before this were read")
    chain_position = models.BigIntegerField(help_text="journal entries up to this link were read")
    movements = models.PositiveIntegerField(help_text="new ones of the provider")
    entries = models.PositiveIntegerField(help_text="new ones of ours that move the provider's balance")
    open_items = models.PositiveIntegerField()

    class Meta:
        ordering = ["-id"]


class ProviderMovement(models.Model):
    """One change of our balance at the provider. `item_key` is what it was matched under."""

    change_id = models.CharField(max_length=120, unique=True, help_text="the provider's balance transaction")
    kind = models.CharField(max_length=60)
    source_id = models.CharField(max_length=120, help_text="charge, refund, transfer, dispute")
    currency = models.CharField(max_length=3)
    net_minor = models.BigIntegerField(help_text="its amount less its fee")
    moved_at = models.DateTimeField()
    item_key = models.CharField(max_length=120, blank=True, help_text="empty until a run has matched it")

    class Meta:
        indexes = [
            models.Index(fields=["item_key", "currency"]),
            models.Index(fields=["id"], condition=Q(item_key=""), name="movement_not_matched_yet"),
        ]

    def __str__(self) -> str:
        return str(self.change_id)


class ItemState(models.TextChoices):
    MATCHED = "matched", _("Matched")
    LATE = "late", _("Matched late")  # both sides agree, but more than a day lay between them
    DIFFERS = "differs", _("Amounts differ")
    MISSING_HERE = "missing_here", _("Missing in our books")
    MISSING_THERE = "missing_there", _("Missing at the provider")


OPEN_ITEM_STATES = (ItemState.DIFFERS, ItemState.MISSING_HERE, ItemState.MISSING_THERE)


class ReconciliationItemQuerySet(models.QuerySet["ReconciliationItem"]):
    def open(self) -> ReconciliationItemQuerySet:
        """What does not agree."""
        return self.filter(state__in=OPEN_ITEM_STATES)


class ReconciliationItem(models.Model):
    """Everything that both sides say about one thing in one currency: an order's payment, a refund, a transfer."""

    key = models.CharField(max_length=120, help_text="the order of a payment, else the provider's id")
    currency = models.CharField(max_length=3)
    kind = models.CharField(max_length=60, help_text="the provider's word for it, or ours")
    provider_minor = models.BigIntegerField(default=0)
    ledger_minor = models.BigIntegerField(default=0)
    provider_at = models.DateTimeField(null=True, help_text="its newest movement; none when it is missing there")
    ledger_at = models.DateTimeField(null=True, help_text="our newest entry; none when it is missing here")
    state = models.CharField(max_length=14, choices=ItemState)
    opened_at = models.DateTimeField(null=True, help_text="since when it does not agree")
    settled_at = models.DateTimeField(null=True, help_text="when it came to agree after it had not")

    objects: ClassVar[ReconciliationItemQuerySet] = ReconciliationItemQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["opened_at", "id"]
        constraints = [models.UniqueConstraint(fields=["key", "currency"], name="reconciliation_item_once")]
        indexes = [
            models.Index(
                fields=["opened_at"],
                condition=Q(state__in=["differs", "missing_here", "missing_there"]),
                name="reconciliation_open",
            )
        ]

    def __str__(self) -> str:
        return f"{self.key} {self.currency}"

    @property
    def difference_minor(self) -> int:
        """By how much the provider has more than our books say."""
        return self.provider_minor - self.ledger_minor

    def age(self, at: datetime) -> timedelta:
        """For how long it has not agreed."""
        return at - self.opened_at if self.opened_at is not None else timedelta(0)
