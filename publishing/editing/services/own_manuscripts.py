"""The next version of a manuscript that is written here: what the last build made of it, corrections included.

It is written when an edition goes on sale, or when many corrections lie over the text and nobody writes, so that a book
which is written here does not carry thousands of patches. A new chapter needs it at once.
"""

from __future__ import annotations

import io
import logging
from dataclasses import replace
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Count, Exists, OuterRef, Q

from accounts.models import User
from common import jobs, storage
from common.errors import DomainError
from conversion import services as conversion_services
from conversion.engine.api import OWN_SUFFIX, ArtifactKind, with_chapter
from conversion.models import ConversionJob, JobState
from conversion.options import ConversionOptions
from publishing import hooks, permissions
from publishing import selectors as publishing_selectors
from publishing import services as publishing_services
from publishing.editing.errors import CorrectionsOpen, NotWrittenHere, TextBeingMade
from publishing.editing.models import Base, Correction, Decision, WorkText
from publishing.editing.selectors.states import conflicts_of
from publishing.editing.services import texts
from publishing.models import Edition, Manuscript, Work
from publishing.services import manuscripts
from publishing.services.editions import lock_work

MAX_CORRECTIONS = 200  # so many lie over a text at most, for long
QUIET = timedelta(minutes=30)  # an open editor counts in the base before, and has to be loaded anew

logger = logging.getLogger(__name__)


@transaction.atomic
def next_manuscript(*, actor: User, work: Work, at: datetime, chapter: str = "") -> Edition:
    """Make the text of the last build, with its corrections, the manuscript, and have it read.

    The corrections in it are closed as merged, not found adopted one by one. With `chapter`, the title of an empty
    chapter is added to the end of the body. Until the new manuscript has been read, the text is not edited.

    Raises NotAllowed, NoText, NotWrittenHere, TextBeingMade, CorrectionsOpen, and the errors of `store_manuscript`.
    """
    work = lock_work(work)
    permissions.require_edit(actor, work)
    edition = publishing_selectors.newest_of(work)
    if edition is None:
        raise NotWrittenHere
    edition.work = work
    text = texts.lock_text(work)
    content = _made(edition, text)
    _require_decided(text)
    if chapter:
        content = with_chapter(content, chapter)
    name = edition.manuscript.name
    manuscript = manuscripts.store_manuscript(actor=actor, work=work, content=io.BytesIO(content), name=name, at=at)
    _merge(text, actor=actor, at=at)
    return publishing_services.prepare_edition(actor=actor, manuscript=manuscript, at=at, is_correction=True)


# ---------------------------------------------------------------- without anybody's asking


def enqueue_writing(edition: Edition) -> None:
    """Have the next manuscript written when an edition goes on sale."""
    jobs.enqueue("editing.write_manuscript", work_id=edition.work_id)


def works_to_write(*, at: datetime) -> list[int]:
    """Return works that are written here with so many corrections that the next manuscript is due, while nobody
    writes."""
    texts_of = WorkText.objects.filter(due_at=None, next_manuscript=None, changed_at__lt=at - QUIET)
    written_here = Edition.objects.filter(work=OuterRef("work"), manuscript__name__endswith=OWN_SUFFIX)
    many = texts_of.filter(Exists(written_here)).annotate(
        accepted=Count("work__corrections", filter=Q(work__corrections__decision=Decision.ACCEPTED))
    )
    return list(many.filter(accepted__gte=MAX_CORRECTIONS).values_list("work_id", flat=True))


