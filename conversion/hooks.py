"""Hooks for apps above: which page shows a job to its author, and what to do when one is done. A job knows nothing
about works.
"""

from __future__ import annotations

from collections.abc import Callable

from conversion.models import ConversionJob

type Page = Callable[[ConversionJob], str | None]
type JobHandler = Callable[[int], None]

_pages: list[Page] = []
_finished: list[JobHandler] = []
_completed: list[JobHandler] = []


def register_job_page(page: Page) -> Page:
    """Register `page(job)`, which returns the path of the page that shows what the job was made for, or None."""
    _pages.append(page)
    return page


def page_of(job: ConversionJob) -> str | None:
    """Return the path of the page that shows the job to its author; None for a job that a command made."""
    return next((found for page in _pages if (found := page(job)) is not None), None)


def when_finished(handler: JobHandler) -> JobHandler:
    """Call `handler(job_id)` in the transaction that ends a job with its files. It may only enqueue."""
    _finished.append(handler)
    return handler


def notify_finished(job_id: int) -> None:
    for handler in _finished:
        handler(job_id)


def when_completed(handler: JobHandler) -> JobHandler:
    """Call `handler(job_id)` in the transaction in which a finished job gets its later files, or in which the job that
    should make them fails. It may only enqueue."""
    _completed.append(handler)
    return handler


def notify_completed(job_id: int) -> None:
    for handler in _completed:
        handler(job_id)
