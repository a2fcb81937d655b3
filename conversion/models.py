"""One conversion run over one source, what it produced, and its findings.

It knows nothing about works or readers: a job holds the name of a stored source file and the options of its request.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from common import typed_json
from common.ids import PublicIdField
from common.typed_json import TypedJSONField
from conversion.engine.api import ArtifactKind, Change, ChapterSummary, Contributor, PageArea, PageDescription, Stage
from conversion.engine.api import patches as engine_patches
from conversion.options import ConversionOptions, Patch

Fit = engine_patches.Fit
typed_json.register(Patch, to_json=engine_patches.patch_to_json, from_json=engine_patches.patch_from_json)
typed_json.register(Fit, to_json=engine_patches.fit_to_json, from_json=engine_patches.fit_from_json)


class JobState(models.TextChoices):
    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELED = "canceled"


@dataclass(frozen=True, slots=True)
class AnnouncedFile:
    """A file that a run has finished while it is still going on."""

    kind: ArtifactKind
    target: str
    size_bytes: int
    pages: int = 0


@dataclass(frozen=True, slots=True)
class JobEvent:
    """One event of a run: it reached a stage, reported facts, or made a file."""

    stage: Stage
    at: datetime
    facts: Mapping[str, str | int] = field(default_factory=dict)  # for the sentence: {"chapters": 42}
    file: AnnouncedFile | None = None


@dataclass(frozen=True, slots=True)
class JobResult:
    """The engine's result without its files and findings, which have rows of their own."""

    engine_version: str = ""
    source_format: str = ""
    title: str = ""
    subtitle: str = ""
    language: str = ""
    contributors: tuple[Contributor, ...] = ()
    description: str = ""
    chapters: tuple[ChapterSummary, ...] = ()
    words: int = 0
    changes: tuple[Change, ...] = ()  # the first places that each fix changed
    changed: Mapping[str, int] = field(default_factory=dict)  # how many each fix changed, by its code
    base: str = ""  # the identity of the base: this source as it was read, before corrections


class JobQuerySet(models.QuerySet["ConversionJob"]):
    def unfinished(self) -> JobQuerySet:
        return self.filter(state__in=[JobState.QUEUED, JobState.RUNNING])

    def claimable(self) -> JobQuerySet:
        """Return unfinished jobs that nobody holds, by the database's clock.

        A lease on a queued job is a delay before the next attempt.
        """
        return self.unfinished().filter(Q(lease_until=None) | Q(lease_until__lt=Now()))

    def startable(self) -> JobQuerySet:
        """Return claimable jobs with an attempt left."""
        return self.claimable().filter(attempt__lt=settings.CONVERSION_ATTEMPTS)

    def running(self) -> JobQuerySet:
        """Return jobs held by a worker whose lease has not run out."""
        return self.filter(state=JobState.RUNNING, lease_until__gte=Now())

    def held(self, job_id: int, token: int) -> JobQuerySet:
        """Return the running job, if this fencing token is still its newest."""
        return self.filter(pk=job_id, state=JobState.RUNNING, fencing_token=token)


