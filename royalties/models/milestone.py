"""Milestones of contracts as the ledger knows them: paid in advance, held, settled in parts, taken back, disputed.

A milestone is no `SaleRecord`: sales count books, and ranking, splits and royalty terms read them.
"""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from common.money import Money
from royalties import chart
from royalties.calc import FeeRates
from royalties.models.dispute import DisputeState
from royalties.models.ledger import JournalEntry
from royalties.models.terms import DatedQuerySet

_KINDS = [(kind.value, kind.value) for kind in chart.CONTRIBUTOR_KINDS]


class SettlementReason(models.TextChoices):
    """Why held money of a milestone was released or returned."""

    ACCEPTED = "accepted", _("Accepted")
    ACCEPTED_IN_PART = "accepted_in_part", _("Accepted in part")
    SILENCE = "silence", _("No answer within the time for review")
    AGREED = "agreed", _("Divided by agreement")
    DECIDED = "decided", _("Decided in a case")
    GIVEN_BACK = "given_back", _("Returned by the provider")
    ENDED = "ended", _("Contract ended by both sides")
    NOT_DELIVERED = "not_delivered", _("Not delivered in time")


class ContractFee(models.Model):
    """Our fee on what providers are paid, from a date, for one currency. Never altered: a change is a new row.

    What one client has released to one provider so far decides the rate: `fee_bps` up to `lasting_from_minor`,
    `lasting_bps` beyond. The fee includes VAT at `vat_bps`.
    """

    currency = models.CharField(max_length=3)
    effective_at = models.DateTimeField()
    fee_bps = models.PositiveIntegerField()
    lasting_bps = models.PositiveIntegerField()
    lasting_from_minor = models.PositiveBigIntegerField()
    smallest_minor = models.PositiveBigIntegerField(help_text="of one milestone")
    vat_bps = models.PositiveIntegerField(default=0, help_text="in the fee; 0 until it is decided")
    vat_country = models.CharField(max_length=2, blank=True)

    objects: ClassVar[DatedQuerySet[ContractFee]] = DatedQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["currency", "-effective_at"]
        constraints = [
            models.UniqueConstraint(fields=["currency", "effective_at"], name="contract_fee_once_per_moment"),
            models.CheckConstraint(
                condition=Q(fee_bps__lte=10000, lasting_bps__lte=F("fee_bps"), vat_bps__lte=10000),
                name="contract_fee_rates_range",
            ),
            models.CheckConstraint(
                condition=Q(vat_bps=0) | ~Q(vat_country=""), name="contract_fee_vat_owed_to_somebody"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.fee_bps} bps {self.currency}"

    @property
    def lasting_from(self) -> Money:
        return Money(self.lasting_from_minor, self.currency)

    @property
    def smallest(self) -> Money:
        return Money(self.smallest_minor, self.currency)


class MilestoneRecord(models.Model):
    """One milestone that was paid. What was agreed never changes; only the running amounts do.

    funded = held + released + returned; `held` is the balance row of its account. Of what was returned, `sent_minor`
    is with the client, `bank_minor` was taken by their bank, and `kept_minor` is a card fee that they bear; the rest is
    owed to them.
    """

    reference = models.CharField(max_length=80, unique=True, help_text="mst_…")
    contract_reference = models.CharField(max_length=80, db_index=True, help_text="ctr_…")
    title = models.CharField(max_length=300, help_text="as agreed")
    payer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    payee = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    service = models.CharField(max_length=30)
    payer_country = models.CharField(max_length=2, blank=True, help_text="as stated when it was paid")
    payer_is_business = models.BooleanField(default=False)
    payer_vat_number = models.CharField(max_length=30, blank=True)
    payee_country = models.CharField(max_length=2, blank=True, help_text="as stated when it was paid")
    payee_is_business = models.BooleanField(default=False)
    charge_reference = models.CharField(max_length=120, blank=True, db_index=True, help_text="the provider's")
    currency = models.CharField(max_length=3)
    funded_minor = models.PositiveBigIntegerField()
    fee_bps = models.PositiveIntegerField()
    lasting_bps = models.PositiveIntegerField()
    full_minor = models.PositiveBigIntegerField(help_text="of what is released, at the full rate")
    vat_bps = models.PositiveIntegerField(default=0)
    vat_country = models.CharField(max_length=2, blank=True)
    paid_at = models.DateTimeField()
    released_minor = models.PositiveBigIntegerField(default=0, help_text="with our fee in it, less what was taken back")
    fee_minor = models.PositiveBigIntegerField(default=0, help_text="of what is released, VAT included")
    fee_vat_minor = models.PositiveBigIntegerField(default=0)
    returned_minor = models.PositiveBigIntegerField(default=0)
    sent_minor = models.PositiveBigIntegerField(default=0, help_text="of what was returned, with the client")
    bank_minor = models.PositiveBigIntegerField(default=0, help_text="of what was returned, taken by the bank")
    kept_minor = models.PositiveBigIntegerField(
        default=0, help_text="of what was returned, the card fee that a client who cancels again bears"
    )
    entry = models.OneToOneField(JournalEntry, on_delete=models.PROTECT, related_name="milestone")

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["payer", "payee", "currency"], name="milestone_pair")]
        constraints = [
            models.CheckConstraint(condition=~Q(payer=F("payee")), name="milestone_between_two"),
            models.CheckConstraint(
                condition=Q(funded_minor__gte=F("released_minor") + F("returned_minor")), name="milestone_within_funded"
            ),
            models.CheckConstraint(
                condition=Q(fee_minor__lte=F("released_minor"), fee_vat_minor__lte=F("fee_minor")),
                name="milestone_fee_within_released",
            ),
            models.CheckConstraint(
                condition=Q(returned_minor__gte=F("sent_minor") + F("bank_minor") + F("kept_minor")),
                name="milestone_sent_within_returned",
            ),
        ]

    def __str__(self) -> str:
        return str(self.reference)

    @property
    def held_minor(self) -> int:
        """What waits for a decision."""
        return self.funded_minor - self.released_minor - self.returned_minor

    @property
    def unsent_minor(self) -> int:
        """What is owed to the client."""
        return self.returned_minor - self.sent_minor - self.bank_minor - self.kept_minor

    @property
    def rates(self) -> FeeRates:
        """The rates that were frozen with it."""
        return FeeRates(self.fee_bps, self.lasting_bps, self.full_minor, self.vat_bps, self.vat_country)


