"""A reader's highlights and notes in one chapter, as its plain page shows them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from accounts.models import User
from storefront.catalogue.selectors.block_numbers import Numbers
from storefront.catalogue.selectors.edition_texts import BookText, book_text
from storefront.catalogue.selectors.marked_text import Mark
from storefront.reading.models import Note, NoteKind
from storefront.reading.selectors.anchors import AnchorState, NoteAnchor, Point, anchors_of
from storefront.reading.selectors.books import Reading


@dataclass(frozen=True, slots=True)
class ChapterNote:
    """A note below the text. `is_changed`: the words it was made on are no longer all there."""

    number: int
    exact: str
    body: str
    other_body: str
    is_changed: bool


def notes_in(reader: User, reading: Reading, numbers: Numbers) -> tuple[list[Mark], list[ChapterNote]]:
    """Return the marks of the chapter with these blocks, and the notes among them that have words, in its order."""
    blocks = [number for number in numbers if number is not None]
    kept = list(Note.objects.live().filter(user=reader, work=reading.work, kind=NoteKind.HIGHLIGHT))
    if not kept or not blocks:
        return [], []
    anchors = anchors_of(kept, reading.edition)
    placed = [(start, end, note) for note in kept for start, end in _ranges(anchors[note.uid], blocks)]
    marks: list[Mark] = []
    notes: list[ChapterNote] = []
    for start, end, note in sorted(placed, key=lambda one: (one[0], one[2].made_at)):
        is_changed = anchors[note.uid].state == AnchorState.CHANGED
        if note.body:
            notes.append(ChapterNote(len(notes) + 1, note.exact, note.body, note.other_body, is_changed))
        css_class = f"own-mark own-mark-{note.colour}{' is-changed' if is_changed else ''}"
        mark = Mark(0, 0, 0, css_class, len(notes) if note.body else 0)
        marks += _marks(mark, start, end, book_text(reading.book.file), blocks)
    return marks, notes


def _ranges(anchor: NoteAnchor, blocks: list[int]) -> Iterator[tuple[Point, Point]]:
    """Yield from where to where a note is, if that touches the chapter."""
    start, end = anchor.start, anchor.end
    if start is not None and end is not None and start[0] <= blocks[-1] and end[0] >= blocks[0]:
        yield start, end


def _marks(mark: Mark, start: Point, end: Point, text: BookText, blocks: list[int]) -> Iterator[Mark]:
    """Yield the mark for each block of the chapter that the note touches; the last one refers to it."""
    first, last = max(start[0], blocks[0]), min(end[0], blocks[-1])
    for block in range(first, last + 1):
        yield replace(
            mark,
            block=block,
            start=start[1] if block == start[0] else 0,
            end=end[1] if block == end[0] else len(text.blocks[block]),
            ref=mark.ref if block == last else 0,
            label=_("Your note %(number)d") % {"number": mark.ref},
        )
