"""Builds: a corrected book is made again seconds after the last change, and what it was read as becomes its base.

One build of a work runs at a time. What changes meanwhile is in the next one, which the end of the first starts.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from accounts.models import User
from common import clock, jobs, storage
from conversion import services as conversion_services
from conversion.engine.api import ArtifactKind, patches
from conversion.errors import TooManyOpenJobs
from conversion.models import Artifact, ConversionJob, JobCorrections, JobState
from conversion.models import Fit as EngineFit
from conversion.options import ConversionOptions, Corrections
from publishing import hooks, permissions
from publishing import selectors as publishing_selectors
from publishing import services as publishing_services
from publishing.editing.models import Base, Correction, Fit, FixProposals, WorkText
from publishing.editing.selectors.fixes import has_proposals
from publishing.editing.selectors.states import job_over_text
from publishing.editing.selectors.texts import anchored
from publishing.editing.services import own_manuscripts
from publishing.editing.services.texts import BUILD_DELAY
from publishing.models import Edition, Work
from publishing.services.editions import lock_work

# ---------------------------------------------------------------- making the files


@transaction.atomic
def rebuild_due(*, work_id: int, at: datetime) -> Edition | None:
    """Make the work's files again if its text changed long enough ago and none are being made. Safe to run twice."""
    work = Work.objects.select_for_update().select_related("owner").filter(pk=work_id).first()
    text = WorkText.objects.select_for_update(of=("self",)).filter(work=work).first() if work is not None else None
    if work is None or text is None or text.due_at is None or text.due_at > clock.real_now():
        return None
    newest = publishing_selectors.newest_of(work)
    if newest is None or not newest.job.is_finished:
        return None  # adopt_base comes back when the job has ended
    newest.work = work
    edition = None
    text.due_at = None
    if work.owner.is_active and publishing_selectors.are_files_stale(newest):
        try:
            edition = publishing_services.prepare_edition(
                actor=work.owner, manuscript=newest.manuscript, at=at, is_correction=True
            )
        except TooManyOpenJobs:
            text.due_at = clock.real_now() + BUILD_DELAY
    text.save(update_fields=["due_at"])
    return edition


@transaction.atomic
def request_base(*, actor: User, work: Work, at: datetime) -> WorkText:
    """Read the manuscript for its base alone, and for what fixes would correct: for books that were made before their
    text could be corrected."""
    work = lock_work(work)
    permissions.require_edit_text(actor, work)
    text, _created = WorkText.objects.get_or_create(work=work)
    newest = publishing_selectors.newest_of(work)
    is_read = text.base_id is not None and has_proposals(text)
    if newest is not None and not is_read:
        _read(text, newest, actor=actor, corrections=hooks.corrections_of(newest.manuscript), at=at)
    return text


@transaction.atomic
def renew_base(*, work: Work, at: datetime) -> None:
    """Have the manuscript read again for a text whose base this version cannot read. Its corrections are placed anew;
    those of a base in another form become conflicts, with what they say. Safe to run twice.
    """
    work = lock_work(work)
    text = WorkText.objects.select_for_update(of=("self",)).filter(work=work).first()
    newest = publishing_selectors.newest_of(work)
    if text is None or text.base_id is None or newest is None:
        return
    corrections = hooks.corrections_of(newest.manuscript)
    text.base = None
    text.save(update_fields=["base"])
    _read(text, newest, actor=work.owner, corrections=corrections, at=at)


def _read(text: WorkText, newest: Edition, *, actor: User, corrections: Corrections, at: datetime) -> None:
    """Ask for a conversion of nothing but the base, unless one runs."""
    if text.base_job is not None and not text.base_job.is_finished:
        return
    manuscript = newest.manuscript
    text.base_job = conversion_services.request_conversion(
        actor=actor,
        source_file=manuscript.file,
        source_name=manuscript.name,
        source_sha256=manuscript.sha256,
        source_bytes=manuscript.size_bytes,
        options=ConversionOptions(
            formats=("base",), targets=(), fixes=newest.job.options.fixes, repair=newest.job.options.repair
        ),
        corrections=corrections,
        is_correction=True,
        at=at,
    )
    text.save(update_fields=["base_job"])


def retry_stuck() -> int:
    """Enqueue builds and adoptions that lost their message. Return how many."""
    due = WorkText.objects.filter(due_at__lt=clock.real_now()).values_list("work_id", flat=True)
    for work_id in due:
        jobs.enqueue("editing.rebuild_due", work_id=work_id)
    for work_id in own_manuscripts.works_to_write(at=clock.real_now()):
        jobs.enqueue("editing.write_manuscript", work_id=work_id)
    return len(due)


# ---------------------------------------------------------------- adopting what was read


def enqueue_adoption(job_id: int) -> None:
    """Have the base of a finished job adopted."""
    jobs.enqueue("editing.adopt_base", job_id=job_id)