class ConversionJob(models.Model):
    """A conversion job. This row, not Celery, holds its state, lease, attempt and fencing token.

    Celery only wakes workers.
    """

    public_id = PublicIdField("job")
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    source_file = models.CharField(max_length=300, help_text="name in private storage")
    source_name = models.CharField(max_length=300, help_text="file name as uploaded")
    source_sha256 = models.CharField(max_length=64)
    source_bytes = models.PositiveBigIntegerField(default=0)
    cover_file = models.CharField(max_length=300, blank=True, help_text="name in private storage")
    cover_name = models.CharField(max_length=300, blank=True)
    options = TypedJSONField(
        ConversionOptions, default=ConversionOptions, help_text="formats, targets, overrides, sample_bps"
    )

    state = models.CharField(max_length=10, choices=JobState, default=JobState.QUEUED)
    stage = models.CharField(max_length=20, blank=True)
    progress = TypedJSONField(tuple[JobEvent, ...], default=tuple, help_text="what happened so far: stage, facts, at")
    attempt = models.PositiveSmallIntegerField(default=0)
    fencing_token = models.PositiveIntegerField(
        default=0, help_text="rises with every claim; only its holder may write"
    )
    lease_until = models.DateTimeField(null=True, help_text="real time, by the database's clock")
    created_at = models.DateTimeField()
    due_at = models.DateTimeField(
        help_text="orders waiting jobs: a large source is due later than a small one or a correction"
    )
    is_quiet = models.BooleanField(
        default=False, db_default=False, help_text="nobody is mailed if it fails: a page shows it to who asked"
    )
    is_correction = models.BooleanField(
        default=False, help_text="only makes a book again because its text was corrected: in a lane of its own"
    )
    completes = models.ForeignKey(
        "self",
        on_delete=models.CASCADE,
        null=True,
        related_name="completions",
        help_text="the finished job whose later files this one makes: they become that job's",
    )
    enqueued_at = models.DateTimeField(null=True)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    failure_code = models.CharField(max_length=60, blank=True)
    failure_facts = TypedJSONField(dict[str, str | int], default=dict)
    failure_mailed_at = models.DateTimeField(null=True)
    result = TypedJSONField(
        JobResult, default=JobResult, help_text="title, language, chapters, words, source format, engine version"
    )

    objects: ClassVar[JobQuerySet] = JobQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        indexes = [
            models.Index(
                fields=["state", "lease_until"], condition=Q(state__in=["queued", "running"]), name="job_open"
            ),
            models.Index(fields=["requested_by", "started_at"], name="job_last_start"),
            models.Index(fields=["started_at"], name="job_started"),
        ]

    def __str__(self) -> str:
        return str(self.public_id)

    @property
    def is_finished(self) -> bool:
        return self.state in {JobState.DONE, JobState.FAILED, JobState.CANCELED}


class JobCorrections(models.Model):
    """The corrections of a job, and how they fit the source. Apart from the job, which is read far more often."""

    job = models.OneToOneField(ConversionJob, on_delete=models.CASCADE, primary_key=True, related_name="corrections")
    patches = TypedJSONField(tuple[Patch, ...], default=tuple, help_text="applied, in this order")
    suggestions = TypedJSONField(tuple[Patch, ...], default=tuple, help_text="placed, not applied")
    bases = TypedJSONField(tuple[str, ...], default=tuple, help_text="names in private storage")
    pictures = TypedJSONField(tuple[str, ...], default=tuple, help_text="names in private storage")
    proposals = TypedJSONField(tuple[str, ...], default=tuple, help_text="codes of fixes")
    descriptions = TypedJSONField(
        tuple[PageDescription, ...],
        default=tuple,
        db_default=models.Value([], models.JSONField()),
        help_text="of drawn pages",
    )
    fits = TypedJSONField(tuple[Fit, ...], default=tuple, help_text="of the finished job, by patch")
    proposed = TypedJSONField(tuple[Patch, ...], default=tuple, help_text="what these fixes would correct")


class Artifact(models.Model):
    """A file a job produced. `kind` and `target` are the engine's (conversion/engine/contract.py)."""

    public_id = PublicIdField("art")
    job = models.ForeignKey(ConversionJob, on_delete=models.CASCADE, related_name="artifacts")
    kind = models.CharField(max_length=20)
    target = models.CharField(max_length=20, blank=True)
    file = models.CharField(max_length=300, help_text="name in private storage; in public storage for covers")
    media_type = models.CharField(max_length=100)
    sha256 = models.CharField(max_length=64)
    size_bytes = models.PositiveBigIntegerField()
    width = models.PositiveIntegerField(default=0)
    height = models.PositiveIntegerField(default=0)
    pages = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["job", "kind", "target"], name="artifact_once_per_job")]

    def __str__(self) -> str:
        return f"{self.kind} {self.target}".strip()


class FindingRecord(models.Model):
    """A coded finding of a job, stored for its author; its text is looked up by code in `messages`."""

    job = models.ForeignKey(ConversionJob, on_delete=models.CASCADE, related_name="findings")
    position = models.PositiveIntegerField()
    code = models.CharField(max_length=60)
    severity = models.CharField(max_length=10)
    chapter = models.CharField(max_length=300, blank=True)
    quote = models.CharField(max_length=300, blank=True)
    facts = TypedJSONField(dict[str, str | int], default=dict)
    blocks = TypedJSONField(tuple[int, ...], default=tuple, help_text="numbers of its places in the job's base")
    area = TypedJSONField(PageArea, null=True, help_text="where on a page: target, page, left, top, width, height")

    class Meta:
        ordering = ["position"]
