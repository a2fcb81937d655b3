"""Fee plans: how a contributor pays for the platform. Dated data; a change is a new row."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from common.ids import PublicIdField

# The summaries of the first plans, for translators; the rows hold them in English (migrations/_first_rows.py).
_FIRST_SUMMARIES = (
    gettext_noop("Nothing to pay until you sell. We take a part of each sale."),
    gettext_noop("A monthly fee for the infrastructure, half the share, and every payout free."),
)


class PlanKind(models.TextChoices):
    COMMISSION = "commission", _("A share of each sale")
    MONTHLY = "monthly", _("A monthly fee and a smaller share")


class FeePlan(models.Model):
    """One way to pay for the platform. Its rates are `RoyaltyTerms` of the plan, its monthly fees `PlanPrice` rows."""

    code = models.CharField(max_length=20, unique=True)
    kind = models.CharField(max_length=10, choices=PlanKind)
    name = models.CharField(max_length=60)
    summary = models.CharField(max_length=200)
    position = models.PositiveSmallIntegerField()
    is_offered = models.BooleanField(default=True)
    bears_payout_cost = models.BooleanField(
        default=False, help_text="the platform bears the cost of small payouts, too"
    )
    conversion_bps = models.PositiveIntegerField(default=0, help_text="taken when payable money changes its currency")

    class Meta:
        ordering = ["position"]
        constraints = [
            models.CheckConstraint(condition=Q(conversion_bps__lte=1000), name="plan_conversion_range"),
        ]

    def __str__(self) -> str:
        return str(self.name)


class PlanPriceQuerySet(models.QuerySet["PlanPrice"]):
    def in_force(self, *, at: datetime) -> dict[tuple[int, str], PlanPrice]:
        """Return the rows in force at the moment, by plan and currency. One query."""
        rows = self.filter(effective_at__lte=at).order_by("effective_at", "id")
        return {(row.plan_id, row.currency): row for row in rows}


class PlanPrice(models.Model):
    """What a plan costs each month in one currency, on top of its share of sales."""

    plan = models.ForeignKey(FeePlan, on_delete=models.PROTECT, related_name="prices")
    currency = models.CharField(max_length=3)
    effective_at = models.DateTimeField()
    monthly_minor = models.PositiveIntegerField(default=0)

    objects: ClassVar[PlanPriceQuerySet] = PlanPriceQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["plan", "currency", "-effective_at"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "currency", "effective_at"], name="plan_price_once_per_moment"),
        ]


class PlanMembershipQuerySet(models.QuerySet["PlanMembership"]):
    def in_force(self, at: datetime) -> PlanMembershipQuerySet:
        """Return the memberships in force at the moment."""
        return self.filter(Q(ends_at=None) | Q(ends_at__gt=at), starts_at__lte=at)


class PlanMembership(models.Model):
    """The plan of one person from one moment to the next. A person without a row is on the first plan."""

    public_id = PublicIdField("mbr")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="plan_memberships")
    plan = models.ForeignKey(FeePlan, on_delete=models.PROTECT, related_name="memberships")
    currency = models.CharField(max_length=3, help_text="of the monthly fee")
    chosen_at = models.DateTimeField()
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True)

    objects: ClassVar[PlanMembershipQuerySet] = PlanMembershipQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["-starts_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["user"], condition=Q(ends_at=None), name="plan_membership_one_open"),
            models.UniqueConstraint(fields=["user", "starts_at"], name="plan_membership_once_per_moment"),
            models.CheckConstraint(
                condition=Q(ends_at=None) | Q(ends_at__gt=F("starts_at")), name="plan_membership_ends_after_it_starts"
            ),
        ]

    def __str__(self) -> str:
        return str(self.public_id)
