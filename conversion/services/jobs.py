"""The life cycle of a job row: requested, claimed, kept alive, ended, or requeued after a crash.

A worker owns a job by a lease with a fencing token. Every write checks the token, so that a worker that lost the job
(because it stalled, or a message was delivered twice) writes nothing. Leases are only compared with the database's
clock.

A message names no job. It wakes a worker, which takes the job whose turn it is.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast

import structlog
from django.conf import settings
from django.db import models, transaction
from django.db.models import F, Q
from django.db.models.functions import Now

from accounts.models import User
from common import clock, jobs
from conversion.errors import ClaimLost, JobFinished, TooManyOpenJobs
from conversion.models import ConversionJob, JobCorrections, JobState
from conversion.options import ConversionOptions, Corrections
from conversion.services import fair_queue, later_files, waking

logger = structlog.stdlib.get_logger(__name__)

# How long a message may be in the broker before `sweep` assumes that it was lost.
_MESSAGE_LOST_AFTER = timedelta(seconds=30)
_NO_CORRECTIONS = Corrections()


@dataclass(frozen=True, slots=True)
class Claim:
    """The right to work on a job until the lease runs out."""

    job_id: int
    token: int
    attempt: int
    source_bytes: int

    @property
    def is_last_attempt(self) -> bool:
        return self.attempt >= settings.CONVERSION_ATTEMPTS


@transaction.atomic
def request_conversion(
    *,
    actor: User,
    source_file: str,
    source_name: str,
    source_sha256: str,
    source_bytes: int = 0,
    cover_file: str = "",
    cover_name: str = "",
    options: ConversionOptions,
    corrections: Corrections = _NO_CORRECTIONS,
    is_correction: bool = False,
    is_quiet: bool = False,
    at: datetime,
) -> ConversionJob:
    """Queue one run over a file in private storage; workers are woken after commit. Raises TooManyOpenJobs.

    `is_correction` says that the book is only made again because of its corrections: such jobs have a lane of their
    own, and their PDFs follow in another job. Nobody is mailed if a job that `is_quiet` fails.
    """
    count = ConversionJob.objects.unfinished().filter(requested_by=actor, completes=None).count()
    if count >= settings.MAX_OPEN_JOBS:
        raise TooManyOpenJobs(count=count)
    job = ConversionJob.objects.create(
        requested_by=actor,
        source_file=source_file,
        source_name=source_name,
        source_sha256=source_sha256,
        source_bytes=source_bytes,
        cover_file=cover_file,
        cover_name=cover_name,
        options=options.divided() if is_correction else options,
        created_at=at,
        due_at=fair_queue.due_at(actor=actor, source_file=source_file, source_bytes=source_bytes, at=at),
        is_correction=is_correction,
        is_quiet=is_quiet,
        enqueued_at=clock.real_now(),
    )
    if corrections:
        JobCorrections.objects.create(
            job=job,
            patches=corrections.patches,
            suggestions=corrections.suggestions,
            bases=corrections.bases,
            pictures=corrections.pictures,
            proposals=corrections.proposals,
            descriptions=corrections.descriptions,
        )
    waking.wake(source_bytes)
    return job


def claim_next(*, is_large: bool | None = None) -> Claim | None:
    """Claim the job whose turn it is, with a large source, a small one or any (None); None when none may start now.

    If another worker claims that job first, the next one is selected again, because turns may have changed.
    """
    while (job_id := fair_queue.next_job_id(is_large=is_large)) is not None:
        claimed = claim(job_id)
        if claimed is not None:
            return claimed
    return None


def wake_next() -> None:
    """Wake workers for the jobs that may start now. Those that had to wait for another's end used up their message."""
    turns = [job_id for is_large in (False, True) if (job_id := fair_queue.next_job_id(is_large=is_large)) is not None]
    waking.wake(*ConversionJob.objects.filter(pk__in=turns).values_list("source_bytes", flat=True))


@transaction.atomic
def claim(job_id: int) -> Claim | None:
    """Claim the job for one attempt; None when it has ended, is delayed, or another worker holds it.

    One conditional update decides: of two deliveries one wins, and the other leaves without counting as an attempt.
    """
    won = (
        ConversionJob.objects.startable()
        .filter(pk=job_id)
        .update(
            state=JobState.RUNNING,
            attempt=F("attempt") + 1,
            fencing_token=F("fencing_token") + 1,
            lease_until=_from_now(settings.CONVERSION_LEASE),
            started_at=clock.now(),
            stage="",
            progress=(),
        )
    )
    if not won:
        return None
    columns = ("fencing_token", "attempt", "source_bytes")
    token, attempt, source_bytes = ConversionJob.objects.values_list(*columns).get(pk=job_id)
    logger.info("conversion.claimed", job=job_id, attempt=attempt, token=token)
    return Claim(job_id=job_id, token=token, attempt=attempt, source_bytes=source_bytes)


