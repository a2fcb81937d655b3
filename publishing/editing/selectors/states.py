"""How a text stands towards its files: made, waiting, being made, or not to be made."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from django.db.models import QuerySet

from conversion.models import ConversionJob, JobState
from publishing import selectors as publishing_selectors
from publishing.editing.models import Correction, Decision, Fit, WorkText
from publishing.editing.selectors.texts import text_of
from publishing.models import Edition, Work


class BuildState(StrEnum):
    MADE = "made"
    WAITING = "waiting"  # starts seconds after the last change
    MAKING = "making"
    FAILED = "failed"
    UNREAD = "unread"  # there is no base: the book was made before its text could be corrected
    READING = "reading"  # for the first base
    PICTURES = "pictures"  # pages are pictures: there is no text to correct


@dataclass(frozen=True, slots=True)
class TextState:
    """The text of a work for its pages."""

    text: WorkText | None
    build: BuildState
    corrections: int = 0
    conflicts: int = 0
    suggestions: int = 0

    @property
    def is_readable(self) -> bool:
        return self.text is not None


def text_state(edition: Edition) -> TextState:
    """Return how the text of the edition's work stands."""
    work = edition.work
    text = text_of(work)
    if text is None:
        return TextState(None, _state_of_reading(edition))
    counts = Correction.objects.filter(work=work)
    return TextState(
        text=text,
        build=_state_of_files(edition, text),
        corrections=counts.accepted().count(),
        conflicts=conflicts_of(text).count(),
        suggestions=counts.suggested().count(),
    )


def conflicts_of(text: WorkText) -> QuerySet[Fit]:
    """Select how accepted corrections fail to fit the text's base."""
    found = Fit.objects.filter(
        base=text.base_id, state="conflict", correction__decision=Decision.ACCEPTED
    ).select_related("correction")
    return found.order_by("correction__made_at", "correction_id")


def job_over_text(work: Work) -> ConversionJob | None:
    """Return the newest finished job over the work's manuscript that has a base; None where no job has one."""
    edition = publishing_selectors.newest_of(work)
    text = WorkText.objects.select_related("base_job").filter(work=work).first()
    jobs = [edition.job if edition is not None else None, text.base_job if text is not None else None]
    return next((job for job in jobs if job is not None and job.state == JobState.DONE and job.result.base), None)


def _state_of_files(edition: Edition, text: WorkText) -> BuildState:
    if not edition.job.is_finished:
        return BuildState.MAKING
    if text.due_at is not None:
        return BuildState.WAITING
    if edition.job.state != JobState.DONE:
        return BuildState.FAILED
    return BuildState.MADE


def _state_of_reading(edition: Edition) -> BuildState:
    text = WorkText.objects.select_related("base_job").filter(work=edition.work_id).first()
    base_job = text.base_job if text is not None else None
    if not edition.job.is_finished or (base_job is not None and not base_job.is_finished):
        return BuildState.READING
    if base_job is not None and base_job.state != JobState.DONE:
        return BuildState.FAILED
    if base_job is not None or "base" in edition.job.options.formats:
        has_failed = edition.job.state != JobState.DONE and base_job is None
        return BuildState.FAILED if has_failed else BuildState.PICTURES
    return BuildState.UNREAD
