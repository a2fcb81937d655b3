"""Removes an own book: with its notes, or but for them."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime
from functools import partial

from django.db import transaction

from accounts.models import User
from conversion import services as conversion_services
from conversion.errors import JobFinished
from conversion.models import Artifact, ConversionJob, FindingRecord, JobResult
from publishing.models import Edition, Manuscript
from publishing.services import drafts
from storefront.own_books import permissions
from storefront.own_books.models import OwnBook
from storefront.own_books.selectors import pages
from storefront.reading.models import Note, TypoReport


@transaction.atomic
def remove(*, actor: User, work_id: str, keeps_notes: bool, at: datetime) -> None:
    """Remove a book and its files. If there are notes and they are to stay, the book's title stays with them.

    Raises NotFound.
    """
    User.objects.select_for_update().get(pk=actor.pk)
    book = permissions.require_own(actor, work_id)
    if keeps_notes and pages.note_count(book):
        _drop_files(book, at)
    else:
        delete(book)


def delete(book: OwnBook) -> None:
    """Delete a book with everything in it, and its files once the transaction is committed."""
    edition = Edition.with_personal.select_related("work").get(pk=book.edition_id)
    work, job = edition.work, edition.job_id
    Note.objects.filter(work=work).delete()
    TypoReport.objects.filter(work=work).delete()
    edition.delete()  # and with it the row of the own book
    Manuscript.objects.filter(work=work).delete()
    work.delete()
    drafts.forget_jobs(ConversionJob.objects.filter(pk=job))


def _drop_files(book: OwnBook, at: datetime) -> None:
    """Delete the files and all that was read from them."""
    edition = book.edition
    with suppress(JobFinished):
        conversion_services.cancel_conversion(actor=book.owner, job=edition.job)
    names = {edition.manuscript.file, *Artifact.objects.filter(job=edition.job).values_list("file", flat=True)}
    Artifact.objects.filter(job=edition.job).delete()
    FindingRecord.objects.filter(job=edition.job).delete()
    ConversionJob.objects.filter(pk=edition.job_id).update(source_file="", result=JobResult())
    Manuscript.objects.filter(pk=edition.manuscript_id).update(file="")
    book.ready_at, book.removed_at, book.has_cover = None, book.removed_at or at, False
    book.save(update_fields=["ready_at", "removed_at", "has_cover"])
    transaction.on_commit(partial(drafts.delete_unused_files, names - {""}))
