"""Changes of whole chapters: their titles, and whether they are in the book."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from accounts.models import User
from publishing import permissions
from publishing.editing import selectors
from publishing.editing.selectors import chapters
from publishing.editing.services import saving
from publishing.models import Work


@transaction.atomic
def retitle(*, actor: User, work: Work, chapter_id: str, title: str, at: datetime) -> None:
    """Give a chapter another title. Raises NotAllowed, NoText, ChapterGone, ChapterInvalid."""
    _set(actor, work, chapter_id, {"title": title}, at)


@transaction.atomic
def leave_out(*, actor: User, work: Work, chapter_id: str, is_left_out: bool, at: datetime) -> None:
    """Leave a chapter out of the book, or put it back. Raises NotAllowed, NoText, ChapterGone, ChapterInvalid."""
    _set(actor, work, chapter_id, {"left_out": is_left_out}, at)


def _set(actor: User, work: Work, chapter_id: str, values: dict[str, Any], at: datetime) -> None:
    permissions.require_edit_text(actor, work)
    text = selectors.require_text(work)
    document = chapters.chapter_document(text, chapter_id)
    document["attributes"] = {**document["attributes"], **values}
    saving.save_chapter(actor=actor, work=work, chapter_id=chapter_id, document=document, revision=text.revision, at=at)
