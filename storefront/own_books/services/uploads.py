"""Takes in a file that somebody brought, and has the reader's book made from it."""

from __future__ import annotations

import uuid
from datetime import datetime
from pathlib import PurePath
from typing import IO

from django.conf import settings
from django.db import transaction

from accounts.models import User
from common import storage
from common.ids import public_id
from common.templatetags.shape import filesize_short
from conversion import services as conversion_services
from conversion.models import ConversionJob
from conversion.options import PERSONAL, ConversionOptions
from publishing.models import Edition, EditionState, Manuscript, Work
from publishing.services import drafts
from storefront.own_books import permissions, rules
from storefront.own_books.errors import AlreadyThere, NoSpaceLeft, NothingToRetry, TooManyBooks
from storefront.own_books.models import OwnBook
from storefront.own_books.selectors import pages
from storefront.own_books.services import gate

_MAX_TITLE = 300


def add(*, actor: User, content: IO[bytes], name: str, at: datetime) -> OwnBook:
    """Take in a file and have it made ready. A book that was removed but for its notes comes back with them.

    Raises AddressUnconfirmed, the errors of `gate.inspect`, AlreadyThere, NoSpaceLeft, TooManyBooks, and
    TooManyOpenJobs of conversion.
    """
    permissions.require_may_add(actor)
    size_bytes = gate.inspect(content, name)
    content.seek(0)
    sha256 = storage.sha256_of(storage.chunks_of(content))
    with transaction.atomic():
        _lock(actor)  # two uploads at once could both be the last that fits
        known = OwnBook.objects.filter(owner=actor, sha256=sha256).select_related("edition__work").first()
        if known is not None and not known.removed_at:
            raise AlreadyThere(title=known.edition.work.title)
        require_space(actor, size_bytes)
        # In a folder of the person's own: nobody's file depends on whether somebody else has the same.
        stored = storage.store_private(f"own-books/{actor.public_id}", content, "book.epub")
        try:
            job = _convert(actor, file=stored.file, name=name, sha256=sha256, size_bytes=size_bytes, at=at)
            if known is not None:
                return _bring_back(known, stored.file, job, at)
            return _new_book(actor, stored, storage.display_name(name) or "book.epub", job, at)
        except Exception:
            storage.private().delete(stored.file)  # no row names it, and the person is locked
            raise


@transaction.atomic
def retry(*, actor: User, work_id: str, at: datetime) -> OwnBook:
    """Make a book ready whose file could not be. Raises NotFound, NothingToRetry, TooManyOpenJobs."""
    _lock(actor)
    book = permissions.require_own(actor, work_id)
    if not book.has_failed:
        raise NothingToRetry
    edition, before = book.edition, book.edition.job_id
    file = edition.manuscript.file
    edition.job = _convert(actor, file=file, name=book.name, sha256=book.sha256, size_bytes=book.size_bytes, at=at)
    edition.save(update_fields=["job"])
    drafts.forget_jobs(ConversionJob.objects.filter(pk=before))
    return book


def require_space(actor: User, size_bytes: int) -> None:
    """Require that a file of this size fits beside the person's others. Raises NoSpaceLeft, TooManyBooks."""
    if pages.used_bytes(actor) + size_bytes > settings.MAX_OWN_BOOKS_BYTES:
        raise NoSpaceLeft(limit=filesize_short(settings.MAX_OWN_BOOKS_BYTES))
    count = OwnBook.objects.filter(owner=actor).count()
    if count >= rules.MAX_BOOKS:
        raise TooManyBooks(count=count)


def _lock(actor: User) -> None:
    User.objects.select_for_update().get(pk=actor.pk)


def _convert(actor: User, *, file: str, name: str, sha256: str, size_bytes: int, at: datetime) -> ConversionJob:
    return conversion_services.request_conversion(
        actor=actor,
        source_file=file,
        source_name=storage.display_name(name) or "book.epub",
        source_sha256=sha256,
        source_bytes=size_bytes,
        options=ConversionOptions(formats=PERSONAL, targets=(), repair=True),
        is_quiet=True,
        at=at,
    )


def _new_book(actor: User, stored: storage.Stored, name: str, job: ConversionJob, at: datetime) -> OwnBook:
    """Create the rows. The slug says nothing of the title: it must not take the address of a book of the shop."""
    title = PurePath(name).stem.replace("_", " ")[:_MAX_TITLE]
    slug = public_id("own").replace("_", "-")
    work = Work.with_personal.create(owner=actor, slug=slug, title=title, created_at=at, is_personal=True)
    manuscript = Manuscript.objects.create(
        work=work,
        file=stored.file,
        name=name,
        sha256=stored.sha256,
        size_bytes=stored.size_bytes,
        uploaded_by=actor,
        uploaded_at=at,
    )
    edition = Edition.with_personal.create(
        work=work,
        number=1,
        manuscript=manuscript,
        job=job,
        state=EditionState.PERSONAL,
        identifier=f"urn:uuid:{uuid.uuid4()}",
        created_at=at,
    )
    return OwnBook.objects.create(
        owner=actor,
        edition=edition,
        name=name,
        sha256=stored.sha256,
        size_bytes=stored.size_bytes,
        uploaded_at=at,
    )


def _bring_back(book: OwnBook, file: str, job: ConversionJob, at: datetime) -> OwnBook:
    """Give a removed book its file again; its notes are where they were."""
    edition, before = book.edition, book.edition.job_id
    Manuscript.objects.filter(pk=edition.manuscript_id).update(file=file)
    edition.job = job
    edition.save(update_fields=["job"])
    book.removed_at, book.uploaded_at = None, at
    book.save(update_fields=["removed_at", "uploaded_at"])
    drafts.forget_jobs(ConversionJob.objects.filter(pk=before))
    return book
