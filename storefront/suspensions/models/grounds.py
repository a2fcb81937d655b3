"""What suspensions rest on beside cases: reports, complaints and appeals that were manifestly unfounded."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.restrictions import Activity
from common.ids import PublicIdField
from storefront.community.models import Report, ReviewCase


class Unfounded(models.Model):
    """A moderator's finding that a dismissed report or complaint, or a refused appeal, was manifestly unfounded.

    One that is merely wrong never is. `appeal_of` is the case whose appeal it was.
    """

    public_id = PublicIdField("unf")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    activity = models.CharField(max_length=10, choices=Activity)
    report = models.OneToOneField(Report, null=True, on_delete=models.CASCADE, related_name="unfounded")
    appeal_of = models.OneToOneField(ReviewCase, null=True, on_delete=models.CASCADE, related_name="unfounded_appeal")
    reason = models.TextField(max_length=2000, help_text="shown to the person")
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["-made_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(report__isnull=False, appeal_of=None) | Q(report=None, appeal_of__isnull=False),
                name="unfounded_of_one_thing",
            ),
            models.CheckConstraint(
                condition=Q(activity="notices") | Q(activity="complaints"), name="unfounded_notice_or_complaint"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="unfounded_has_a_reason"),
        ]

    def __str__(self) -> str:
        return str(self.public_id)

    @property
    def case(self) -> ReviewCase | None:
        """Return the case that it was about."""
        return self.appeal_of if self.report is None else self.report.case
