"""Editing a text that has patches: chapters as documents, and what a saved chapter changes.

    chapters_of(base, patches)                the chapters in the order wanted
    chapter_of(base, patches, id)             one of them, as patched: `.to_json()` is what an editor shows
    chapter_from_json(value)                  what comes back, read into the closed set
    changes(base, patches, chapter, …)        which patches stay, which are new, which are no more

A chapter that comes back is compared with its base. What was typed in between, and in which order, does not matter.
"""

from __future__ import annotations

from collections.abc import Iterable

from ..patches.base import Base
from ..patches.diff import Revision
from ..patches.model import Patch
from . import saving
from .chapters import ChapterLine, Reading, line_of
from .document import Block, ChapterText, NoteText
from .errors import EditingError, MalformedChapter, NotPossible, UnknownChapter
from .reading import chapter_from_json

__all__ = [
    "Block",
    "ChapterLine",
    "ChapterText",
    "EditingError",
    "MalformedChapter",
    "NotPossible",
    "NoteText",
    "UnknownChapter",
    "changes",
    "chapter_from_json",
    "chapter_of",
    "chapters_of",
]


def chapters_of(base: Base, patches: Iterable[Patch]) -> tuple[ChapterLine, ...]:
    """Return the chapters in the order wanted, those that are left out too."""
    reading = Reading(base, tuple(patches))
    return tuple(line_of(section, reading.view) for section in reading.sections)


def chapter_of(base: Base, patches: Iterable[Patch], chapter: str) -> ChapterText:
    """Return a chapter as patched. Raises UnknownChapter."""
    return saving.chapter_of(Reading(base, tuple(patches)), chapter)


def changes(
    base: Base, patches: Iterable[Patch], chapter: ChapterText, *, author: str = "", made_at: str = ""
) -> Revision:
    """Return what becomes of the chapter's patches when it is wanted to be so. Raises MalformedChapter, NotPossible
    and UnknownChapter."""
    return saving.changes(Reading(base, tuple(patches)), chapter, author=author, made_at=made_at)
