"""What pages show of a job: progress in steps, findings and failures in sentences, the web book for a preview."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.db.models import QuerySet

from common import storage
from conversion.engine.api import TARGETS, ArtifactKind, Stage, may_mend
from conversion.errors import ChapterNotFound
from conversion.localized_messages import explain
from conversion.messages import Message
from conversion.models import Artifact, ConversionJob, FindingRecord, JobState
from conversion.rules import INCOMPLETE

_BODY = "bodymatter"
_READ_DETAILS = ("title", "subtitle", "language")
_LATER_KINDS = (ArtifactKind.PDF, ArtifactKind.PRINT_COVER)  # those that people wait for
# Worst first, as authors should see them.
SEVERITIES = ("blocker", "problem", "advice", "info")


@dataclass(frozen=True, slots=True)
class MadeFile:
    """A file that is ready, or announced by a run still going on. `artifact` is None until it can be fetched."""

    kind: str
    target: str
    size_bytes: int
    pages: int
    artifact: Artifact | None


class LaterState(StrEnum):
    """What became of the files that are made after the others."""

    NONE = ""  # there are none, or all are made
    MAKING = "making"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class LaterFiles:
    """Files that are made after the others. `missing` is those that are not there yet, by kind and target."""

    state: LaterState = LaterState.NONE
    missing: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class PagePlace:
    """The page of a PDF on which a finding shows; `number` counts from 1."""

    target: str
    number: int


@dataclass(frozen=True, slots=True)
class ReadableFinding:
    """A finding with its sentences."""

    code: str
    severity: str
    chapter: str
    quote: str
    title: str
    advice: str
    page: PagePlace | None = None
    page_label: str = ""  # as printed
    blocks: tuple[int, ...] = ()  # numbers in the job's base


@dataclass(frozen=True, slots=True)
class WebChapter:
    """A chapter of the web book; `href` is its name in the archive."""

    id: str
    title: str
    href: str
    words: int
    is_body: bool
    role: str = ""
    is_made: bool = False  # from the record, not from the manuscript


@dataclass(frozen=True, slots=True)
class WebBook:
    """The manifest of a web book, as far as a preview needs it."""

    title: str
    language: str
    direction: str
    chapters: tuple[WebChapter, ...]

    @property
    def opening(self) -> WebChapter | None:
        """The chapter where reading starts: the first one of the body."""
        body = (chapter for chapter in self.chapters if chapter.is_body)
        return next(body, self.chapters[0] if self.chapters else None)

    def chapter(self, chapter_id: str) -> WebChapter:
        """Return the chapter with this id. Raises ChapterNotFound."""
        for chapter in self.chapters:
            if chapter.id == chapter_id:
                return chapter
        raise ChapterNotFound


def facts_of(job: ConversionJob) -> dict[str, str | int]:
    """Return all facts that the run has reported so far: chapters, words, kilobytes and so on."""
    facts: dict[str, str | int] = {}
    for event in job.progress:
        if event.file is None:
            facts |= event.facts
    return facts


def read_details(job: ConversionJob) -> dict[str, str]:
    """Return the manuscript's own title, subtitle and language, as soon as it has been read; {} before.

    A finished job has its description, too.
    """
    if job.state == JobState.DONE:
        return {name: getattr(job.result, name) for name in (*_READ_DETAILS, "description")}
    read = next((event.facts for event in job.progress if event.stage == Stage.READ), {})
    return {name: str(read[name]) for name in _READ_DETAILS if name in read}


def stages_reached(job: ConversionJob) -> list[Stage]:
    """Return the stages the run has entered, in order."""
    seen = {event.stage for event in job.progress}
    return [stage for stage in Stage if stage in seen]


def files_of(job: ConversionJob) -> list[MadeFile]:
    """Return the job's files: stored ones, or those announced by a run that is still going on."""
    artifacts = {(artifact.kind, artifact.target): artifact for artifact in job.artifacts.order_by("id")}
    if job.state == JobState.DONE:
        return [MadeFile(a.kind, a.target, a.size_bytes, a.pages, a) for a in artifacts.values()]
    # A file is announced again when it is packed again: the last announcement counts.
    announced = {(file.kind, file.target): file for event in job.progress if (file := event.file) is not None}
    return [
        MadeFile(file.kind, file.target, file.size_bytes, file.pages, artifacts.get(key))
        for key, file in announced.items()
    ]


def later_files(job: ConversionJob) -> LaterFiles:
    """Return which files of the job are still to come, or could not be made."""
    return later_files_of([job])[job.pk]


def later_files_of(jobs: Iterable[ConversionJob]) -> dict[int, LaterFiles]:
    """Return the same for several jobs, by their keys; two queries at most."""
    jobs = list(jobs)
    divided = {job.pk: _asked_later(job) for job in jobs if job.options.later}
    states = dict.fromkeys(divided, "")
    made: dict[int, set[tuple[str, str]]] = {key: set() for key in divided}
    if divided:
        followers = ConversionJob.objects.filter(completes__in=divided).order_by("pk")
        states |= {first: state for first, state in followers.values_list("completes", "state") if first is not None}
        for key, kind, target in Artifact.objects.filter(job__in=divided, kind__in=_LATER_KINDS).values_list(
            "job", "kind", "target"
        ):
            made[key].add((kind, target))
    return {job.pk: _later(divided.get(job.pk, ()), made.get(job.pk, set()), states.get(job.pk, "")) for job in jobs}


