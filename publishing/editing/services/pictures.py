"""Pictures that an author puts into a text: in place of one that it has, or as a new one."""

from __future__ import annotations

from datetime import datetime
from typing import IO

from django.db import transaction

from accounts.models import User
from conversion.engine.api import editing, patches
from publishing import permissions
from publishing.editing import selectors
from publishing.editing.errors import ChapterGone, ChapterInvalid
from publishing.editing.models import Picture, WorkText
from publishing.editing.selectors.texts import current_base
from publishing.editing.services.texts import lock_text, write_revision
from publishing.models import Work
from publishing.services import manuscripts


@transaction.atomic
def put_picture(
    *,
    actor: User,
    work: Work,
    chapter_id: str,
    block: str,
    content: IO[bytes],
    name: str,
    at: datetime,
    is_new: bool = False,
) -> WorkText:
    """Show another picture in place of one: a figure by its id, or a picture within the text by its key. A new one
    comes after the block.

    Raises NotAllowed, NoText, ChapterGone, ChapterInvalid, and the errors of `manuscripts.store_picture`.
    """
    permissions.require_edit_text(actor, work)
    stored = manuscripts.store_picture(actor=actor, content=content, name=name, at=at)
    text = lock_text(work)
    Picture.objects.get_or_create(
        work=work,
        sha256=stored.sha256,
        defaults={
            "file": stored.file,
            "name": stored.name,
            "size_bytes": stored.size_bytes,
            "uploaded_by": actor,
            "uploaded_at": at,
        },
    )
    placed = selectors.placed_now(text)
    base, known = selectors.engine_base(current_base(text)), selectors.patches_of(placed)
    change = _inserted if is_new else editing.replace_picture
    try:
        found = change(base, known, chapter_id, block, stored.sha256, author=actor.public_id, made_at=at.isoformat())
    except editing.UnknownChapter:
        raise ChapterGone from None
    except editing.EditingError as error:
        raise ChapterInvalid(rule=error.code, block=error.block) from None
    if found.made or found.dropped:
        write_revision(text, found, placed, actor=actor, at=at)
    return text


def _inserted(
    base: patches.Base,
    known: tuple[patches.Patch, ...],
    chapter_id: str,
    block: str,
    sha256: str,
    *,
    author: str,
    made_at: str,
) -> patches.Revision:
    """Return the patches with a picture after a block. Raises NotPossible for a block within another."""
    wanted = editing.chapter_of(base, known, chapter_id)
    place = next((number for number, one in enumerate(wanted.blocks, 1) if one.id == block), None)
    if place is None:
        raise editing.NotPossible("wrong-place", block)
    wanted.blocks.insert(place, editing.Block("new-1", "figure", {"asset": sha256}))
    return editing.changes(base, known, wanted, author=author, made_at=made_at, pictures={sha256})