@transaction.atomic
def write_manuscript(*, work_id: int, at: datetime) -> Manuscript | None:
    """Write the text of the last build, with its corrections, as the next manuscript of a book that is written here.

    It is read for its base first. Until then, and if somebody changes the text meanwhile, everything stays as it is.
    Files are not made again: they have this text. Return None where there is nothing to write, or not yet. Safe to run
    twice.
    """
    work = Work.objects.select_for_update().select_related("owner").filter(pk=work_id).first()
    edition = publishing_selectors.newest_of(work) if work is not None else None
    if work is None or edition is None or not work.owner.is_active:
        return None
    try:
        text = texts.lock_text(work)
        if text.base_job is not None and not text.base_job.is_finished:
            return None
        if not Correction.objects.filter(work=work).accepted().exists():
            return None
        content = _made(edition, text)
        _require_decided(text)
        manuscript = manuscripts.store_manuscript(
            actor=work.owner, work=work, content=io.BytesIO(content), name=edition.manuscript.name, at=at
        )
        text.base_job = _request_base(edition, manuscript, at)
    except DomainError as error:  # it waits for a decision, a build or a quota; the sweep comes back
        logger.info("editing.manuscript_waits work=%s code=%s", work_id, error.code)
        return None
    manuscript.written_by = edition.job
    manuscript.save(update_fields=["written_by"])
    text.next_manuscript, text.next_revision = manuscript, text.revision
    text.save(update_fields=["base_job", "next_manuscript", "next_revision"])
    return manuscript


def take_manuscript(text: WorkText, base: Base, *, at: datetime) -> bool:
    """Make the manuscript that was written from a locked text the one that the text counts in. Return whether it still
    is the text's; if not, it is written anew later."""
    manuscript, text.next_manuscript = text.next_manuscript, None
    edition = publishing_selectors.newest_of(text.work)
    is_same = edition is not None and manuscript is not None and manuscript.written_by_id == edition.job_id
    if edition is None or manuscript is None or not is_same or text.revision != text.next_revision:
        text.save(update_fields=["next_manuscript"])
        return False
    edition.manuscript = manuscript
    edition.save(update_fields=["manuscript"])
    _merge(text, actor=text.work.owner, at=at)
    text.base, text.base_revision = base, text.revision
    text.save(update_fields=["base", "base_revision", "next_manuscript"])
    return True


def _request_base(edition: Edition, manuscript: Manuscript, at: datetime) -> ConversionJob:
    """Read the manuscript for its base alone. What was suggested, and fixes that were refused, find their places."""
    given = hooks.corrections_of(manuscript)
    return conversion_services.request_conversion(
        actor=edition.work.owner,
        source_file=manuscript.file,
        source_name=manuscript.name,
        source_sha256=manuscript.sha256,
        source_bytes=manuscript.size_bytes,
        options=ConversionOptions(formats=("base",), targets=(), fixes=edition.job.options.fixes),
        corrections=replace(given, patches=()),
        is_correction=True,
        at=at,
    )


# ---------------------------------------------------------------- for both


def _made(edition: Edition, text: WorkText) -> bytes:
    """Return the file that the last build made. Raises NotWrittenHere, TextBeingMade."""
    job = edition.job
    in_files = publishing_selectors.corrections_in_files(edition)
    if job.state != JobState.DONE or text.due_at is not None or in_files != text.digest:
        raise TextBeingMade
    artifact = job.artifacts.filter(kind=ArtifactKind.BOOK).first()
    if artifact is None:
        raise NotWrittenHere
    with storage.private().open(artifact.file) as file:
        return bytes(file.read())


def _require_decided(text: WorkText) -> None:
    """Require that no correction is in conflict, nor any suggestion made over words that one has changed."""
    suggested = Correction.objects.filter(work=text.work_id).suggested()
    if conflicts_of(text).exists() or suggested.exclude(revises=None).exists():
        raise CorrectionsOpen


def _merge(text: WorkText, *, actor: User, at: datetime) -> None:
    """Close the corrections, and the base that they counted in: its words are those of the last manuscript."""
    text.revision += 1
    accepted = list(Correction.objects.filter(work=text.work_id).accepted())
    texts.end_all(accepted, text.revision, Decision.MERGED, actor=actor, at=at)
    text.base, text.digest, text.changed_at = None, "", at
    text.save(update_fields=["base", "revision", "digest", "changed_at"])
