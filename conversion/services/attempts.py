"""One attempt at a job: claim it, run the engine's child process, keep the lease alive, and record how it ended."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, timedelta
from pathlib import Path
from threading import Event, Thread
from types import TracebackType

import structlog
from django.conf import settings
from django.db import DatabaseError, connection

from conversion import caches, metrics, sandbox_status, work_folders
from conversion.engine.api import (
    AuthorFixable,
    ConversionRequest,
    ConversionResult,
    PlatformFault,
    Progress,
    Report,
    Stopped,
    runner,
    warm_server,
)
from conversion.errors import ClaimLost
from conversion.models import ConversionJob, JobCorrections
from conversion.services import jobs, results
from conversion.services.jobs import Claim

logger = structlog.stdlib.get_logger(__name__)

# The engine's own limits are stricter; this one stops what gets past them.
_ATTEMPT_SECONDS = 900
_HEARTBEATS_PER_LEASE = 10
# A child process may have died of a temporary problem, so the next attempt starts at once. After other faults it waits.
_CRASHES = frozenset({"child.crashed"})
# Until somebody fixes the installation, every attempt ends in the same way.
_LASTING = frozenset({"platform.no-fonts", "sandbox.unavailable"})


def run_next(*, is_large: bool | None = None, is_stopping: Callable[[], bool] = lambda: False) -> None:
    """Make one attempt at the job whose turn it is, then wake a worker for the next one. Safe to run twice.

    A worker takes large sources only (`is_large`), small ones only, or any.
    `is_stopping` tells whether this worker is shutting down; the job then goes back without counting the attempt.
    Raises AuthorFixable after recording it, so that workers can tell an author's mistake from our fault.
    """
    claim = jobs.claim_next(is_large=is_large)
    if claim is None:
        return
    try:
        _attempt(claim, is_stopping)
    finally:
        jobs.wake_next()


def run_conversion(*, job_id: int, is_stopping: Callable[[], bool] = lambda: False) -> None:
    """Make one attempt at this job, if it is free: for callers that run it in place instead of asking a worker."""
    claim = jobs.claim(job_id)
    if claim is not None:
        _attempt(claim, is_stopping)


def _attempt(claim: Claim, is_stopping: Callable[[], bool]) -> None:
    with work_folders.folder() as folder, _LeaseHeartbeat(claim) as keeper:
        attempt = _Attempt(claim, folder, keeper, is_stopping)
        try:
            attempt.run()
        except ClaimLost:
            logger.info("conversion.claim_lost", job=claim.job_id, token=claim.token)


def run_engine(request: ConversionRequest, report: Report, should_stop: Callable[[], bool]) -> ConversionResult:
    """Run the engine in a child of this worker's preloaded process. Raises ConversionError."""
    with warm_server.lease_server() as launch:
        return runner.run(request, report, should_stop=should_stop, sandbox=sandbox_status.policy(), launch=launch)


