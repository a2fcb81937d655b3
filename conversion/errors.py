"""Errors around a job, apart from those of the conversion itself (conversion/engine/errors.py)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from common.errors import DomainError
from common.limits import TooManyRequests


class ClaimLost(Exception):
    """The job was cancelled, or another worker holds it: the caller must stop and write nothing more."""


class JobFinished(DomainError):
    """A finished job cannot be cancelled."""

    code = "conversion.job_finished"
    message = _("This conversion has already ended, so there is nothing to stop. Check the result instead.")


class NoFilesMissing(DomainError):
    """Only files that could not be made are made again."""

    code = "conversion.no_files_missing"
    message = _("No file of this book is missing, so there is nothing to make again.")


class ChapterNotFound(DomainError):
    """The preview has no such chapter."""

    code = "conversion.chapter_not_found"
    message = _("This chapter does not exist.")
    status = 404


class PageNotFound(DomainError):
    """The archive has no picture of this page."""

    code = "conversion.page_not_found"
    message = _("There is no picture of this page.")
    status = 404


class TooManyOpenJobs(TooManyRequests):
    code = "conversion.too_many_open_jobs"
    message = _(
        "You already have {count} conversions running or waiting, which is the limit. Wait until some have "
        "finished, or stop one on its proof page, then try again."
    )

    def __init__(self, *, count: int) -> None:
        super().__init__(seconds=60, count=count)
