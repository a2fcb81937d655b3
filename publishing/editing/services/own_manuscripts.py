"""The next version of a manuscript that is written here: what the last build made of it, corrections included."""

from __future__ import annotations

import io
from datetime import datetime

from django.db import transaction

from accounts.models import User
from common import storage
from conversion.engine.api import ArtifactKind, with_chapter
from conversion.models import JobState
from publishing import permissions
from publishing import selectors as publishing_selectors
from publishing import services as publishing_services
from publishing.editing.errors import CorrectionsOpen, NotWrittenHere, TextBeingMade
from publishing.editing.models import Correction, Decision, WorkText
from publishing.editing.selectors.states import conflicts_of
from publishing.editing.services import texts
from publishing.models import Edition, Work
from publishing.services import manuscripts
from publishing.services.editions import lock_work


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


def _made(edition: Edition, text: WorkText) -> bytes:
    """Return the file that the last build made. Raises NotWrittenHere, TextBeingMade."""
    job = edition.job
    is_current = job.state == JobState.DONE and text.due_at is None and job.options.corrections == text.digest
    if not is_current:
        raise TextBeingMade
    artifact = job.artifacts.filter(kind=ArtifactKind.BOOK).first()
    if artifact is None:
        raise NotWrittenHere
    with storage.private().open(artifact.file) as file:
        return bytes(file.read())


def _require_decided(text: WorkText) -> None:
    if conflicts_of(text).exists() or Correction.objects.filter(work=text.work_id).suggested().exists():
        raise CorrectionsOpen


def _merge(text: WorkText, *, actor: User, at: datetime) -> None:
    """Close the corrections, and the base that they counted in: its words are those of the last manuscript."""
    text.revision += 1
    for correction in Correction.objects.filter(work=text.work_id).accepted():
        texts.end(correction, text.revision, Decision.MERGED, actor=actor, at=at)
    text.base, text.digest, text.changed_at = None, "", at
    text.save(update_fields=["base", "revision", "digest", "changed_at"])