class _Attempt:
    """One attempt and what it needs."""

    def __init__(self, claim: Claim, folder: Path, keeper: _LeaseHeartbeat, is_stopping: Callable[[], bool]) -> None:
        self._claim = claim
        self._folder = folder
        self._keeper = keeper
        self._is_stopping = is_stopping
        self._deadline = time.monotonic() + _ATTEMPT_SECONDS
        self._out = folder / "out"
        self._stages = metrics.StageTimer()

    def run(self) -> None:
        """Convert and record the outcome. Raises AuthorFixable and ClaimLost."""
        try:
            result = self._convert()
            self._stages.end()
            results.finish(self._claim, result, self._out)
        except ClaimLost:
            raise
        except Exception as error:
            self._stages.end()
            self._end_failed(error)
        else:
            metrics.ATTEMPTS.labels("done").inc()

    def _convert(self) -> ConversionResult:
        jobs_and_people = ConversionJob.objects.select_related("requested_by", "completes")
        job = jobs_and_people.get(pk=self._claim.job_id)
        with caches.of_account(job.requested_by) as cache:
            request = self._request(job, cache)
            if self._should_stop():
                raise Stopped
            return run_engine(request, self._report, self._should_stop)

    def _request(self, job: ConversionJob, cache: Path | None) -> ConversionRequest:
        """Return the engine's request, with the files copied to where its child process can read them."""
        self._out.mkdir(mode=0o700)
        given = self._folder / "given"
        given.mkdir(mode=0o700)
        source = given / "source"
        results.copy_source(job.source_file, job.source_sha256, source, self._should_stop)
        cover = given / "cover" if job.cover_file else None
        if cover is not None:
            results.copy_source(job.cover_file, "", cover, self._should_stop)
        options = job.options
        corrections = JobCorrections.objects.filter(job=job).first() or JobCorrections()
        return ConversionRequest(
            source=source,
            name=job.source_name,
            out=self._out,
            formats=options.formats,
            targets=options.targets,
            overrides=options.overrides,
            cover=cover,
            cover_choice=options.cover_choice,
            sample_bps=options.sample_bps,
            design=options.design,
            keep_design=options.keep_design,
            embed_fonts=options.embed_fonts,
            repair=options.repair,
            fixes=options.fixes,
            patches=corrections.patches,
            suggestions=corrections.suggestions,
            proposals=corrections.proposals,
            bases=self._copies(corrections.bases, given, "base"),
            descriptions=corrections.descriptions,
            pictures=self._copies(corrections.pictures, given, "picture"),
            matter=options.matter,
            trim=options.trim,
            paper=options.paper,
            cache=cache,
            # Later files are of the same moment, so that the same EPUB has the same bytes.
            modified=(job.completes or job).created_at.astimezone(UTC).isoformat(timespec="seconds"),
        )

    def _copies(self, names: tuple[str, ...], folder: Path, prefix: str) -> tuple[Path, ...]:
        """Copy private files for the engine. It reports patches that need a missing one as in conflict."""
        copies = []
        for number, name in enumerate(names):
            copy = folder / f"{prefix}-{number}"
            try:
                results.copy_source(name, "", copy, self._should_stop)
            except PlatformFault:
                logger.exception("conversion.correction_file_missing", job=self._claim.job_id, file=name)
            else:
                copies.append(copy)
        return tuple(copies)

    def _report(self, progress: Progress) -> None:
        self._stages.enter(progress.stage)
        results.record_progress(self._claim, progress, self._out)

    def _end_failed(self, error: Exception) -> None:
        """Record why the attempt failed. Raises AuthorFixable and ClaimLost."""
        if self._should_stop():
            metrics.ATTEMPTS.labels("stopped").inc()
            self._end_stopped()
        elif isinstance(error, AuthorFixable):
            metrics.ATTEMPTS.labels("refused").inc()
            jobs.fail(self._claim, error.code, error.facts)
            raise error
        else:
            metrics.ATTEMPTS.labels("faulty").inc()
            self._end_faulty(error)

    def _should_stop(self) -> bool:
        return self._keeper.has_lost_claim or self._is_stopping() or self._is_late()

    def _is_late(self) -> bool:
        return time.monotonic() > self._deadline

    def _end_stopped(self) -> None:
        if self._keeper.has_lost_claim:
            raise ClaimLost
        if self._is_stopping():
            jobs.release(self._claim)
        else:
            jobs.fail(self._claim, "job.timed_out", {"minutes": _ATTEMPT_SECONDS // 60})

    def _end_faulty(self, error: Exception) -> None:
        """End an attempt that failed by our fault: log an error, retry, and give up after the last attempt."""
        fault = error if isinstance(error, PlatformFault) else _as_fault(error)
        is_crash = fault.code in _CRASHES
        logger.error("conversion.fault", job=self._claim.job_id, code=fault.code, exc_info=error)
        if not self._claim.is_last_attempt and fault.code not in _LASTING:
            rest = timedelta(0) if is_crash else self._claim.attempt * settings.CONVERSION_LEASE
            jobs.retry(self._claim, rest=rest)
        elif is_crash:
            jobs.fail(self._claim, "job.crashed", {"attempts": self._claim.attempt})
        else:
            jobs.fail(self._claim, fault.code, fault.facts)


def _as_fault(error: Exception) -> PlatformFault:
    return PlatformFault("platform.storage") if isinstance(error, OSError) else PlatformFault()


class _LeaseHeartbeat:
    """The heartbeat of the lease: a thread that extends it while the child works and notices when the claim is lost."""

    def __init__(self, claim: Claim) -> None:
        self._claim = claim
        self._lost = Event()
        self._done = Event()
        self._thread = Thread(target=self._beat, name=f"lease-{claim.job_id}", daemon=True)

    def __enter__(self) -> _LeaseHeartbeat:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._done.set()
        self._thread.join()

    @property
    def has_lost_claim(self) -> bool:
        return self._lost.is_set()

    def _beat(self) -> None:
        every_s = settings.CONVERSION_LEASE.total_seconds() / _HEARTBEATS_PER_LEASE
        try:
            while not self._done.wait(every_s):
                self._beat_once()
        finally:
            connection.close()

    def _beat_once(self) -> None:
        try:
            jobs.heartbeat(self._claim)
        except ClaimLost:
            self._lost.set()
            self._done.set()
        except DatabaseError:
            # A database that is unavailable for a moment does no harm: the lease outlives several missed heartbeats.
            logger.warning("conversion.heartbeat_missed", job=self._claim.job_id)
