"""A passage of a book for a request: the opening of a chapter, as the text stands now."""

from __future__ import annotations

from collections.abc import Sequence

from conversion.engine.api import editing
from publishing import selectors as publishing_selectors
from publishing.editing.errors import ChapterGone
from publishing.editing.selectors import chapters, texts
from publishing.models import Work

MAX_CHARACTERS = 3000


def chapters_of(work: Work) -> Sequence[editing.ChapterLine]:
    """Return the chapters of a work's text; none where no text was read yet."""
    text = texts.text_of(work)
    return chapters.chapter_lines(text) if text is not None else ()


def passage_of(work: Work, chapter_id: str) -> str:
    """Return the first paragraphs of a chapter, about a page; "" for a chapter that is not there."""
    text = texts.text_of(work)
    if text is None or not chapter_id:
        return ""
    try:
        chapter = chapters.chapter_at(text, texts.placed_now(text), chapter_id)
    except ChapterGone:
        return ""
    found: list[str] = []
    length = 0
    for block in _texts(chapter.blocks):
        if length + len(block) > MAX_CHARACTERS and found:
            break
        found.append(block[:MAX_CHARACTERS])
        length += len(block)
    return "\n\n".join(found)


def _texts(blocks: Sequence[editing.Block]) -> list[str]:
    found = []
    for block in blocks:
        words = "".join(piece.text for piece in block.text).replace("\u2028", " ").replace("\ufffc", "").strip()
        found += [words] if words else _texts(block.blocks)
    return found


def words_of(work: Work) -> int | None:
    """Return how many words the work has as last made; None before that."""
    edition = publishing_selectors.newest_of(work)
    job = edition.job if edition is not None else None
    return job.result.words or None if job is not None else None
