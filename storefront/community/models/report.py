"""Reports of what breaks a rule of the shop. Each report belongs to a case; anyone may report, with or without an
account (Digital Services Act, Article 16).
"""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from common.ids import PublicIdField
from storefront.community.models.case import ReviewCase
from storefront.community.models.flag_rule import FlagRule
from storefront.community.models.report_rule import ReportRule


class ReportQuerySet(models.QuerySet["Report"]):
    def confirmed(self) -> ReportQuerySet:
        """Return the reports that moderators see: those whose address is proved, and the gravest ones at once."""
        return self.exclude(confirmed_at=None)


class Report(models.Model):
    """A person's statement that something breaks a rule. The owner never learns who reported it.

    A flag of a review or a reply has one, too, with the flag's note.

    Without an account it has a name and an address, and counts once the link in the receipt was followed. A report of
    sexual abuse of children needs neither and counts at once. `complaint_on` is the dismissed report that this one
    complains about.
    """

    public_id = PublicIdField("rep")
    case = models.ForeignKey(ReviewCase, on_delete=models.CASCADE, related_name="reports")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.CASCADE, related_name="reports")
    name = models.CharField(max_length=120, blank=True, help_text="of a person without an account")
    email = models.EmailField(blank=True, help_text="of a person without an account")
    language = models.CharField(max_length=2, blank=True, help_text="of emails to them, ISO 639-1")
    rule = models.CharField(max_length=9, choices=[*ReportRule.choices, *FlagRule.choices])
    place = models.CharField(max_length=500, blank=True, help_text="chapter, page or quoted passage")
    words = models.TextField(max_length=2000)
    right_holder = models.CharField(max_length=200, blank=True, help_text="who holds the rights to the original")
    original = models.CharField(max_length=300, blank=True, help_text="where to find it")
    complaint_on = models.OneToOneField("self", null=True, on_delete=models.CASCADE, related_name="complaint")
    created_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True, help_text="when it began to count")
    receipt_at = models.DateTimeField(null=True, help_text="when the receipt was emailed")
    told_at = models.DateTimeField(null=True, help_text="when they were told what was decided")
    undone_told_at = models.DateTimeField(null=True, help_text="when they were told that an appeal undid it")

    objects: ClassVar[ReportQuerySet] = ReportQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["created_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["case", "user"], name="report_once"),
            models.UniqueConstraint(fields=["case", "email"], condition=~Q(email=""), name="report_once_per_address"),
            models.CheckConstraint(condition=Q(user=None) | Q(name="", email=""), name="report_of_one_person"),
        ]

    @property
    def address(self) -> str:
        """Return where emails about it go; "" for a nameless report."""
        return self.user.mail_to if self.user is not None else self.email
