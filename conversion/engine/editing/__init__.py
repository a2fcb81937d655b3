"""Editing a text that has patches: chapters as documents, and what a saved chapter changes.

    chapters_of(base, patches)                the chapters in the order wanted
    chapter_of(base, patches, id)             one of them, as patched: `.to_json()` is what an editor shows
    chapter_from_json(value)                  what comes back, read into the closed set
    changes(base, patches, chapter, …)        which patches stay, which are new, which are no more
    merged(ancestor, mine, theirs)            what two people made of a chapter
    chapter_change(base, patches, op, …)      chapters that are moved, merged, divided, left out, given a title
    replace_picture(base, patches, id, …)     another picture in place of one
    all_pictures(base, patches)               every picture in order, with what it says and the words around it
    take_back(base, patches, *gone)           the patches without some
    texts(base, patches)                      what patches say, for people
    places_of(base, patches)                  where words of the base are shown, and back
    applying(base, patches)                   those that apply: of several about the same, none does

A chapter that comes back is compared with its base. What was typed in between, and in which order, does not matter.
"""

from __future__ import annotations

from collections.abc import Container, Iterable

from ..patches.base import Base
from ..patches.diff import Revision
from ..patches.model import Patch
from . import pictures as pictures_
from . import restructure, saving
from .chapters import ChapterLine, Reading, line_of
from .document import Block, ChapterText, NoteText
from .errors import EditingError, MalformedChapter, NotPossible, UnknownChapter
from .known import known_of
from .merging import EditConflict, Merged, merged
from .picture_list import PictureLine, pictures_of_text
from .places import Places, WordsPlace
from .reading import chapter_from_json
from .restructure import ChapterOp, LeaveOut, MergeChapter, MoveChapter, Retitle, SplitChapter
from .undo import PatchText, take_back, texts

__all__ = [
    "Block",
    "ChapterLine",
    "ChapterOp",
    "ChapterText",
    "EditConflict",
    "EditingError",
    "LeaveOut",
    "MalformedChapter",
    "MergeChapter",
    "Merged",
    "MoveChapter",
    "NotPossible",
    "NoteText",
    "PatchText",
    "PictureLine",
    "Places",
    "Retitle",
    "SplitChapter",
    "UnknownChapter",
    "WordsPlace",
    "all_pictures",
    "applying",
    "changes",
    "chapter_change",
    "chapter_from_json",
    "chapter_of",
    "chapters_of",
    "merged",
    "places_of",
    "replace_picture",
    "take_back",
    "texts",
]


def chapters_of(base: Base, patches: Iterable[Patch]) -> tuple[ChapterLine, ...]:
    """Return the chapters in the order wanted, those that are left out too."""
    reading = Reading(base, tuple(patches))
    return tuple(line_of(section, reading.view) for section in reading.sections)


def chapter_of(base: Base, patches: Iterable[Patch], chapter: str) -> ChapterText:
    """Return a chapter as patched. Raises UnknownChapter."""
    return saving.chapter_of(Reading(base, tuple(patches)), chapter)


def all_pictures(base: Base, patches: Iterable[Patch]) -> tuple[PictureLine, ...]:
    """Return every picture as patched, in order, but those of chapters that are left out."""
    return tuple(pictures_of_text(Reading(base, tuple(patches))))


def changes(
    base: Base,
    patches: Iterable[Patch],
    chapter: ChapterText,
    *,
    author: str = "",
    made_at: str = "",
    pictures: Container[str] = (),
) -> Revision:
    """Return what becomes of the chapter's patches when it is wanted to be so. `pictures` are files of the author's
    that new figures may show, by their sha256. Raises MalformedChapter, NotPossible and UnknownChapter."""
    return saving.changes(Reading(base, tuple(patches)), chapter, author=author, made_at=made_at, pictures=pictures)


def replace_picture(
    base: Base, patches: Iterable[Patch], chapter: str, name: str, picture: str, *, author: str = "", made_at: str = ""
) -> Revision:
    """Return what becomes of the patches when another picture, by the sha256 of its file, takes the place of one: that
    of a figure by its id, or one within the text by its key. Raises UnknownChapter and NotPossible."""
    return pictures_.replace_picture(
        Reading(base, tuple(patches)), chapter, name, picture, author=author, made_at=made_at
    )


def chapter_change(
    base: Base, patches: Iterable[Patch], op: ChapterOp, *, author: str = "", made_at: str = ""
) -> Revision:
    """Return what becomes of the patches of chapters. `made_at` is a time: moves are made in its order. Raises
    UnknownChapter and NotPossible."""
    return restructure.chapter_change(Reading(base, tuple(patches)), op, author=author, made_at=made_at)


def places_of(base: Base, patches: Iterable[Patch]) -> Places:
    """Return the words of a base as patches show them: where a comment is, and what it is about."""
    return Places(Reading(base, tuple(patches)))


def applying(base: Base, patches: Iterable[Patch]) -> tuple[Patch, ...]:
    """Return the patches that apply to a base together. Of those that are about the same, none does."""
    return tuple(one.patch for one in known_of(base, patches).all)