def _asked_later(job: ConversionJob) -> tuple[tuple[str, str], ...]:
    options = job.options
    pdfs = tuple((str(ArtifactKind.PDF), target) for target in options.targets) if "pdf" in options.later else ()
    printed = [target for target in options.targets if TARGETS[target].is_print]
    covers = printed if ArtifactKind.PRINT_COVER in options.later else []
    return *pdfs, *((str(ArtifactKind.PRINT_COVER), target) for target in covers)


def _later(asked: tuple[tuple[str, str], ...], made: set[tuple[str, str]], state: str) -> LaterFiles:
    missing = tuple(one for one in asked if one not in made)
    if state in {JobState.QUEUED, JobState.RUNNING}:
        return LaterFiles(LaterState.MAKING, missing)
    return LaterFiles(LaterState.MISSING if missing else LaterState.NONE, missing)


def later_failure_of(job: ConversionJob) -> Message | None:
    """Return why the job's later files could not be made, or None."""
    newest = job.completions.order_by("pk").last() if job.options.later else None
    return failure_of(newest) if newest is not None else None


def failure_of(job: ConversionJob) -> Message | None:
    """Return why the job failed and what to do, or None."""
    return explain(job.failure_code, job.failure_facts) if job.state == JobState.FAILED else None


def can_repair(job: ConversionJob) -> bool:
    """Return whether the source was refused for damage that a repair, not tried yet, may fix."""
    is_damaged = job.state == JobState.FAILED and may_mend(job.failure_code, job.failure_facts)
    return is_damaged and not asked_for_repair(job)


def asked_for_repair(job: ConversionJob) -> bool:
    """Return whether the job also opens damaged sources."""
    return job.options.repair


def findings_of(job: ConversionJob) -> list[ReadableFinding]:
    """Return the job's findings with their sentences, worst first, then in the book's order."""
    records: QuerySet[FindingRecord] = job.findings.all()
    return sorted((_readable(record) for record in records), key=lambda finding: SEVERITIES.index(finding.severity))


def is_incomplete(job: ConversionJob) -> bool:
    """Return whether some of a finished job's files could not be made, or not as they should be."""
    return job.state == JobState.DONE and job.findings.filter(code__in=INCOMPLETE).exists()


def artifact_of(job: ConversionJob, kind: ArtifactKind, target: str = "") -> Artifact | None:
    return job.artifacts.filter(kind=kind, target=target).first()


def web_book(job: ConversionJob) -> WebBook | None:
    """Return the manifest of the job's web book; None until there is one."""
    artifact = artifact_of(job, ArtifactKind.WEB)
    if artifact is None:
        return None
    manifest: dict[str, Any] = json.loads(_member(artifact, "book.json"))
    return WebBook(
        title=manifest["title"],
        language=manifest["language"],
        direction=manifest.get("direction", "ltr"),
        chapters=tuple(
            WebChapter(
                id=chapter["id"],
                title=chapter["title"],
                href=chapter["href"],
                words=chapter["words"],
                is_body=chapter.get("division", _BODY) == _BODY,
                role=chapter.get("role", ""),
                is_made=chapter.get("made", False),
            )
            for chapter in manifest["chapters"]
        ),
    )


def web_member(job: ConversionJob, name: str) -> bytes:
    """Return one file of the web book's archive. Raises ChapterNotFound."""
    artifact = artifact_of(job, ArtifactKind.WEB)
    if artifact is None:
        raise ChapterNotFound
    return _member(artifact, name)


def web_chapters(job: ConversionJob) -> list[tuple[WebChapter, bytes]]:
    """Return every chapter of the web book with its XHTML, opening the archive once; [] while there is none."""
    book, artifact = web_book(job), artifact_of(job, ArtifactKind.WEB)
    if book is None or artifact is None:
        return []
    with storage.private().open(artifact.file) as file, zipfile.ZipFile(file) as archive:
        return [(chapter, archive.read(chapter.href)) for chapter in book.chapters]


def _member(artifact: Artifact, name: str) -> bytes:
    with storage.private().open(artifact.file) as file, zipfile.ZipFile(file) as archive:
        try:
            return archive.read(name)
        except KeyError:
            raise ChapterNotFound from None


def _readable(record: FindingRecord) -> ReadableFinding:
    message = explain(record.code, record.facts)
    return ReadableFinding(
        code=record.code,
        severity=record.severity if record.severity in SEVERITIES else "info",
        chapter=record.chapter,
        quote=record.quote,
        title=message.title,
        advice=message.advice,
        page=PagePlace(record.area.target, record.area.page) if record.area else None,
        page_label=str(record.facts.get("page", "")),
        blocks=record.blocks,
    )
