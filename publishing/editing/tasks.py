"""Celery tasks of texts."""

from __future__ import annotations

from celery import shared_task

from common import clock
from publishing.editing.services import builds, own_manuscripts


@shared_task(name="editing.rebuild_due", acks_late=True, soft_time_limit=60, time_limit=90)
def rebuild_due(*, work_id: int) -> None:
    """Make the files of a corrected work again, if they are due."""
    builds.rebuild_due(work_id=work_id, at=clock.now())


@shared_task(name="editing.adopt_base", acks_late=True, soft_time_limit=60, time_limit=90)
def adopt_base(*, job_id: int) -> None:
    """Make what a finished job has read the base of its work's text."""
    builds.adopt_base(job_id=job_id, at=clock.now())


@shared_task(name="editing.write_manuscript", acks_late=True, soft_time_limit=60, time_limit=90)
def write_manuscript(*, work_id: int) -> None:
    """Write the next manuscript of a book that is written here, from its text."""
    own_manuscripts.write_manuscript(work_id=work_id, at=clock.now())


@shared_task(name="editing.retry_stuck", acks_late=True, soft_time_limit=30, time_limit=40)
def retry_stuck() -> None:
    """Enqueue builds that lost their message, and manuscripts that are to be written."""
    builds.retry_stuck()
