"""Corrections of a text, and how they fit the bases that it had.

Whether a correction is wanted, and whether it fits, are two columns: the first is for people to decide, the second is
found by each conversion. So one that was in conflict and fits again needs nobody.
"""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from common.ids import PublicIdField
from common.typed_json import TypedJSONField
from conversion.engine.api import patches
from conversion.models import Fit as EngineFit
from conversion.options import Patch
from publishing.editing.models.base import Base
from publishing.models import Work

MAX_REASON = 300  # characters that say why something is suggested or declined


class Decision(models.TextChoices):
    SUGGESTED = "suggested", _("Suggested")
    ACCEPTED = "accepted", _("Accepted")
    DECLINED = "declined", _("Declined")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    REVERTED = "reverted", _("Undone")
    REVISED = "revised", _("Replaced by a later correction")
    MERGED = "merged", _("Part of the manuscript")


class Origin(models.TextChoices):
    AUTHOR = "author", _("Text editor")
    FIX = "fix", _("Automatic fix")
    SUGGESTION = "suggestion", _("Suggestion")
    READER = "reader", _("Reader")
    COMMENT = "comment", _("Comment")


class CorrectionQuerySet(models.QuerySet["Correction"]):
    def accepted(self) -> CorrectionQuerySet:
        return self.filter(decision=Decision.ACCEPTED)

    def suggested(self) -> CorrectionQuerySet:
        """Select what waits for a decision. A comment proposes nothing, and is only placed by conversions."""
        return self.filter(decision=Decision.SUGGESTED).exclude(op=patches.Op.COMMENT)

    def counted_at(self, revision: int) -> CorrectionQuerySet:
        """Select what was part of the text at a revision."""
        return self.filter(counts_from__lte=revision).filter(Q(counts_until=None) | Q(counts_until__gt=revision))


class Correction(models.Model):
    """One change to a text that its manuscript does not know: the engine's patch, never edited, and the decision.

    It is part of the text from the revision `counts_from` to before `counts_until`. One that is accepted again after it
    was undone is a new row.
    """

    public_id = PublicIdField("cor")
    work = models.ForeignKey(Work, on_delete=models.CASCADE, related_name="corrections")
    base = models.ForeignKey(
        Base, on_delete=models.RESTRICT, related_name="corrections", help_text="in which the patch was made"
    )
    patch = TypedJSONField(Patch)
    identity = models.CharField(max_length=32, help_text="of the patch")
    op = models.CharField(max_length=20, choices=[(str(op), str(op)) for op in patches.Op])
    decision = models.CharField(max_length=10, choices=Decision, default=Decision.SUGGESTED)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)
    origin = models.CharField(max_length=10, choices=Origin, default=Origin.AUTHOR)
    decline_reason = models.CharField(max_length=MAX_REASON, blank=True, help_text="for who suggested it")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    code = models.CharField(max_length=60, blank=True, help_text="of the fix that proposed it")
    revises = models.ForeignKey("self", null=True, on_delete=models.SET_NULL, related_name="revised_by")
    made_at = models.DateTimeField()
    counts_from = models.PositiveIntegerField(null=True, help_text="first revision of the text with it")
    counts_until = models.PositiveIntegerField(null=True, help_text="first revision of the text without it")

    objects: ClassVar[CorrectionQuerySet] = CorrectionQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["made_at", "id"]
        indexes = [models.Index(fields=["work", "decision"], name="correction_decision")]
        constraints = [
            models.UniqueConstraint(
                fields=["work", "identity"], condition=Q(decision="accepted"), name="correction_accepted_once"
            ),
            models.CheckConstraint(
                condition=~Q(decision="accepted") | Q(counts_from__isnull=False, counts_until__isnull=True),
                name="correction_accepted_counts",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.op} {self.decision}"


class Fit(models.Model):
    """How a correction fits a base, as the last conversion over it found. `placed` is the identity of its patch there:
    each patch that fits is anchored anew in the base of each conversion."""

    correction = models.ForeignKey(Correction, on_delete=models.CASCADE, related_name="fits")
    base = models.ForeignKey(Base, on_delete=models.CASCADE, related_name="fits")
    state = models.CharField(max_length=10, choices=[(str(state), str(state)) for state in patches.FitState])
    fit = TypedJSONField(EngineFit)
    placed = models.CharField(max_length=32, blank=True)
    found_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["correction", "base"], name="fit_once_per_base")]

    def __str__(self) -> str:
        return self.state