@transaction.atomic
def adopt_base(*, job_id: int, at: datetime) -> Base | None:
    """Make what a finished job has read the base of its work's text, and note how each correction fits it.

    A text that was changed while a new version was read keeps its base until the next build has placed these changes,
    too: otherwise they would be gone from the editor until then. Safe to run twice.
    """
    job = ConversionJob.objects.filter(pk=job_id, state=JobState.DONE).first()
    work = _work_of(job) if job is not None else None
    file = _base_file(job) if job is not None and work is not None else ""
    if job is None or work is None or not file:
        return None
    WorkText.objects.get_or_create(work=work)
    text = WorkText.objects.select_for_update(of=("self",)).select_related("base", "next_manuscript").get(work=work)
    base = _stored_base(work, job, file, at)
    _note_fits(work, job, base, at)
    _take_proposals(job, base)
    if text.next_manuscript is not None and job.source_file == text.next_manuscript.file:
        return base if own_manuscripts.take_manuscript(text, base, at=at) else None
    _go_on(text, job)
    if text.base is not None and text.base != base and _has_unplaced(work, base):
        text.save(update_fields=["due_at"])
        return None
    if text.base != base:
        text.base = base
        text.revision += 1
        text.base_revision = text.revision
    text.save(update_fields=["base", "revision", "base_revision", "due_at"])
    return base


def adopt_newest(work: Work, *, at: datetime) -> None:
    """Adopt the work's newest finished job, unless that was done: a worker's message may have been lost."""
    job = job_over_text(work)
    if job is not None and not Base.objects.filter(work=work, identity=job.result.base).exists():
        adopt_base(job_id=job.pk, at=at)


def _work_of(job: ConversionJob) -> Work | None:
    """Return the work whose text the job has read: the job is its newest edition's, or was asked for its base alone.

    An edition's job that has read the manuscript before the present one tells nothing of the text any more.
    """
    edition = Edition.objects.select_related("work", "manuscript").filter(job=job).first()
    if edition is not None:
        newest = publishing_selectors.newest_of(edition.work)
        is_current = newest is not None and newest.pk == edition.pk and edition.manuscript.file == job.source_file
        return edition.work if is_current else None
    text = WorkText.objects.select_related("work").filter(base_job=job).first()
    return text.work if text is not None else None


def _base_file(job: ConversionJob) -> str:
    artifact = Artifact.objects.filter(job=job, kind=ArtifactKind.BASE).first()
    return artifact.file if artifact is not None and job.result.base else ""


def _stored_base(work: Work, job: ConversionJob, file: str, at: datetime) -> Base:
    """Return the row of a base. The child that named it had read a manuscript, so the name is checked."""
    known = Base.objects.filter(work=work, identity=job.result.base).first()
    if known is not None:
        return known
    with storage.private().open(file) as content:
        read = patches.Base.from_bytes(content.read())
    if read is None or read.identity != job.result.base:
        raise ValueError("not the base that the conversion named")
    return Base.objects.create(
        work=work,
        manuscript=work.manuscripts.filter(file=job.source_file).first(),
        job=job,
        identity=read.identity,
        file=file,
        engine_version=job.result.engine_version,
        fixes=list(job.options.fixes),
        created_at=at,
    )


def _note_fits(work: Work, job: ConversionJob, base: Base, at: datetime) -> None:
    """Store how the corrections that the job was given fit the base."""
    given = JobCorrections.objects.filter(job=job).first()
    if given is None or not given.fits:
        return
    corrections = _by_identity(work)
    found = [(corrections[fit.patch], fit) for fit in given.fits if fit.patch in corrections]
    Fit.objects.bulk_create(
        [_stored_fit(correction, fit, base, at) for correction, fit in dict(found).items()],
        update_conflicts=True,
        unique_fields=["correction", "base"],
        update_fields=["state", "fit", "placed", "found_at"],
    )


def _take_proposals(job: ConversionJob, base: Base) -> None:
    """Store what the job found that fixes would correct, with the base instead of the job, which may go earlier."""
    found = JobCorrections.objects.filter(job=job).exclude(proposals=[]).first()
    if found is None or FixProposals.objects.filter(base=base).exists():
        return
    of_base = tuple(patch for patch in found.proposed if patch.base == base.identity)
    FixProposals.objects.create(base=base, patches=of_base)
    JobCorrections.objects.filter(job=job).update(proposed=())


def _by_identity(work: Work) -> dict[str, Correction]:
    """Return corrections by the identities of their patches: as they were made, and as they count in any base."""
    corrections = {one.pk: one for one in Correction.objects.filter(work=work)}
    placed = Fit.objects.filter(correction__work=work).exclude(placed="").values_list("placed", "correction_id")
    return {one.identity: one for one in corrections.values()} | {
        identity: corrections[pk] for identity, pk in placed if pk in corrections
    }


def _stored_fit(correction: Correction, fit: EngineFit, base: Base, at: datetime) -> Fit:
    row = Fit(correction=correction, base=base, state=str(fit.state), fit=fit, found_at=at)
    there = anchored(correction.patch, base, row)
    row.placed = there.identity if there is not None else ""
    return row


def _has_unplaced(work: Work, base: Base) -> bool:
    """Whether there are corrections that the conversion over this base did not know. The next one will."""
    return Correction.objects.filter(work=work).accepted().exclude(fits__base=base).exists()


def _go_on(text: WorkText, job: ConversionJob) -> None:
    """Have the files made again if the text changed while the job ran."""
    is_edition = Edition.objects.filter(job=job).exists()
    if is_edition and job.options.corrections != text.digest and text.due_at is None:
        text.due_at = clock.real_now()
    if text.due_at is not None:
        jobs.enqueue("editing.rebuild_due", work_id=text.work_id)