class PayPart(models.Model):
    """What statements add up: a release to a provider, or what was taken of one. `period` is the entry's month."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    currency = models.CharField(max_length=3)
    period = models.CharField(max_length=7, db_index=True, help_text="YYYY-MM")
    gross_minor = models.PositiveBigIntegerField(help_text="with our fee in it")
    fee_minor = models.PositiveBigIntegerField(help_text="VAT included")
    fee_vat_minor = models.PositiveBigIntegerField()

    class Meta:
        abstract = True

    @property
    def share_minor(self) -> int:
        """The provider's part."""
        return self.gross_minor - self.fee_minor


class SettlementQuerySet(models.QuerySet["MilestoneSettlement"]):
    def due(self, at: datetime) -> SettlementQuerySet:
        """Return releases that may become payable: not held for a case, and not disputed with the bank."""
        disputed = MilestoneDispute.objects.filter(state=DisputeState.OPEN).values("milestone")
        waiting = self.filter(cleared_at=None, held_at=None, clears_at__lte=at)
        return waiting.exclude(milestone__in=disputed)


class MilestoneSettlement(PayPart):
    """One decision about held money: so much to the provider (`gross_minor`), so much back to the client."""

    milestone = models.ForeignKey(MilestoneRecord, on_delete=models.PROTECT, related_name="settlements")
    number = models.PositiveIntegerField(help_text="in its milestone, from 1")
    reason = models.CharField(max_length=20, choices=SettlementReason)
    by_silence = models.BooleanField(default=False)
    returned_minor = models.PositiveBigIntegerField()
    left_minor = models.PositiveBigIntegerField(help_text="the provider's part, after what was taken back")
    settled_at = models.DateTimeField(help_text="accepted, decided, returned")
    clears_at = models.DateTimeField(null=True, help_text="none when nothing was released")
    held_at = models.DateTimeField(null=True, help_text="a case keeps it in clearing")
    cleared_at = models.DateTimeField(null=True, help_text="payable since")
    entry = models.OneToOneField(JournalEntry, on_delete=models.PROTECT, related_name="settlement")

    objects: ClassVar[SettlementQuerySet] = SettlementQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["milestone_id", "number"]
        constraints = [
            models.UniqueConstraint(fields=["milestone", "number"], name="settlement_once"),
            models.CheckConstraint(condition=Q(gross_minor__gt=0) | Q(returned_minor__gt=0), name="settlement_of_some"),
            models.CheckConstraint(
                condition=Q(left_minor__lte=F("gross_minor") - F("fee_minor")), name="settlement_left_within_share"
            ),
            models.CheckConstraint(
                condition=Q(gross_minor=0, clears_at=None) | Q(gross_minor__gt=0, clears_at__isnull=False),
                name="settlement_clears_what_it_releases",
            ),
        ]
        indexes = [models.Index(fields=["clears_at"], condition=Q(cleared_at=None), name="settlement_in_clearing")]

    def __str__(self) -> str:
        return str(self.event)

    @property
    def event(self) -> str:
        """Its name in the ledger's events."""
        return f"{self.milestone.reference}:{self.number}"


