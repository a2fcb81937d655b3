"""The chapters of a text, as the engine tells them from its base and corrections."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

from conversion.engine.api import editing
from conversion.engine.api import patches as engine_patches
from publishing.editing.errors import ChapterGone
from publishing.editing.models import WorkText
from publishing.editing.selectors.bases import engine_base
from publishing.editing.selectors.texts import Placed, current_base, patches_of, placed_now

_OF_BASE = re.compile(r"b(\d+)")


def chapter_lines(text: WorkText) -> Sequence[editing.ChapterLine]:
    """Return the chapters in the order wanted."""
    found: Sequence[editing.ChapterLine] = editing.chapters_of(
        engine_base(current_base(text)), patches_of(placed_now(text))
    )
    return found


def chapter_at(text: WorkText, placed: Iterable[Placed], chapter_id: str) -> editing.ChapterText:
    """Return a chapter with these corrections. Raises ChapterGone."""
    try:
        return editing.chapter_of(engine_base(current_base(text)), patches_of(placed), chapter_id)
    except editing.UnknownChapter:
        raise ChapterGone from None


def chapter_document(text: WorkText, chapter_id: str) -> dict[str, Any]:
    """Return a chapter as it stands now, with the text's revision. Raises ChapterGone."""
    return chapter_at(text, placed_now(text), chapter_id).to_json() | {"revision": text.revision}


def chapter_with(text: WorkText, block: str) -> str:
    """Return the chapter that has a block, by the block's id; "" where it is in none."""
    base, patches = engine_base(current_base(text)), patches_of(placed_now(text))
    likely = _chapter_in_base(base, block)
    ids = [line.id for line in editing.chapters_of(base, patches)]
    for chapter_id in sorted(ids, key=lambda one: one != likely):
        if block in block_ids(editing.chapter_of(base, patches, chapter_id).to_json()):
            return chapter_id
    return ""


def _chapter_in_base(base: engine_patches.Base, block: str) -> str:
    """Return the chapter that a block was in before corrections; "" for one that is not in the base."""
    found = _OF_BASE.match(block)
    if found is None or int(found[1]) >= len(base.blocks):
        return ""
    chapter = base.blocks[int(found[1])].chapter
    return base.chapters[chapter].id if chapter >= 0 else ""


def block_order(document: dict[str, Any]) -> list[str]:
    """Return the ids of all blocks of a chapter's document in order, those within others and in notes included."""
    found: list[str] = []
    waiting = [*document["blocks"], *(block for note in document["notes"] for block in note["blocks"])][::-1]
    while waiting:
        block = waiting.pop()
        found.append(block["id"])
        waiting += block.get("blocks", ())[::-1]
    return found


def block_ids(document: dict[str, Any]) -> set[str]:
    """Return the ids of all blocks of a chapter's document."""
    return set(block_order(document))