def heartbeat(claim: Claim) -> None:
    """Extend the job's lease. Raises ClaimLost."""
    write(claim, lease_until=_from_now(settings.CONVERSION_LEASE))


def release(claim: Claim) -> None:
    """Return the job to the queue because this worker shuts down; the attempt does not count. Raises ClaimLost."""
    with transaction.atomic():
        write(claim, state=JobState.QUEUED, lease_until=None, attempt=F("attempt") - 1, enqueued_at=Now())
        waking.wake(claim.source_bytes)
    logger.info("conversion.released", job=claim.job_id)


def retry(claim: Claim, *, rest: timedelta) -> None:
    """Queue the next attempt after a delay. Raises ClaimLost.

    Without a delay a worker is woken at once, otherwise by `sweep`.
    """
    with transaction.atomic():
        if rest:
            write(claim, state=JobState.QUEUED, lease_until=_from_now(rest))
        else:
            write(claim, state=JobState.QUEUED, lease_until=None, enqueued_at=Now())
            waking.wake(claim.source_bytes)


@transaction.atomic
def fail(claim: Claim, code: str, facts: dict[str, str | int]) -> None:
    """End the job without files; `code` and `facts` give the sentence its author reads. Raises ClaimLost."""
    write(
        claim,
        state=JobState.FAILED,
        failure_code=code,
        failure_facts=facts,
        lease_until=None,
        finished_at=clock.now(),
    )
    later_files.note_failure(claim.job_id)
    logger.info("conversion.failed", job=claim.job_id, code=code)


@transaction.atomic
def cancel_conversion(*, actor: User, job: ConversionJob) -> ConversionJob:
    """Cancel the job. A worker that runs it notices at its next heartbeat. Raises JobFinished."""
    canceled = (
        ConversionJob.objects.unfinished()
        .filter(pk=job.pk)
        .update(state=JobState.CANCELED, lease_until=None, finished_at=clock.now())
    )
    if not canceled:
        raise JobFinished
    logger.info("conversion.canceled", job=job.pk, actor=actor.public_id)
    job.refresh_from_db()
    return job


def retry_stuck() -> int:
    """Fail jobs that crashed too often, and requeue those that lost their message or worker.

    Return how many were requeued. It also has authors told of failures. Safe to run twice and concurrently: a duplicate
    message finds the job claimed, or its email sent.
    """
    _fail_exhausted()
    _mail_failures()
    return _enqueue_forgotten()


def write(claim: Claim, **values: object) -> None:
    """Update the row while the claim still holds it. Raises ClaimLost."""
    if not ConversionJob.objects.held(claim.job_id, claim.token).update(**values):
        raise ClaimLost


@transaction.atomic
def _fail_exhausted() -> None:
    exhausted = ConversionJob.objects.claimable().filter(attempt__gte=settings.CONVERSION_ATTEMPTS)
    failed = list(exhausted.select_for_update().values_list("pk", flat=True))
    ConversionJob.objects.filter(pk__in=failed).update(
        state=JobState.FAILED,
        failure_code="job.crashed",
        failure_facts={"attempts": settings.CONVERSION_ATTEMPTS},
        lease_until=None,
        finished_at=clock.now(),
    )
    for job_id in failed:
        later_files.note_failure(job_id)
    if failed:
        logger.error("conversion.crashed_for_good", count=len(failed))


def _mail_failures() -> None:
    unmailed = ConversionJob.objects.filter(state=JobState.FAILED, failure_mailed_at=None, is_quiet=False)
    for job_id in unmailed.values_list("pk", flat=True):
        jobs.enqueue("conversion.mail_failure", job_id=job_id)


@transaction.atomic
def _enqueue_forgotten() -> int:
    sent_before_lease = Q(enqueued_at__lt=F("lease_until"))  # the message was used up
    lost = Q(enqueued_at=None) | Q(enqueued_at__lt=_from_now(-_MESSAGE_LOST_AFTER)) | sent_before_lease
    sizes = dict(ConversionJob.objects.claimable().filter(lost).values_list("pk", "source_bytes"))
    ConversionJob.objects.filter(pk__in=sizes).update(enqueued_at=Now())
    waking.wake(*sizes.values())
    return len(sizes)


def _from_now(span: timedelta) -> models.ExpressionWrapper[models.Expression]:
    """Return a moment by the database's clock."""
    # django-stubs does not know that an expression and a timedelta can be added.
    return models.ExpressionWrapper(cast("models.F", Now()) + span, output_field=models.DateTimeField())
