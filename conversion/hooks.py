"""Going up: an app above says which page a job's author is led to. A job knows no works."""

from __future__ import annotations

from collections.abc import Callable

from conversion.models import ConversionJob

type Page = Callable[[ConversionJob], str | None]

_pages: list[Page] = []


def shown_on(page: Page) -> Page:
    """Ask `page(job)` for the path of the page about what the job is made for, None where it knows none."""
    _pages.append(page)
    return page


def page_of(job: ConversionJob) -> str | None:
    """The path of the page that shows the job to its author; None for one that a command made."""
    return next((found for page in _pages if (found := page(job)) is not None), None)
