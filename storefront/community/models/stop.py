"""Emergency stops of 72 hours, what authors mended, and bundles that went off sale with a book."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from common.ids import PublicIdField
from publishing.models import Edition
from storefront.catalogue.models import Bundle
from storefront.community.models.case import ReviewCase
from storefront.community.models.report_rule import ReportRule


class StopQuerySet(models.QuerySet["Stop"]):
    def active(self, at: datetime) -> StopQuerySet:
        """Return the stops that hide something at that moment."""
        return self.filter(ended_at=None, ends_at__gt=at)


class Stop(models.Model):
    """One moderator's emergency stop: what the case is about is hidden at once, for 72 hours.

    It is no decision. It ends by itself unless a second moderator decides the case meanwhile, and it never touches
    money: nothing is refunded, and everything earned is paid.
    """

    public_id = PublicIdField("stp")
    case = models.OneToOneField(ReviewCase, on_delete=models.CASCADE, related_name="stop")
    rule = models.CharField(max_length=9, choices=ReportRule)
    evidence = models.TextField(max_length=3000, help_text="shown to the owner")
    reason = models.TextField(max_length=2000, help_text="shown to the owner")
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, help_text="when it was lifted or a decision took its place")
    edition = models.ForeignKey(Edition, null=True, on_delete=models.SET_NULL, related_name="+")
    told_at = models.DateTimeField(null=True)

    objects: ClassVar[StopQuerySet] = StopQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("made_at")), name="stop_has_an_end"),
            models.CheckConstraint(condition=~Q(evidence="") & ~Q(reason=""), name="stop_has_grounds"),
        ]

    def __str__(self) -> str:
        return str(self.public_id)

    def is_active(self, at: datetime) -> bool:
        """Return whether it hides something at that moment."""
        return self.ended_at is None and at < self.ends_at


class Remedy(models.Model):
    """What an owner has mended after a decision, for a moderator to look at. `edition` is the mended draft, if any."""

    case = models.ForeignKey(ReviewCase, on_delete=models.CASCADE, related_name="remedies")
    text = models.TextField(max_length=3000)
    edition = models.ForeignKey(Edition, null=True, on_delete=models.SET_NULL, related_name="+")
    sent_at = models.DateTimeField()
    is_accepted = models.BooleanField(null=True)
    reason = models.TextField(max_length=2000, blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)
    told_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["case"], condition=Q(decided_at=None), name="remedy_one_waiting"),
        ]


class CaseBundle(models.Model):
    """A bundle that went off sale because a case took a book of it down. It comes back with the book."""

    case = models.ForeignKey(ReviewCase, on_delete=models.CASCADE, related_name="bundles")
    bundle = models.ForeignKey(Bundle, on_delete=models.CASCADE, related_name="+")
    restored_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "bundle"], name="case_bundle_once")]
