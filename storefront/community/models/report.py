"""Reports of books and shelves that break a rule of the shop. Each report belongs to a case."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from storefront.community.models.case import ReviewCase
from storefront.community.models.report_rule import ReportRule


class Report(models.Model):
    """A person's statement that a book or a shelf breaks a rule. The owner never learns who reported it."""

    case = models.ForeignKey(ReviewCase, on_delete=models.CASCADE, related_name="reports")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="reports")
    rule = models.CharField(max_length=9, choices=ReportRule)
    words = models.TextField(max_length=2000)
    right_holder = models.CharField(max_length=200, blank=True, help_text="who holds the rights to the original")
    original = models.CharField(max_length=300, blank=True, help_text="where to find it")
    created_at = models.DateTimeField()
    told_at = models.DateTimeField(null=True, help_text="when they were told what was decided")
    undone_told_at = models.DateTimeField(null=True, help_text="when they were told that an appeal undid it")

    class Meta:
        ordering = ["created_at", "id"]
        constraints = [models.UniqueConstraint(fields=["case", "user"], name="report_once")]
