"""What a run delivers: its progress while it goes on, its files and findings at the end.

Files are first written under content-addressed names and checked; then one transaction, which checks the fencing token,
makes them the job's. A worker killed in between leaves files that nothing refers to, never a row without its file.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from django.core.files.storage import Storage
from django.db import transaction

from common import clock, storage
from conversion import hooks
from conversion.engine.api import ArtifactFile, ArtifactKind, ConversionResult, PlatformFault, Progress
from conversion.models import (
    AnnouncedFile,
    Artifact,
    ConversionJob,
    FindingRecord,
    JobCorrections,
    JobEvent,
    JobResult,
    JobState,
)
from conversion.services import later_files
from conversion.services.jobs import Claim, write

# Public files, which shop pages show. All others are private.
PUBLIC_KINDS = frozenset({ArtifactKind.COVER, ArtifactKind.THUMBNAIL})


def record_progress(claim: Claim, progress: Progress, out_dir: Path) -> None:
    """Tell the author what happened; a file that is ready can be viewed before the run ends.

    Raises ClaimLost, PlatformFault.
    """
    early = _kept(progress.artifact, out_dir) if progress.artifact is not None else None
    with transaction.atomic():
        events = ConversionJob.objects.values_list("progress", flat=True).get(pk=claim.job_id)
        write(claim, stage=progress.stage, progress=_with(events, progress))
        if early is not None:
            _replace(claim.job_id, [early])


def finish(claim: Claim, result: ConversionResult, out_dir: Path) -> None:
    """Store the run's files, then end the job with them. Raises ClaimLost, and PlatformFault for a damaged file."""
    artifacts = [_kept(file, out_dir) for file in result.artifacts]
    with transaction.atomic():
        write(
            claim,
            state=JobState.DONE,
            stage="done",
            result=_summary(result),
            lease_until=None,
            finished_at=clock.now(),
        )
        job = ConversionJob.objects.select_related("completes").get(pk=claim.job_id)
        if job.completes is not None:
            Artifact.objects.filter(job=job).delete()  # those that were announced: they become the first job's
            later_files.deliver(job, artifacts, _findings(job.completes.pk, result))
            return
        _drop_others(claim.job_id, artifacts)
        _replace(claim.job_id, artifacts)
        FindingRecord.objects.filter(job_id=claim.job_id).delete()
        FindingRecord.objects.bulk_create(_findings(claim.job_id, result))
        JobCorrections.objects.filter(job_id=claim.job_id).update(fits=result.fits, proposed=result.proposals)
        if job.options.later:
            later_files.request(job)
        hooks.notify_finished(claim.job_id)


def copy_source(name: str, sha256: str, to: Path, stop: Callable[[], bool]) -> None:
    """Copy a private file to where the engine can read it. Raises PlatformFault when it is missing or has changed."""
    try:
        with storage.private().open(name) as stored, to.open("wb") as file:
            for chunk in storage.chunks_of(stored):
                if stop():
                    return
                file.write(chunk)
    except FileNotFoundError:
        raise PlatformFault("platform.source_missing") from None
    with to.open("rb") as copied:
        if sha256 and storage.sha256_of(storage.chunks_of(copied)) != sha256:
            raise PlatformFault("platform.source_damaged")


def _with(events: tuple[JobEvent, ...], progress: Progress) -> tuple[JobEvent, ...]:
    """Return the events with one more; facts of the same stage are merged, so that the list stays short."""
    event = JobEvent(progress.stage, clock.now(), progress.facts)
    if file := progress.artifact:
        return (*events, replace(event, file=AnnouncedFile(file.kind, file.target, file.size_bytes, file.pages)))
    last = events[-1] if events else None
    if last is not None and last.stage == progress.stage and last.file is None:
        return (*events[:-1], replace(event, facts={**last.facts, **progress.facts}))
    return (*events, event)


def _replace(job_id: int, artifacts: list[Artifact]) -> None:
    """Make these the job's artifacts, each in place of one of its kind and target; unchanged ones stay."""
    have = {(row.kind, row.target): row for row in Artifact.objects.filter(job_id=job_id)}
    for artifact in artifacts:
        old = have.get((artifact.kind, artifact.target))
        if old is not None and old.sha256 == artifact.sha256:
            continue
        if old is not None:
            old.delete()
        artifact.job_id = job_id
        artifact.save()


def _drop_others(job_id: int, artifacts: list[Artifact]) -> None:
    """Remove artifacts that an earlier attempt announced and the result does not contain."""
    wanted = {(artifact.kind, artifact.target) for artifact in artifacts}
    for row in Artifact.objects.filter(job_id=job_id):
        if (row.kind, row.target) not in wanted:
            row.delete()


def _kept(file: ArtifactFile, out_dir: Path) -> Artifact:
    """Store one file and return its row, not saved yet.

    The child that wrote the path is not trusted: a hostile manuscript may have taken it over.
    """
    path = (out_dir / file.path).resolve()
    if not path.is_relative_to(out_dir.resolve()) or not path.is_file():
        raise PlatformFault("platform.artifact_damaged")
    name = f"artifacts/{file.sha256[:2]}/{file.sha256}{path.suffix}"
    with path.open("rb") as content:
        try:
            storage.store(_home(file.kind), name, content, file.sha256)
        except ValueError:
            raise PlatformFault("platform.artifact_damaged") from None
    return Artifact(
        kind=file.kind,
        target=file.target,
        file=name,
        media_type=file.media_type,
        sha256=file.sha256,
        size_bytes=path.stat().st_size,
        width=file.width,
        height=file.height,
        pages=file.pages,
    )


def _home(kind: ArtifactKind) -> Storage:
    return storage.public() if kind in PUBLIC_KINDS else storage.private()


def _summary(result: ConversionResult) -> JobResult:
    return JobResult(
        engine_version=result.engine_version,
        source_format=result.source_format,
        title=result.title,
        subtitle=result.subtitle,
        language=result.language,
        contributors=result.contributors,
        description=result.description,
        chapters=result.chapters,
        words=result.words,
        changes=result.changes,
        changed=result.changed,
        base=result.base,
    )


def _findings(job_id: int, result: ConversionResult) -> list[FindingRecord]:
    return [
        FindingRecord(
            job_id=job_id,
            position=position,
            code=finding.code,
            severity=finding.severity,
            chapter=finding.chapter[:300],
            quote=finding.quote[:300],
            facts=finding.facts,
            blocks=finding.blocks,
            area=finding.area,
        )
        for position, finding in enumerate(result.findings)
    ]
