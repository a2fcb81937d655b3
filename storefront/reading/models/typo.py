"""Slips that readers found in a book, with the words they propose."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from common.ids import PublicIdField
from publishing.editing.models import Correction
from publishing.models import Edition, Work


class TypoState(models.TextChoices):
    OPEN = "open"
    DONE = "done"  # the author has corrected it, or will with the next edition
    DECLINED = "declined"


class TypoReport(models.Model):
    """What one reader proposed for a passage within one block. The target and the proposal never change.

    Only the work's makers see it, without the reader's name. Equal proposals of several readers are decided together.
    """

    MAX_WORDS = 300
    MAX_REPLACEMENT = 400
    MAX_REMARK = 500

    public_id = PublicIdField("typ")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="typo_reports")
    work = models.ForeignKey(Work, on_delete=models.CASCADE, related_name="+")
    edition = models.ForeignKey(Edition, on_delete=models.RESTRICT, related_name="+")
    block = models.PositiveIntegerField()
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    exact = models.CharField(max_length=MAX_WORDS)
    prefix = models.CharField(max_length=64, blank=True)
    suffix = models.CharField(max_length=64, blank=True)
    chapter = models.CharField(max_length=300, blank=True, help_text="its title")
    replacement = models.CharField(max_length=MAX_REPLACEMENT, blank=True)
    remark = models.CharField(max_length=MAX_REMARK, blank=True)
    made_at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=TypoState, default=TypoState.OPEN)
    decided_at = models.DateTimeField(null=True)
    suggestions = models.ManyToManyField(
        Correction, related_name="+", help_text="what it would change in the text; none where its words are not found"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "edition", "block", "start", "end", "replacement"], name="typo_once_per_person"
            ),
            models.CheckConstraint(condition=models.Q(start__lt=models.F("end")), name="typo_of_some_words"),
        ]
        indexes = [models.Index(fields=["work", "state", "made_at"], name="typo_by_work")]
