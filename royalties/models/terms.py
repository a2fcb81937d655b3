"""Royalty terms and the provider's fees: dated data, frozen on each sale."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext

from common.typed_json import TypedJSONField
from royalties import calc
from royalties.models.plan import FeePlan


class TermsFamily(models.TextChoices):
    OCTAVO = "octavo"  # everything but tax, card fee and a platform fee
    RATE_BAND = "rate_band"  # a rate by list-price band, less delivery
    FLAT = "flat"  # a share of the price without tax


class DatedQuerySet[M: models.Model](models.QuerySet[M]):
    def in_force(self, *, currency: str, at: datetime) -> M | None:
        """Return the row of the currency that is in force at the moment, or None."""
        return self.filter(currency=currency, effective_at__lte=at).order_by("-effective_at", "-id").first()


class RoyaltyTermsQuerySet(DatedQuerySet["RoyaltyTerms"]):
    def in_force(self, *, currency: str, at: datetime) -> RoyaltyTerms | None:
        """Return the terms outside any plan that are in force at the moment, or None."""
        return self.filter(plan=None, currency=currency, effective_at__lte=at).order_by("-effective_at", "-id").first()

    def by_plan(self, *, currency: str, at: datetime) -> dict[int | None, RoyaltyTerms]:
        """Return the terms in force at the moment, by plan; None is for people who have chosen no plan. One query."""
        rows = self.filter(currency=currency, effective_at__lte=at).order_by("effective_at", "id")
        return {row.plan_id: row for row in rows}


def _percent(bps: int) -> str:
    return f"{(Decimal(bps) / 100).normalize():f}"


class RoyaltyTerms(models.Model):
    """Rate and base agreed from a date, for one currency. Never altered: new terms are a new row."""

    name = models.CharField(max_length=60)
    plan = models.ForeignKey(
        FeePlan, null=True, on_delete=models.PROTECT, related_name="terms", help_text="none: for who has chosen no plan"
    )
    family = models.CharField(max_length=10, choices=TermsFamily, default=TermsFamily.OCTAVO)
    currency = models.CharField(max_length=3)
    effective_at = models.DateTimeField()
    platform_fee_bps = models.PositiveIntegerField(default=0, help_text="octavo: of the price without tax")
    royalty_bps = models.PositiveIntegerField(default=0, help_text="flat: of the price without tax")
    fixed_minor = models.PositiveIntegerField(default=0, help_text="flat: taken off each sale")
    bands = TypedJSONField(tuple[calc.Band, ...], default=tuple, help_text="rate_band")
    delivery_per_mb_minor = models.PositiveIntegerField(default=0, help_text="rate_band")

    objects: ClassVar[RoyaltyTermsQuerySet] = RoyaltyTermsQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["currency", "-effective_at"]
        verbose_name_plural = "royalty terms"
        constraints = [
            models.UniqueConstraint(
                fields=["currency", "effective_at"], condition=Q(plan=None), name="terms_once_per_moment"
            ),
            models.UniqueConstraint(fields=["plan", "currency", "effective_at"], name="terms_once_per_moment_and_plan"),
            models.CheckConstraint(
                condition=Q(platform_fee_bps__lte=10000, royalty_bps__lte=10000), name="terms_rates_range"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.currency}"

    @property
    def rate_text(self) -> str:
        """The rate in words, as statements show it beside the name."""
        if self.family == TermsFamily.OCTAVO:
            return gettext("platform fee %(rate)s%%") % {"rate": _percent(self.platform_fee_bps)}
        if self.family == TermsFamily.FLAT:
            return f"{_percent(self.royalty_bps)} %"
        rates = sorted({band.rate_bps for band in self.bands})
        return f"{'–'.join(_percent(rate) for rate in (rates[:1] + rates[-1:] if len(rates) > 1 else rates))} %"

    def as_terms(self) -> calc.Terms:
        """Return the terms as plain values for `calc`."""
        if self.family == TermsFamily.OCTAVO:
            return calc.OctavoTerms(self.platform_fee_bps)
        if self.family == TermsFamily.FLAT:
            return calc.FlatTerms(self.royalty_bps, self.fixed_minor)
        return calc.RateBandTerms(self.bands, self.delivery_per_mb_minor)


class ProcessorFeeSchedule(models.Model):
    """What the provider charges for one card payment, as quoted at checkout: rate times total plus a fixed part."""

    currency = models.CharField(max_length=3)
    effective_at = models.DateTimeField()
    rate_bps = models.PositiveIntegerField()
    fixed_minor = models.PositiveIntegerField()
    source = models.CharField(max_length=200)

    objects: ClassVar[DatedQuerySet[ProcessorFeeSchedule]] = DatedQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["currency", "-effective_at"]
        constraints = [
            models.UniqueConstraint(fields=["currency", "effective_at"], name="processor_fees_once_per_moment")
        ]

    def __str__(self) -> str:
        return f"{self.rate_bps} bps + {self.fixed_minor} {self.currency}"

    def as_fees(self) -> calc.ProcessorFees:
        """Return the fees as plain values for `calc`."""
        return calc.ProcessorFees(self.rate_bps, self.fixed_minor)
