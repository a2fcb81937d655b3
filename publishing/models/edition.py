"""A publishable version of a work."""

from __future__ import annotations

from datetime import date
from typing import ClassVar, cast

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
    PERSONAL = "personal"  # of a personal work: never on sale, and read by its owner alone


class EditionQuerySet(models.QuerySet["Edition"]):
    def on_sale(self) -> EditionQuerySet:
        return self.filter(state=EditionState.PUBLISHED)

    def to_order(self, day: date) -> EditionQuerySet:
        """Select what readers can order: editions on sale, and drafts of works announced for a later day."""
        return self.filter(Q(state=EditionState.PUBLISHED) | Q(state=EditionState.DRAFT, work__release_date__gt=day))

    def before(self, edition: Edition) -> EditionQuerySet:
        """Select the earlier editions and revisions of the same work."""
        earlier = Q(number__lt=edition.number) | Q(number=edition.number, revision__lt=edition.revision)
        return self.filter(earlier, work=edition.work_id)

    def newest_first(self) -> EditionQuerySet:
        return self.order_by("-number", "-revision")

    def oldest_first(self) -> EditionQuerySet:
        return self.order_by("number", "revision")


EditionManager = models.Manager.from_queryset(EditionQuerySet)


class ShopEditions(EditionManager["Edition"]):
    """Editions of works that are not personal."""

    def get_queryset(self) -> EditionQuerySet:
        return cast("EditionQuerySet", super().get_queryset().exclude(state=EditionState.PERSONAL))


class Edition(models.Model):
    """One manuscript with the conversion job that made its files. The first edition is number 1.

    At most one edition of a work is published. Publishing the next one supersedes it, and readers who bought an earlier
    edition get the newest. A correction is a revision of the edition on sale, such as 2.3: a row of its own with the
    same number. A draft has the number of a new edition; its author decides when publishing it.
    """

    public_id = PublicIdField("edn")
    work = models.ForeignKey(Work, on_delete=models.CASCADE, related_name="editions")
    number = models.PositiveIntegerField()
    revision = models.PositiveIntegerField(default=0, help_text="0 for a new edition, from 1 for corrections of it")
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
    wants_mail = models.BooleanField(default=False, help_text="its author wants its buyers to be mailed, once")
    created_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True)

    objects: ClassVar[EditionQuerySet] = ShopEditions()  # type: ignore[assignment]
    with_personal: ClassVar[EditionQuerySet] = EditionQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["work", "-number", "-revision"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="personal") | Q(published_at=None), name="edition_personal_never_published"
            ),
            models.UniqueConstraint(fields=["work", "number", "revision"], name="edition_number_once"),
            models.UniqueConstraint(fields=["work"], condition=Q(state="published"), name="edition_one_published"),
        ]

    def __str__(self) -> str:
        return f"{self.work} ({self.label})"

    @property
    def label(self) -> str:
        """How readers tell it from others: "2", or "2.3" for a correction."""
        return f"{self.number}.{self.revision}" if self.revision else str(self.number)

    @property
    def is_first_draft(self) -> bool:
        """Whether the work has never been on sale, because this first edition of it is in preparation."""
        return self.state == EditionState.DRAFT and self.number == 1


class PlannedRelease(models.Model):
    """When an edition in preparation goes on sale by itself, and as what. The sweeper looks for rows that are due.

    What publishing asks for is asked again then, and a day before: its author is told in time if anything is missing.
    """

    edition = models.OneToOneField(Edition, on_delete=models.CASCADE, related_name="plan")
    is_revision = models.BooleanField()
    due_at = models.DateTimeField(db_index=True)
    planned_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    planned_at = models.DateTimeField()
    checked_at = models.DateTimeField(null=True, help_text="when it was looked at a day before")
    early_told_at = models.DateTimeField(null=True, help_text="when its author was told that it is not ready")
    late_told_at = models.DateTimeField(null=True, help_text="when its author was told that it could not go on sale")

    def __str__(self) -> str:
        return f"{self.edition} {self.due_at:%Y-%m-%d}"


class TextComparison(models.Model):
    """What changed from the text of one job to that of another. The row is made when somebody asks, the data by a
    worker; those of an older comparison are made again."""

    before = models.ForeignKey(ConversionJob, on_delete=models.CASCADE, related_name="+")
    after = models.ForeignKey(ConversionJob, on_delete=models.CASCADE, related_name="+")
    version = models.PositiveSmallIntegerField(default=0, help_text="of the comparison; 0 before the data are made")
    data = models.BinaryField(default=bytes, help_text="as the engine writes it")
    attempts = models.PositiveSmallIntegerField(default=0)
    asked_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["before", "after"], name="text_comparison_once")]

    def __str__(self) -> str:
        return f"{self.before_id} to {self.after_id}"


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
