"""Coupon codes and their uses."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from common.ids import PublicIdField
from common.typed_json import TypedJSONField
from publishing.models import Work


class Funding(models.TextChoices):
    AUTHOR = "author", _("the author")  # the price is lower, and so is the royalty
    PLATFORM = "platform", _("the platform")  # authors get the royalty on the full price


class Coupon(models.Model):
    """Takes a percentage, or an amount by currency, off the list prices of its works.

    Without works it applies to all of its author's works under one name, or to every book if the platform funds it: a
    coupon for books under two names would reveal that they have the same author. `claimed` counts the orders that hold
    it or have used it; the database keeps it within `uses_limit`.
    """

    public_id = PublicIdField("cpn")
    code = models.CharField(max_length=40, unique=True, help_text="upper case")
    funded_by = models.CharField(max_length=8, choices=Funding)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="coupons", help_text="the author"
    )
    works = models.ManyToManyField(Work, related_name="+", blank=True)
    pen_name = models.CharField(
        max_length=120,
        blank=True,
        help_text="without works: the name whose books it applies to; empty: names that link to the owner's page",
    )
    percent_bps = models.PositiveIntegerField(null=True)
    amounts = TypedJSONField(
        dict[str, int], default=dict, help_text='minor units by currency, without a percentage: {"USD": 200}'
    )
    begins_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True)
    uses_limit = models.PositiveIntegerField(null=True)
    uses_per_person = models.PositiveIntegerField(null=True)
    claimed = models.PositiveIntegerField(default=0)
    stopped_at = models.DateTimeField(null=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["-created_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(uses_limit=None) | Q(claimed__lte=F("uses_limit")), name="coupon_claimed_within_limit"
            ),
            models.CheckConstraint(
                condition=Q(percent_bps=None) | Q(percent_bps__gte=1, percent_bps__lte=10000),
                name="coupon_percent_range",
            ),
            models.CheckConstraint(
                condition=Q(funded_by="author", owner__isnull=False) | Q(funded_by="platform", owner=None),
                name="coupon_author_pays_for_own_works",
            ),
        ]

    def __str__(self) -> str:
        return self.code

    def is_running_at(self, moment: datetime) -> bool:
        """Return whether it has started, has not ended and was not deactivated."""
        return self.begins_at <= moment and not self.is_over_at(moment)

    def is_over_at(self, moment: datetime) -> bool:
        """Return whether it has ended or was deactivated."""
        return self.stopped_at is not None or (self.ends_at is not None and self.ends_at <= moment)

    @property
    def is_exhausted(self) -> bool:
        return self.uses_limit is not None and self.claimed >= self.uses_limit


class RedemptionState(models.TextChoices):
    RESERVED = "reserved"  # an open order holds it
    CONSUMED = "consumed"  # that order was paid
    RELEASED = "released"  # that order was not paid


class CouponRedemption(models.Model):
    """One use of a coupon by one order."""

    coupon = models.ForeignKey(Coupon, on_delete=models.PROTECT, related_name="redemptions")
    order = models.OneToOneField("checkout.Order", on_delete=models.PROTECT, related_name="redemption")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=8, choices=RedemptionState, default=RedemptionState.RESERVED)
    claimed_at = models.DateTimeField()
    held_until = models.DateTimeField(
        null=True,
        db_index=True,
        help_text="when a reserved use is released; empty: when the order is paid or canceled",
    )

    class Meta:
        indexes = [models.Index(fields=["coupon", "user"])]
