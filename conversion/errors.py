"""What can go wrong around a job, apart from the conversion itself (conversion/engine/errors.py)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from common.errors import DomainError
from common.limits import TooManyRequests


class ClaimLost(Exception):
    """The job is canceled, or another worker holds it: whoever sees this stops and writes nothing more."""


class JobFinished(DomainError):
    """A finished job cannot be canceled."""

    code = "conversion.job_finished"
    message = _("This conversion has ended already, so there is nothing to stop. Look at its files instead.")


class ChapterNotFound(DomainError):
    """The preview has no such chapter."""

    code = "conversion.chapter_not_found"
    message = _("There is no such chapter.")
    status = 404


class PageNotFound(DomainError):
    """No picture of such a page was drawn."""

    code = "conversion.page_not_found"
    message = _("There is no picture of such a page.")
    status = 404


class TooManyOpenJobs(TooManyRequests):
    code = "conversion.too_many_open_jobs"
    message = _(
        "{count} conversions of yours are under way or waiting, which is the most at a time. Wait until some have "
        "ended, or stop one on its proof page, then try again."
    )

    def __init__(self, *, count: int) -> None:
        super().__init__(seconds=60, count=count)
