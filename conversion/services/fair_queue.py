"""The order of jobs: whose job comes next.

Accounts take turns. The next turn belongs to the account that has waited longest: since one of its jobs was last
started or, where that is later, since its own job was due. So 80 jobs of one account delay another's single job by one
of them at most.

A small source or a correction is due at once, a large source later: by its size, and by a few minutes at most. Whatever
is requested later is due later, so nothing waits for ever, however large.

A job that only makes a book again because its text was corrected has a lane ahead of the others: its author waits to
see the correction. After `MAX_CORRECTIONS_IN_A_ROW` of them the turn is another job's, so nothing waits for ever behind
corrections.

The PDFs of a corrected book follow in a job without a lane, which does not keep its author's next correction waiting.

An account has no more running jobs than `CONVERSION_RUNNING_PER_ACCOUNT`, and all accounts together have no more
running jobs with large sources than `CONVERSION_LARGE_RUNNING`: the next person finds a free worker instead of waiting
for the end of a long book.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce, Greatest

from accounts.models import User
from conversion.models import ConversionJob, JobState

_MB = 1024 * 1024
_SMALL_BYTES = _MB
_DELAY_PER_MB = timedelta(seconds=2)
MAX_CORRECTIONS_IN_A_ROW = 3


def due_at(*, actor: User, source_file: str, source_bytes: int, at: datetime) -> datetime:
    """Return when a job requested at `at` is due: later for a large source that was not converted before."""
    if source_bytes <= _SMALL_BYTES or _was_converted(actor, source_file):
        return at
    return at + source_bytes // _MB * _DELAY_PER_MB


def next_job_id(*, is_large: bool | None = None) -> int | None:
    """Return the job that a worker should take now, with a large source, a small one or any (None); None if none may
    start.
    """
    return waiting(is_large=is_large).values_list("pk", flat=True).first()


def waiting(*, is_large: bool | None = None) -> QuerySet[ConversionJob]:
    """Return jobs that may start now, by turn."""
    jobs = _within_limits(ConversionJob.objects.startable())
    if is_large is not None:
        size = Q(source_bytes__gt=settings.CONVERSION_LARGE_BYTES)
        jobs = jobs.filter(size if is_large else ~size)
    turn = Greatest(Coalesce(_last_start(), F("due_at")), F("due_at"))
    lane = F("is_correction").asc() if _is_lane_used_up() else F("is_correction").desc()
    return jobs.annotate(turn=turn).order_by(lane, "turn", "due_at", "pk")


def _is_lane_used_up() -> bool:
    """Return whether the last jobs that were started were all corrections."""
    started = ConversionJob.objects.filter(started_at__isnull=False).order_by("-started_at", "-pk")
    last = list(started.values_list("is_correction", flat=True)[:MAX_CORRECTIONS_IN_A_ROW])
    return len(last) == MAX_CORRECTIONS_IN_A_ROW and all(last)


def _was_converted(actor: User, source_file: str) -> bool:
    """Return whether the account had this source converted before, so that it waits for a change just made."""
    return ConversionJob.objects.filter(requested_by=actor, source_file=source_file, state=JobState.DONE).exists()


def _within_limits(jobs: QuerySet[ConversionJob]) -> QuerySet[ConversionJob]:
    running = ConversionJob.objects.running()
    most = settings.CONVERSION_RUNNING_PER_ACCOUNT
    jobs = jobs.annotate(running=_of_account(running), running_first=_of_account(running.filter(completes=None)))
    jobs = jobs.filter(Q(running__lt=most) | Q(is_correction=True, running_first__lt=most))
    large = settings.CONVERSION_LARGE_BYTES
    if running.filter(source_bytes__gt=large).count() >= settings.CONVERSION_LARGE_RUNNING:
        jobs = jobs.filter(source_bytes__lte=large)
    return jobs


def _of_account(running: QuerySet[ConversionJob]) -> Coalesce:
    """Return how many of these jobs are of the same account."""
    of_account = running.filter(requested_by=OuterRef("requested_by")).order_by().values("requested_by")
    return Coalesce(Subquery(of_account.annotate(count=Count("pk")).values("count")), 0)


def _last_start() -> Subquery:
    """Return a subquery for the last start of one of the account's jobs."""
    started = ConversionJob.objects.filter(requested_by=OuterRef("requested_by"), started_at__isnull=False)
    return Subquery(started.order_by("-started_at").values("started_at")[:1])
