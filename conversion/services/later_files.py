"""Files that follow: a job that was asked for because of corrections makes web chapters and EPUB; a second job makes
its PDFs, without a lane, and hands them over to the first.

So the first job is finished within seconds, its text can be published, and no PDF of another text is ever under its
name. What the second job finds is added to the first one's findings. If it fails, a finding names what is missing.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from django.db import transaction

from accounts.models import User
from common import clock
from conversion import hooks, selectors
from conversion.engine.api import ArtifactKind, AuthorFixable, PlatformFault, not_made
from conversion.errors import NoFilesMissing
from conversion.models import Artifact, ConversionJob, FindingRecord, JobCorrections, JobState
from conversion.options import ConversionOptions
from conversion.services import waking

# What the printed pages are made from, and noted in: the EPUB is written again with the page numbers of the paper.
_WITH = ("base", "cover", "epub", "kepub", "kindle")
_WRITTEN_AGAIN = frozenset({ArtifactKind.EPUB, ArtifactKind.KEPUB, ArtifactKind.KINDLE})
_DELIVERED = frozenset({ArtifactKind.PDF, ArtifactKind.OWN_PDF, ArtifactKind.PRINT_COVER, ArtifactKind.PROOF})


def request(job: ConversionJob) -> ConversionJob:
    """Queue the job that makes the later files of a finished one. Workers are woken after commit."""
    options, at = job.options, clock.now()
    follower = ConversionJob.objects.create(
        requested_by=job.requested_by,
        completes=job,
        source_file=job.source_file,
        source_name=job.source_name,
        source_sha256=job.source_sha256,
        source_bytes=job.source_bytes,
        cover_file=job.cover_file,
        cover_name=job.cover_name,
        options=replace(options, formats=(*formats_with(options), *options.later), later=()),
        created_at=at,
        due_at=at,
        enqueued_at=clock.real_now(),
    )
    given = JobCorrections.objects.filter(job=job).first()
    if given is not None:
        given.pk, given.job, given.fits, given.proposals, given.proposed = None, follower, (), (), ()
        given.save(force_insert=True)
    waking.wake(follower.source_bytes)
    return follower


def formats_with(options: ConversionOptions) -> tuple[str, ...]:
    """Return what is made once more with the later formats: they need it, or it changes with them."""
    return tuple(name for name in _WITH if name in options.formats)


@transaction.atomic
def retry_later_files(*, actor: User, job: ConversionJob) -> ConversionJob:
    """Have the later files made that are missing. Raises NoFilesMissing."""
    job = ConversionJob.objects.select_for_update(of=("self",)).select_related("requested_by").get(pk=job.pk)
    if selectors.later_files(job).state != selectors.LaterState.MISSING:
        raise NoFilesMissing
    for finding in job.findings.filter(code__in=[not_made.PDF, not_made.FILE]):
        if finding.code == not_made.PDF or finding.facts.get("format") in {*job.options.later, ArtifactKind.OWN_PDF}:
            finding.delete()
    return request(job)


def cancel_later_files(job: ConversionJob) -> None:
    """Stop making later files that nobody will read. A worker notices at its next heartbeat."""
    ConversionJob.objects.unfinished().filter(completes=job).update(
        state=JobState.CANCELED, lease_until=None, finished_at=clock.now()
    )


def deliver(follower: ConversionJob, artifacts: Iterable[Artifact], findings: Iterable[FindingRecord]) -> None:
    """Give the first job its later files, and findings that it does not have yet.

    The EPUB, now with the printed pages in it, replaces the first one, under the same links. An engine that was updated
    in between may read the source in another way: then the EPUB stays, and findings have no blocks.
    """
    job = follower.completes
    if job is None:
        raise ValueError("not a job for later files")
    is_same = job.result.engine_version == follower.result.engine_version and job.result.base == follower.result.base
    wanted = _DELIVERED | _WRITTEN_AGAIN if is_same else _DELIVERED
    have = {(row.kind, row.target): row for row in Artifact.objects.filter(job=job)}
    for artifact in artifacts:
        if artifact.kind not in wanted:
            continue
        old = have.get((artifact.kind, artifact.target))
        if old is not None:
            artifact.pk, artifact.public_id = old.pk, old.public_id
        artifact.job = job
        artifact.save()
    _add_findings(job, findings, has_blocks=is_same)
    hooks.notify_completed(job.pk)


def note_failure(job_id: int) -> None:
    """Name the missing files in a finding of the first job, if this was a job for its later files."""
    follower = ConversionJob.objects.select_related("completes").filter(pk=job_id).exclude(completes=None).first()
    if follower is None or follower.completes is None:
        return
    job = follower.completes
    cause = not_made.cause_of(_failure(follower))
    targets = [target for kind, target in selectors.later_files(job).missing if kind == ArtifactKind.PDF]
    found = [not_made.pdf(target, cause) for target in targets]
    missing = [FindingRecord(job=job, code=one.code, severity=one.severity, facts=one.facts) for one in found]
    _add_findings(job, missing, has_blocks=False)
    hooks.notify_completed(job.pk)


def _failure(job: ConversionJob) -> Exception:
    """Return what ended the job, as the engine raises it."""
    if "limit" in job.failure_facts:
        return AuthorFixable(job.failure_code, **job.failure_facts)
    return PlatformFault("child.crashed" if job.failure_code == "job.crashed" else job.failure_code)


def _add_findings(job: ConversionJob, findings: Iterable[FindingRecord], *, has_blocks: bool) -> None:
    """Append findings that the job does not have."""
    known = list(job.findings.all())
    told, position = {_told(finding) for finding in known}, max((one.position for one in known), default=-1)
    new = [finding for finding in findings if _told(finding) not in told]
    for number, finding in enumerate(new, start=position + 1):
        finding.job, finding.position = job, number
        if not has_blocks:
            finding.blocks = ()
    FindingRecord.objects.bulk_create(new)


def _told(finding: FindingRecord) -> tuple[object, ...]:
    return finding.code, finding.chapter, finding.quote, tuple(sorted(finding.facts.items())), finding.area
