"""Reconciliation: the provider's movements as reported, and whether our books have each with the same amount."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from common.ids import PublicIdField
from royalties.models.ledger import JournalEntry
from royalties.models.reserve import ManualState

# How long an item may be on its way before it counts as open too long.
OPEN_ITEMS_MAY_WAIT = timedelta(days=3)


class ReconciliationRun(models.Model):
    """One night's comparison: how far both sides were read, and what was open afterwards."""

    at = models.DateTimeField()
    until = models.DateTimeField(help_text="the provider's movements before this were read")
    chain_position = models.BigIntegerField(help_text="journal entries up to this link were read")
    movements = models.PositiveIntegerField(help_text="new ones of the provider")
    entries = models.PositiveIntegerField(help_text="new ones of ours that move the provider's balance")
    open_items = models.PositiveIntegerField()

    class Meta:
        ordering = ["-id"]


class ProviderMovement(models.Model):
    """One change of our balance at the provider. `item_key` is the key of the item it was matched to."""

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
    LATE = "late", _("Matched late")  # both sides agree, but only after more than a day
    DIFFERS = "differs", _("Amounts differ")
    MISSING_HERE = "missing_here", _("Missing from our ledger")
    MISSING_THERE = "missing_there", _("Missing at the provider")


OPEN_ITEM_STATES = (ItemState.DIFFERS, ItemState.MISSING_HERE, ItemState.MISSING_THERE)


class ReconciliationItemQuerySet(models.QuerySet["ReconciliationItem"]):
    def open(self) -> ReconciliationItemQuerySet:
        """Return the items that do not agree."""
        return self.filter(state__in=OPEN_ITEM_STATES)

    def set_aside(self, at: datetime) -> ReconciliationItemQuerySet:
        """Return open items that two people set aside until later; not those that have changed since."""
        approved = SetAside.objects.in_force(at).filter(
            item=OuterRef("pk"), difference_minor=OuterRef("provider_minor") - OuterRef("ledger_minor")
        )
        return self.open().filter(Exists(approved))

    def waiting(self, at: datetime) -> ReconciliationItemQuerySet:
        """Return open items that are not set aside."""
        return self.open().exclude(pk__in=self.set_aside(at).values("pk"))

    def holding(self, at: datetime) -> ReconciliationItemQuerySet:
        """Return items that have been open for too long."""
        return self.waiting(at).filter(opened_at__lt=at - OPEN_ITEMS_MAY_WAIT)

    def of_close(self, *, end: datetime, at: datetime) -> ReconciliationItemQuerySet:
        """Return the open items that matter to a month that ended at `end`, set aside or not.

        What either side dates before the end counts from its first day open: the comparison that a close needs is made
        after the end, so nothing of the month is on its way any more. Anything younger belongs to the next month.
        """
        of_month = Q(provider_at__lt=end) | Q(ledger_at__lt=end) | Q(opened_at__lt=end)
        return self.open().filter(of_month | Q(opened_at__lt=at - OPEN_ITEMS_MAY_WAIT))


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
            ),
            models.Index(fields=["provider_at"]),
            models.Index(fields=["ledger_at"], condition=Q(provider_at=None), name="reconciliation_ours_only"),
        ]

    def __str__(self) -> str:
        return f"{self.key} {self.currency}"

    @property
    def difference_minor(self) -> int:
        """How much more the provider has than our books say."""
        return self.provider_minor - self.ledger_minor

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_ITEM_STATES

    def age(self, at: datetime) -> timedelta:
        """Return for how long the two sides have not agreed."""
        return at - self.opened_at if self.opened_at is not None else timedelta(0)


class ItemExplanation(models.Model):
    """A person's explanation why an item does not agree. Only ever added; the newest counts."""

    item = models.ForeignKey(ReconciliationItem, on_delete=models.PROTECT, related_name="explanations")
    number = models.PositiveSmallIntegerField(help_text="from 1, within the item")
    reason = models.CharField(max_length=500)
    difference_minor = models.BigIntegerField(help_text="what was explained")
    set_aside_until = models.DateTimeField(null=True, help_text="until when it was asked to be set aside")
    explained_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    explained_at = models.DateTimeField()

    class Meta:
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["item", "number"], name="explanation_numbered_once")]


class SetAsideQuerySet(models.QuerySet["SetAside"]):
    def in_force(self, at: datetime) -> SetAsideQuerySet:
        """Return those that are approved, not over and not taken back."""
        return self.filter(state=ManualState.APPROVED, until__gt=at, ended_at=None)


class SetAside(models.Model):
    """A request that an item keeps no month open until a day: one person asks with a reason, another agrees.

    It covers only the difference that was explained. Until somebody agrees, the item counts as any other.
    """

    public_id = PublicIdField("asd")
    item = models.ForeignKey(ReconciliationItem, on_delete=models.PROTECT, related_name="set_asides")
    explanation = models.OneToOneField(ItemExplanation, on_delete=models.PROTECT, related_name="set_aside")
    until = models.DateTimeField()
    difference_minor = models.BigIntegerField()
    state = models.CharField(max_length=10, choices=ManualState, default=ManualState.PROPOSED)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True, help_text="taken back by a later explanation")

    objects: ClassVar[SetAsideQuerySet] = SetAsideQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="approved", decided_by=F("proposed_by")), name="set_aside_four_eyes"
            ),
            models.CheckConstraint(
                condition=Q(state="proposed", decided_by__isnull=True)
                | (~Q(state="proposed") & Q(decided_by__isnull=False)),
                name="set_aside_decided_by_somebody",
            ),
            models.UniqueConstraint(
                fields=["item"], condition=Q(state="proposed"), name="set_aside_one_proposal_per_item"
            ),
        ]

    def __str__(self) -> str:
        return str(self.public_id)


class HandMatch(models.Model):
    """A proposal that an entry of ours belongs to an item under another key: one person proposes, another approves."""

    public_id = PublicIdField("hmt")
    item = models.ForeignKey(ReconciliationItem, on_delete=models.PROTECT, related_name="hand_matches")
    entry = models.ForeignKey(JournalEntry, on_delete=models.PROTECT, related_name="hand_matches")
    currency = models.CharField(max_length=3)
    amount_minor = models.BigIntegerField(help_text="what the entry moves at the provider: the item's difference")
    reason = models.CharField(max_length=300)
    taken_from = models.ForeignKey(
        ReconciliationItem, on_delete=models.PROTECT, related_name="hand_matches_away", help_text="where it stood"
    )
    state = models.CharField(max_length=10, choices=ManualState, default=ManualState.PROPOSED)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="approved", decided_by=F("proposed_by")), name="hand_match_four_eyes"
            ),
            models.CheckConstraint(
                condition=Q(state="proposed", decided_by__isnull=True)
                | (~Q(state="proposed") & Q(decided_by__isnull=False)),
                name="hand_match_decided_by_somebody",
            ),
            models.UniqueConstraint(
                fields=["entry", "currency"],
                condition=Q(state__in=["proposed", "approved"]),
                name="hand_match_once_per_entry",
            ),
            models.UniqueConstraint(
                fields=["item"], condition=Q(state="proposed"), name="hand_match_one_proposal_per_item"
            ),
        ]

    def __str__(self) -> str:
        return str(self.public_id)
