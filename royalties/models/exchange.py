"""Payout costs and exchange rates: dated data with their source."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from common.ids import PublicIdField
from royalties import payout_costs
from royalties.models.ledger import JournalEntry
from royalties.models.payout import PayoutRail


class PayoutCostQuerySet(models.QuerySet["PayoutCost"]):
    def in_force(self, *, at: datetime) -> dict[tuple[str, str], PayoutCost]:
        """Return the rows in force at the moment, by rail and currency. One query."""
        rows = self.filter(effective_at__lte=at).order_by("effective_at", "id")
        return {(row.rail, row.currency): row for row in rows}


class PayoutCost(models.Model):
    """What a rail charges for a payout, and the amount from which we bear it. Never altered: a change is a new row."""

    rail = models.CharField(max_length=6, choices=PayoutRail)
    currency = models.CharField(max_length=3)
    effective_at = models.DateTimeField()
    per_payout_minor = models.PositiveIntegerField()
    rate_bps = models.PositiveIntegerField()
    per_month_minor = models.PositiveIntegerField(help_text="for each account in a month with a payout")
    free_from_minor = models.PositiveBigIntegerField(help_text="we bear the cost of payouts from this amount on")
    source = models.CharField(max_length=200)

    objects: ClassVar[PayoutCostQuerySet] = PayoutCostQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["rail", "currency", "-effective_at"]
        constraints = [
            models.UniqueConstraint(fields=["rail", "currency", "effective_at"], name="payout_cost_once_per_moment"),
            models.CheckConstraint(condition=Q(rate_bps__lte=10000), name="payout_cost_rate_range"),
        ]

    def as_price(self) -> payout_costs.PayoutPrice:
        """Return the price as plain values for `royalties.payout_costs`."""
        return payout_costs.PayoutPrice(
            self.per_payout_minor, self.rate_bps, self.per_month_minor, self.free_from_minor
        )


class RateState(models.TextChoices):
    PROPOSED = "proposed", _("Proposed")
    APPROVED = "approved", _("Approved")
    DECLINED = "declined", _("Declined")


class ExchangeRateQuerySet(models.QuerySet["ExchangeRate"]):
    def newest(self, *, base: str, quote: str, since: datetime, at: datetime) -> ExchangeRate | None:
        """Return the newest approved rate of the pair that was true between the two moments."""
        rates = self.filter(state=RateState.APPROVED, base=base, quote=quote, true_at__gte=since, true_at__lte=at)
        return rates.order_by("-true_at", "-id").first()


class ExchangeRate(models.Model):
    """How many units of `quote` one unit of `base` is worth.

    Entered by one person and approved by another, or read from the provider.
    """

    public_id = PublicIdField("fxr")
    base = models.CharField(max_length=3)
    quote = models.CharField(max_length=3)
    rate = models.DecimalField(max_digits=18, decimal_places=8)
    true_at = models.DateTimeField(help_text="the moment the source gives it for")
    source = models.CharField(max_length=120)
    external_id = models.CharField(max_length=120, blank=True, help_text="the provider's movement it was read from")
    state = models.CharField(max_length=10, choices=RateState, default=RateState.PROPOSED)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", help_text="none: the provider"
    )
    proposed_at = models.DateTimeField()
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)

    objects: ClassVar[ExchangeRateQuerySet] = ExchangeRateQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["-true_at", "-id"]
        constraints = [
            models.CheckConstraint(condition=Q(rate__gt=0) & ~Q(base=F("quote")), name="exchange_rate_makes_sense"),
            models.CheckConstraint(
                condition=Q(proposed_by=None) | ~Q(decided_by=F("proposed_by")), name="exchange_rate_four_eyes"
            ),
            models.CheckConstraint(
                condition=Q(state="proposed", decided_by=None)
                | Q(proposed_by=None, state="approved")
                | (~Q(state="proposed") & Q(decided_by__isnull=False)),
                name="exchange_rate_decided_by_somebody",
            ),
            models.UniqueConstraint(
                fields=["external_id"], condition=~Q(external_id=""), name="exchange_rate_once_from_provider"
            ),
        ]

    def __str__(self) -> str:
        return f"1 {self.base} = {self.rate.normalize():f} {self.quote}"


class PayableConversion(models.Model):
    """A payable amount that was converted into the currency its owner chose, and the rate used."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="payable_conversions")
    rate = models.ForeignKey(ExchangeRate, on_delete=models.PROTECT, related_name="conversions")
    given_minor = models.PositiveBigIntegerField()
    given_currency = models.CharField(max_length=3)
    received_minor = models.PositiveBigIntegerField()
    received_currency = models.CharField(max_length=3)
    spread_bps = models.PositiveIntegerField(default=0, help_text="of the received amount, borne by the payee's plan")
    converted_at = models.DateTimeField()
    payout = models.ForeignKey("royalties.Payout", null=True, on_delete=models.PROTECT, related_name="conversions")
    entry = models.OneToOneField(JournalEntry, on_delete=models.PROTECT, related_name="payable_conversion")

    class Meta:
        ordering = ["-id"]
