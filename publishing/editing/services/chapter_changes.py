"""Changes of whole chapters: their order, titles, and where they begin and end."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from accounts.models import User
from conversion.engine.api import editing
from publishing import permissions
from publishing.editing import selectors
from publishing.editing.errors import ChapterGone, ChapterOrderImpossible
from publishing.editing.selectors.texts import current_base
from publishing.editing.services.texts import lock_text, write_revision
from publishing.models import Work


@transaction.atomic
def change_chapters(*, actor: User, work: Work, change: editing.ChapterOp, at: datetime) -> int:
    """Move, merge, divide, leave out or rename a chapter. Return the text's revision.

    Raises NotAllowed, NoText, ChapterGone, and ChapterOrderImpossible for what the engine cannot do.
    """
    permissions.require_edit_text(actor, work)
    text = lock_text(work)
    placed = selectors.placed_now(text)
    base = selectors.engine_base(current_base(text))
    try:
        found = editing.chapter_change(
            base, selectors.patches_of(placed), change, author=actor.public_id, made_at=at.isoformat()
        )
    except editing.UnknownChapter:
        raise ChapterGone from None
    except editing.EditingError as error:
        raise ChapterOrderImpossible(rule=error.code) from None
    if found.made or found.dropped:
        write_revision(text, found, placed, actor=actor, at=at)
    return text.revision
