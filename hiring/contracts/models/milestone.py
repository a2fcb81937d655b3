"""Milestones, what was settled of each, and divisions that one side proposed."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from common.ids import PublicIdField
from common.money import Money
from common.typed_json import TypedJSONField
from hiring.contracts.models.contract import Contract
from hiring.contracts.process import CLOSED, REVISION_AGREED, Actor, Moments, State
from royalties.dto import FeeRates, SettlementReason


class MilestoneQuerySet(models.QuerySet["Milestone"]):
    def open(self) -> MilestoneQuerySet:
        return self.exclude(state__in=CLOSED)

    def due(self, at: datetime) -> MilestoneQuerySet:
        """Filter those for which the clock has something to do."""
        return self.filter(clock_at__lte=at)


class Milestone(models.Model):
    """One step of a contract, paid in advance and held until it is accepted.

    `since` is when it came into its state, and clocks run from it; time in which a bank stopped everything is added.
    `clock_at` is when the clock next has something to do. What was released, returned and taken by a bank is counted
    here as the ledger books it, so that two people cannot divide the same money.
    """

    public_id = PublicIdField("mst")
    contract = models.ForeignKey(Contract, on_delete=models.CASCADE, related_name="milestones")
    position = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=200)
    description = models.TextField(blank=True, max_length=4000)
    amount_minor = models.PositiveBigIntegerField(help_text="0 where a royalty share pays for it")
    currency = models.CharField(max_length=3, blank=True)
    rates = TypedJSONField(FeeRates, null=True)
    due_on = models.DateField()
    due_at = models.DateTimeField(null=True, help_text="the end of its due day; empty until it is paid")
    state = models.CharField(max_length=12, choices=State, default=State.PLANNED)
    since = models.DateTimeField()
    clock_at = models.DateTimeField(null=True)
    stopped_in = models.CharField(max_length=12, choices=State, blank=True, help_text="the state before a bank's stop")
    stopped_at = models.DateTimeField(null=True)
    funded_at = models.DateTimeField(null=True)
    client_is_business = models.BooleanField(default=False, help_text="as stated when it was paid")
    client_vat_number = models.CharField(max_length=30, blank=True)
    charge_reference = models.CharField(max_length=120, blank=True)
    rounds_used = models.PositiveSmallIntegerField(default=0)
    released_minor = models.PositiveBigIntegerField(default=0)
    returned_minor = models.PositiveBigIntegerField(default=0)
    taken_minor = models.PositiveBigIntegerField(default=0)
    closed_at = models.DateTimeField(null=True)
    canceled_by = models.CharField(
        max_length=8,
        choices=[(Actor.CLIENT.value, Actor.CLIENT.label), (Actor.PROVIDER.value, Actor.PROVIDER.label)],
        blank=True,
        help_text="who ended it, where all of the money went back",
    )
    card_fee_minor = models.PositiveBigIntegerField(
        default=0, help_text="as told before paying: what a client who cancels too often bears"
    )
    fee_kept_minor = models.PositiveBigIntegerField(default=0, help_text="of what was returned, the card fee kept")

    objects: ClassVar[MilestoneQuerySet] = MilestoneQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["position", "id"]
        indexes = [models.Index(fields=["clock_at"], condition=Q(clock_at__isnull=False), name="milestone_clock")]
        constraints = [
            models.UniqueConstraint(fields=["contract", "position"], name="milestone_position_once"),
            models.CheckConstraint(condition=Q(state__in=State.values), name="milestone_state_known"),
            models.CheckConstraint(
                condition=Q(amount_minor__gte=F("released_minor") + F("returned_minor") + F("taken_minor")),
                name="milestone_divides_its_amount",
            ),
            models.CheckConstraint(
                condition=Q(fee_kept_minor=0)
                | Q(canceled_by=Actor.CLIENT.value, fee_kept_minor__lte=F("returned_minor")),
                name="milestone_fee_kept_of_who_cancels",
            ),
            models.CheckConstraint(
                condition=Q(canceled_by="") | Q(released_minor=0, returned_minor__gt=0),
                name="milestone_canceled_returns_all",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=sorted(CLOSED - {State.CALLED_OFF}))
                | Q(amount_minor=F("released_minor") + F("returned_minor") + F("taken_minor")),
                name="milestone_closed_holds_nothing",
            ),
            models.CheckConstraint(
                condition=Q(state__in=sorted(CLOSED), closed_at__isnull=False)
                | (~Q(state__in=sorted(CLOSED)) & Q(closed_at=None)),
                name="milestone_closed_at",
            ),
            models.CheckConstraint(
                condition=Q(state="frozen", stopped_at__isnull=False) | (~Q(state="frozen") & Q(stopped_at=None)),
                name="milestone_stopped_at",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["planned", "paying", "called_off"], funded_at=None)
                | (~Q(state__in=["planned", "paying", "called_off"]) & Q(funded_at__isnull=False)),
                name="milestone_funded_at",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def amount(self) -> Money:
        return Money(self.amount_minor, self.currency)

    @property
    def held_minor(self) -> int:
        """Return what is held; 0 before the payment."""
        if self.funded_at is None:
            return 0
        return self.amount_minor - self.released_minor - self.returned_minor - self.taken_minor

    @property
    def held(self) -> Money:
        return Money(self.held_minor, self.currency)

    @property
    def card_fee(self) -> Money:
        return Money(self.card_fee_minor, self.currency)

    @property
    def fee_kept(self) -> Money:
        return Money(self.fee_kept_minor, self.currency)

    @property
    def is_closed(self) -> bool:
        return self.state in CLOSED

    @property
    def revision_due_at(self) -> datetime | None:
        """When a revision should be there as agreed; None unless one is asked for."""
        return self.moments.of(REVISION_AGREED) if self.state == State.IN_REVISION else None

    @property
    def moments(self) -> Moments:
        """Return what its clocks are calculated from."""
        return Moments(self.since, self.due_at, self.contract.days, self.contract.terms.revision_days)


class Settlement(models.Model):
    """What was released or returned in one step; `number` is the ledger's, too. `taken_back_minor` was given back after
    its release, by a decision.
    """

    milestone = models.ForeignKey(Milestone, on_delete=models.CASCADE, related_name="settlements")
    number = models.PositiveSmallIntegerField()
    reason = models.CharField(max_length=16, choices=SettlementReason)
    released_minor = models.PositiveBigIntegerField()
    returned_minor = models.PositiveBigIntegerField()
    fee_minor = models.PositiveBigIntegerField()
    fee_vat_minor = models.PositiveBigIntegerField(default=0)
    taken_back_minor = models.PositiveBigIntegerField(default=0)
    by_silence = models.BooleanField(default=False)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    settled_at = models.DateTimeField()
    clears_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["milestone", "number"], name="contract_settlement_number_once"),
            models.CheckConstraint(
                condition=Q(released_minor__gt=0) | Q(returned_minor__gt=0), name="contract_settlement_of_something"
            ),
            models.CheckConstraint(
                condition=Q(taken_back_minor__lte=F("released_minor")), name="contract_settlement_taken_back"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reason} {self.number}"


class Division(models.Model):
    """How one side proposes to divide what is held, or what a case is about: `provider_minor` to the provider, the rest
    to the client. A newer one of the same side replaces it.
    """

    public_id = PublicIdField("dvn")
    milestone = models.ForeignKey(Milestone, on_delete=models.CASCADE, related_name="divisions")
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    whole_minor = models.PositiveBigIntegerField(help_text="what is divided")
    provider_minor = models.PositiveBigIntegerField()
    reason = models.TextField(blank=True, max_length=2000)
    proposed_at = models.DateTimeField()
    replaced_at = models.DateTimeField(null=True)
    accepted_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(provider_minor__lte=F("whole_minor")), name="division_of_no_more_than_the_whole"
            ),
            models.UniqueConstraint(
                fields=["milestone", "proposed_by"],
                condition=Q(replaced_at=None, accepted_at=None),
                name="division_one_open_per_side",
            ),
        ]

    def __str__(self) -> str:
        return str(self.public_id)

    @property
    def for_provider(self) -> Money:
        return Money(self.provider_minor, self.milestone.currency)

    @property
    def for_client(self) -> Money:
        return Money(self.whole_minor - self.provider_minor, self.milestone.currency)
