"""Editions whose PDFs are made after everything else."""

from __future__ import annotations

from dataclasses import replace

from common import clock
from conversion.models import Artifact, ConversionJob, JobState
from conversion.services import later_files
from publishing.models import Edition
from tests.factories.conversion import make_artifact

PDFS = ("phone", "ereader", "tablet", "print")


def wait_for_pdfs(edition: Edition, *, state: JobState = JobState.QUEUED) -> ConversionJob:
    """Take the edition's PDFs away, as if a correction had made it. Return the job that makes them."""
    job = edition.job
    job.artifacts.filter(kind="pdf").delete()
    job.options = replace(job.options.divided(), targets=PDFS)
    job.save()
    follower = later_files.request(job)
    end(follower, state)
    return follower


def end(follower: ConversionJob, state: JobState) -> None:
    """Let the job have come to this state, without its files."""
    values = {"finished_at": clock.now()} if state in {JobState.DONE, JobState.FAILED, JobState.CANCELED} else {}
    ConversionJob.objects.filter(pk=follower.pk).update(state=state, **values)
    if state == JobState.FAILED:
        later_files.note_failure(follower.pk)


def bring_pdfs(follower: ConversionJob, *, targets: tuple[str, ...] = PDFS) -> None:
    """Let the job have made the PDFs."""
    end(follower, JobState.DONE)
    follower.refresh_from_db()
    made = [make_artifact(follower, kind="pdf", target=target) for target in targets]
    sheet = make_artifact(follower, kind="print-cover", target="print")
    Artifact.objects.filter(job=follower).delete()
    for artifact in (*made, sheet):
        artifact.pk = None
        artifact._state.adding = True
    later_files.deliver(follower, [*made, sheet], [])
