"""Saves of chapters: what an editor sends is compared with the text, and becomes corrections."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from accounts.models import User
from conversion.engine.api import editing, patches
from publishing import permissions
from publishing.editing import selectors
from publishing.editing.errors import BaseChanged, ChapterGone, ChapterInvalid, SaveConflict
from publishing.editing.models import WorkText
from publishing.editing.selectors import Placed, chapters
from publishing.editing.selectors.texts import current_base
from publishing.editing.services.texts import lock_text, write_revision
from publishing.models import Work


@dataclass(frozen=True, slots=True)
class Saved:
    """What became of a save. `document` is the chapter as it is now, where that differs from what was sent; `suggested`
    counts the changes that somebody else decides on."""

    revision: int
    document: dict[str, Any] | None
    suggested: int = 0


@transaction.atomic
def save_chapter(
    *, actor: User, work: Work, chapter_id: str, document: Mapping[str, Any], revision: int, at: datetime
) -> Saved:
    """Make the text what the document says. Changes made since `revision` stay: both are merged.

    Raises NotAllowed, NoText, ChapterGone, ChapterInvalid, BaseChanged, and SaveConflict where the same words changed.
    """
    permissions.require_edit_text(actor, work)
    text = lock_text(work)
    sent = read_chapter(chapter_id, document)
    placed = selectors.placed_now(text)
    wanted = brought_up_to_date(text, sent, revision, now=placed)
    found = compare(text, placed, wanted, author=actor.public_id, at=at)
    if found.made or found.dropped:
        write_revision(text, found, placed, actor=actor, at=at)
        placed = selectors.placed_now(text)
    now = chapters.chapter_at(text, placed, chapter_id).to_json()
    return Saved(text.revision, None if now == sent.to_json() else now | {"revision": text.revision})


def read_chapter(chapter_id: str, document: Mapping[str, Any]) -> editing.ChapterText:
    """Return the chapter that was sent, read into the closed set. Raises ChapterInvalid."""
    try:
        found = editing.chapter_from_json(document)
    except editing.MalformedChapter as error:
        raise ChapterInvalid(rule=error.code, block=error.block) from None
    if found.chapter != chapter_id:
        raise ChapterInvalid(rule="chapter.other")
    return found


def compare(
    text: WorkText, placed: list[Placed], wanted: editing.ChapterText, *, author: str, at: datetime
) -> patches.Revision:
    """Return what becomes of the text's patches. Raises ChapterInvalid, ChapterGone."""
    base = selectors.engine_base(current_base(text))
    try:
        return editing.changes(base, selectors.patches_of(placed), wanted, author=author, made_at=at.isoformat())
    except editing.UnknownChapter:
        raise ChapterGone from None
    except (editing.MalformedChapter, editing.NotPossible) as error:
        raise ChapterInvalid(rule=error.code, block=error.block) from None


def require_revision(text: WorkText, sent: editing.ChapterText, revision: int) -> None:
    """Require that a chapter was read in the text's base. Raises BaseChanged, ChapterInvalid."""
    if sent.base != current_base(text).identity or revision < text.base_revision:
        raise BaseChanged
    if revision > text.revision:
        raise ChapterInvalid(rule="revision.unknown")


def brought_up_to_date(
    text: WorkText, sent: editing.ChapterText, revision: int, *, now: Sequence[Placed]
) -> editing.ChapterText:
    """Return the chapter with what was changed since the revision that it was read at. `now` is the text.

    Raises BaseChanged, ChapterInvalid, ChapterGone, SaveConflict.
    """
    require_revision(text, sent, revision)
    if revision == text.revision:
        return sent
    ancestor = chapters.chapter_at(text, selectors.placed_at(text, revision), sent.chapter)
    theirs = chapters.chapter_at(text, now, sent.chapter)
    return merged(ancestor, sent, theirs, shown=theirs.to_json() | {"revision": text.revision})


def merged(
    ancestor: editing.ChapterText, mine: editing.ChapterText, theirs: editing.ChapterText, *, shown: dict[str, Any]
) -> editing.ChapterText:
    """Return a chapter with what both made of it. Raises SaveConflict with `shown`, which is the chapter as it is."""
    found = editing.merged(ancestor, mine, theirs)
    if found.conflicts:
        conflicts = [_conflict_to_json(one) for one in found.conflicts]
        raise SaveConflict(revision=shown["revision"], document=shown, conflicts=conflicts)
    return found.chapter


def _conflict_to_json(conflict: editing.EditConflict) -> dict[str, Any]:
    return {
        "block": conflict.block,
        "what": conflict.code,
        "base": [patches.piece_to_json(piece) for piece in conflict.base],
        "mine": [patches.piece_to_json(piece) for piece in conflict.mine],
        "theirs": [patches.piece_to_json(piece) for piece in conflict.theirs],
    }
