"""Puts a book on its owner's shelf once the reader's files are made: title and authors, the file itself, its digests.

The job does not know what it was for. A message wakes this when it ends, and the schedule when the message was lost.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from common import jobs
from conversion.engine.api import ArtifactKind
from conversion.models import Artifact, ConversionJob, JobState
from publishing.models import Contributor, ContributorRole, Work
from storefront.library.services import file_digests
from storefront.own_books import rules
from storefront.own_books.models import OwnBook

_EPUB_TYPE = "application/epub+zip"
_MAX_TITLE, _MAX_LANGUAGE, _MAX_NAME, _MAX_AUTHORS = 300, 35, 200, 10


def enqueue(job_id: int) -> None:
    """Have a book finished whose job has ended well."""
    if OwnBook.objects.filter(edition__job=job_id).exists():
        jobs.enqueue("own_books.finish")


def finish_all(*, at: datetime) -> None:
    """Finish all books whose files are made. Safe to run twice, and at once."""
    waiting = OwnBook.objects.filter(ready_at=None, removed_at=None, edition__job__state=JobState.DONE)
    for pk in waiting.order_by("pk").values_list("pk", flat=True)[: rules.FINISHED_AT_ONCE]:
        _finish(pk, at)


@transaction.atomic
def _finish(pk: int, at: datetime) -> None:
    rows = OwnBook.objects.select_for_update(of=("self",)).filter(pk=pk, ready_at=None, removed_at=None)
    book = rows.select_related("edition__work", "edition__job", "edition__manuscript").first()
    if book is None or book.edition.job.state != JobState.DONE:
        return
    job = book.edition.job
    _adopt(book.edition.work, job)
    artifact, _is_new = Artifact.objects.get_or_create(
        job=job,
        kind=ArtifactKind.EPUB,
        target="",
        defaults={
            "file": book.edition.manuscript.file,
            "media_type": _EPUB_TYPE,
            "sha256": book.sha256,
            "size_bytes": book.size_bytes,
        },
    )
    file_digests.note_handed_out(artifact=artifact, names=(book.name,))
    book.has_cover = job.artifacts.filter(kind=ArtifactKind.OWN_COVER).exists()
    book.ready_at = at
    book.save(update_fields=["has_cover", "ready_at"])


def _adopt(work: Work, job: ConversionJob) -> None:
    """Take title, language and authors from the file."""
    found = job.result
    work.title = " ".join(found.title.split())[:_MAX_TITLE] or work.title
    work.subtitle = " ".join(found.subtitle.split())[:_MAX_TITLE]
    work.language = found.language[:_MAX_LANGUAGE]
    work.save(update_fields=["title", "subtitle", "language"])
    Contributor.objects.filter(work=work).delete()
    people = [person for person in found.contributors if person.name and person.role in ContributorRole.values]
    Contributor.objects.bulk_create(
        Contributor(work=work, name=person.name[:_MAX_NAME], role=person.role, position=position)
        for position, person in enumerate(people[:_MAX_AUTHORS])
    )