class MilestoneTaking(PayPart):
    """Part of a release that was taken back: by a decision, or by a lost dispute with the bank."""

    settlement = models.ForeignKey(MilestoneSettlement, on_delete=models.PROTECT, related_name="takings")
    key = models.CharField(max_length=150, help_text="of the decision, or the dispute: twice is once")
    dispute = models.ForeignKey(
        "royalties.MilestoneDispute", null=True, on_delete=models.PROTECT, related_name="takings"
    )
    taken_at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True, help_text="the dispute was won on appeal")
    entry = models.ForeignKey(JournalEntry, on_delete=models.PROTECT, related_name="takings")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["settlement", "key"], name="milestone_taking_once")]

    def __str__(self) -> str:
        return str(self.key)


class MilestoneDispute(models.Model):
    """A dispute of a milestone's payment with the client's bank."""

    external_id = models.CharField(max_length=120, unique=True, help_text="the provider's")
    milestone = models.ForeignKey(MilestoneRecord, on_delete=models.PROTECT, related_name="disputes")
    currency = models.CharField(max_length=3)
    amount_minor = models.PositiveBigIntegerField()
    fee_minor = models.PositiveBigIntegerField(default=0)
    fee_currency = models.CharField(max_length=3)
    state = models.CharField(max_length=6, choices=DisputeState, default=DisputeState.OPEN)
    claimed_minor = models.PositiveBigIntegerField(default=0, help_text="of what the provider got, at most")
    from_held_minor = models.PositiveBigIntegerField(default=0, help_text="lost: of what was held")
    from_unsent_minor = models.PositiveBigIntegerField(default=0, help_text="lost: of what was owed to the client")
    covered_held_minor = models.PositiveBigIntegerField(
        default=0, help_text="of what the fund bore: for delivered work whose money was still held"
    )
    opened_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    opened_entry = models.OneToOneField(JournalEntry, on_delete=models.PROTECT, related_name="+")
    outcome_entry = models.OneToOneField(JournalEntry, null=True, on_delete=models.PROTECT, related_name="+")
    appeal_entry = models.OneToOneField(JournalEntry, null=True, on_delete=models.PROTECT, related_name="+")
    fund_entry = models.OneToOneField(JournalEntry, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return str(self.external_id)


class MilestoneDisputeHold(models.Model):
    """What a provider has of a disputed release, held until the bank decides, and the account it was taken from."""

    dispute = models.ForeignKey(MilestoneDispute, on_delete=models.PROTECT, related_name="holds")
    settlement = models.ForeignKey(MilestoneSettlement, on_delete=models.PROTECT, related_name="holds")
    kind = models.CharField(max_length=30, choices=_KINDS)
    amount_minor = models.PositiveBigIntegerField(help_text="what is left of it")

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["dispute", "settlement", "kind"], name="milestone_dispute_hold_once")
        ]
