"""A publishable version of a work."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from common.ids import PublicIdField
from conversion.models import ConversionJob
from publishing.models.manuscript import Manuscript
from publishing.models.work import Work


class EditionState(models.TextChoices):
    DRAFT = "draft"
    PUBLISHED = "published"
    SUPERSEDED = "superseded"
    WITHDRAWN = "withdrawn"


class EditionQuerySet(models.QuerySet["Edition"]):
    def on_sale(self) -> EditionQuerySet:
        return self.filter(state=EditionState.PUBLISHED)

    def to_order(self, day: date) -> EditionQuerySet:
        """Select what readers can order: editions on sale, and drafts of works announced for a later day."""
        return self.filter(Q(state=EditionState.PUBLISHED) | Q(state=EditionState.DRAFT, work__release_date__gt=day))


class Edition(models.Model):
    """One manuscript with the conversion job that made its files. The first edition is number 1.

    At most one edition of a work is published. Publishing the next one supersedes it, and readers who bought an earlier
    edition get the newest.
    """

    public_id = PublicIdField("edn")
    work = models.ForeignKey(Work, on_delete=models.CASCADE, related_name="editions")
    number = models.PositiveIntegerField()
    manuscript = models.ForeignKey(Manuscript, on_delete=models.PROTECT, related_name="editions")
    job = models.ForeignKey(ConversionJob, on_delete=models.PROTECT, related_name="+")
    job_before = models.ForeignKey(
        ConversionJob,
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        help_text="finished job of the draft's previous upload",
    )
    checked_job = models.ForeignKey(
        ConversionJob,
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        help_text="the last finished job, whose findings stay visible while the next one runs",
    )
    state = models.CharField(max_length=12, choices=EditionState, default=EditionState.DRAFT)
    identifier = models.CharField(max_length=60, help_text="urn:uuid:… or urn:isbn:…")
    notes = models.TextField(blank=True, max_length=2000, help_text="release notes for readers")
    created_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True)

    objects: ClassVar[EditionQuerySet] = EditionQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["work", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["work", "number"], name="edition_number_once"),
            models.UniqueConstraint(fields=["work"], condition=Q(state="published"), name="edition_one_published"),
        ]

    def __str__(self) -> str:
        return f"{self.work} ({self.number})"

    @property
    def is_first_draft(self) -> bool:
        """Whether the work has never been on sale, because this first edition of it is in preparation."""
        return self.state == EditionState.DRAFT and self.number == 1


class FindingOverride(models.Model):
    """The owner's written reason for publishing an edition despite a blocking finding; one for each code."""

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="overrides")
    code = models.CharField(max_length=60)
    reason = models.CharField(max_length=500)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField()

    class Meta:
        ordering = ["decided_at", "id"]
        constraints = [models.UniqueConstraint(fields=["edition", "code"], name="override_once_per_code")]

    def __str__(self) -> str:
        return f"{self.code}: {self.reason}"
