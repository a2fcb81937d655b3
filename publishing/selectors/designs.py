"""The designs a work's author may choose from, with pages of the work's own text once they are set."""

from __future__ import annotations

from conversion import selectors as conversion_selectors
from conversion.models import ConversionJob, JobState
from publishing.models import Edition, Work


def can_preview_designs(edition: Edition) -> bool:
    """Whether the manuscript has been read without trouble."""
    job = edition.job
    return job.state == JobState.DONE or (not job.is_finished and bool(conversion_selectors.read_details(job)))


def designs_job(work: Work, edition: Edition) -> ConversionJob | None:
    """The job that set, or is setting, the designs for the edition's manuscript; None when there is none, or when it
    failed and may be asked for again."""
    job = work.preview_job
    if job is None or job.source_file != edition.manuscript.file:
        return None
    return None if job.state in {JobState.FAILED, JobState.CANCELED} else job
