"""Prior warnings, and suspensions with a last day, their reasons and one appeal."""

from __future__ import annotations

from datetime import date, datetime
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext, gettext_noop

from accounts.restrictions import Activity
from common.ids import PublicIdField
from storefront.community.models import AppealOutcome, ReviewCase
from storefront.suspensions.models.grounds import Unfounded
from storefront.suspensions.rules import SuspensionRule

# Stored in English and shown in the reader's language: nobody wrote it.
FACTS_CHANGED = gettext_noop("Decisions that it rested on were overturned. Too few are left for the rule.")


class Appealed(models.Model):
    """The one appeal against a decision, and what a second person decided."""

    told_at = models.DateTimeField(null=True, help_text="when the person was told; the time for appeals begins")
    appeal = models.TextField(max_length=3000, blank=True)
    appealed_at = models.DateTimeField(null=True)
    appeal_outcome = models.CharField(max_length=10, choices=AppealOutcome, blank=True)
    appeal_reason = models.TextField(max_length=2000, blank=True)
    appeal_decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    appeal_decided_at = models.DateTimeField(null=True)
    appeal_told_at = models.DateTimeField(null=True)
    lifted_at = models.DateTimeField(null=True, help_text="when an appeal, a moderator or the facts ended it early")
    lifted_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    lift_reason = models.TextField(max_length=2000, blank=True)
    lift_told_at = models.DateTimeField(null=True)

    class Meta:
        abstract = True

    @property
    def is_undone(self) -> bool:
        """Return whether the appeal has succeeded."""
        return self.appeal_outcome == AppealOutcome.OVERTURNED

    @property
    def lift_words(self) -> str:
        """Return why it was lifted, in the reader's language if nobody wrote it."""
        return gettext(FACTS_CHANGED) if self.lift_reason == FACTS_CHANGED else self.lift_reason

    @property
    def awaits_appeal(self) -> bool:
        """Return whether a second person has to decide the appeal."""
        return self.appealed_at is not None and self.appeal_decided_at is None and self.lifted_at is None


class PriorWarning(models.Model):
    """A warning that a suspension may follow. None is imposed without one that the person has been told of."""

    public_id = PublicIdField("wrn")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    activity = models.CharField(max_length=10, choices=Activity)
    reason = models.TextField(max_length=2000, help_text="shown to the person")
    cases: models.ManyToManyField[ReviewCase, models.Model] = models.ManyToManyField(ReviewCase, related_name="+")
    unfounded: models.ManyToManyField[Unfounded, models.Model] = models.ManyToManyField(Unfounded, related_name="+")
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    told_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-made_at", "-id"]
        constraints = [models.CheckConstraint(condition=~Q(reason=""), name="warning_has_a_reason")]

    def __str__(self) -> str:
        return str(self.public_id)


class SuspensionQuerySet(models.QuerySet["Suspension"]):
    def active(self, at: datetime) -> SuspensionQuerySet:
        """Return the suspensions that forbid something at that moment. They end by themselves."""
        return self.filter(lifted_at=None, last_day__gte=at.date())


class Suspension(Appealed):
    """What a person may not do until a last day. It ends by itself, by the clock."""

    public_id = PublicIdField("sus")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    activity = models.CharField(max_length=10, choices=Activity)
    rule = models.CharField(max_length=10, choices=SuspensionRule)
    warning = models.ForeignKey(PriorWarning, on_delete=models.PROTECT, related_name="suspensions")
    cases: models.ManyToManyField[ReviewCase, models.Model] = models.ManyToManyField(ReviewCase, related_name="+")
    unfounded: models.ManyToManyField[Unfounded, models.Model] = models.ManyToManyField(Unfounded, related_name="+")
    evidence = models.TextField(max_length=3000, help_text="shown to the person")
    reason = models.TextField(max_length=2000, help_text="shown to the person")
    first_day = models.DateField()
    last_day = models.DateField()
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField()

    objects: ClassVar[SuspensionQuerySet] = SuspensionQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["-decided_at", "-id"]
        constraints = [
            models.CheckConstraint(condition=Q(last_day__gt=F("first_day")), name="suspension_has_a_last_day"),
            models.CheckConstraint(condition=~Q(evidence="") & ~Q(reason=""), name="suspension_has_grounds"),
            models.CheckConstraint(
                condition=Q(appeal_decided_by=None) | ~Q(appeal_decided_by=F("decided_by")),
                name="suspension_appeal_decided_by_another",
            ),
        ]

    def __str__(self) -> str:
        return str(self.public_id)

    def is_active(self, on: date) -> bool:
        """Return whether it forbids something on that day."""
        return self.lifted_at is None and on <= self.last_day

    @property
    def days(self) -> int:
        return (self.last_day - self.first_day).days
