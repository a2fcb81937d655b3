"""Preview of the available designs, applied to the work's own text."""

from __future__ import annotations

from conversion import selectors as conversion_selectors
from conversion.models import ConversionJob, JobState
from publishing.models import Edition, Work


def can_preview_designs(edition: Edition) -> bool:
    """Whether the manuscript has been read successfully."""
    job = edition.job
    return job.state == JobState.DONE or (not job.is_finished and bool(conversion_selectors.read_details(job)))


def designs_job(work: Work, edition: Edition) -> ConversionJob | None:
    """Return the job that renders, or has rendered, the designs for the edition's manuscript.

    None when there is no such job, or when it failed and may be requested again.
    """
    job = work.preview_job
    if job is None or job.source_file != edition.manuscript.file:
        return None
    return None if job.state in {JobState.FAILED, JobState.CANCELED} else job
