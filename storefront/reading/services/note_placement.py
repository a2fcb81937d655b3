"""Finds where imported notes belong: at the place that their file names, if their words stand there; else by their
words. What is not found stays without a place; it is never put on other words."""

from __future__ import annotations

import time
from dataclasses import replace
from functools import cached_property

from conversion.engine.api import align, edition_text
from publishing.models import Edition, EditionState, Work
from storefront.catalogue.selectors import edition_texts
from storefront.catalogue.selectors.edition_texts import BookText
from storefront.reading.models import FileNote, NoteKind, Spot, Verdict

# Of a quotation longer than that, which nobody searches as a whole, beginning and end are looked for.
_MAX_SEARCHED = 600
_END = 200
_MAX_SECONDS = 240  # for a file; what is left then stays without a place

type Range = tuple[tuple[int, int], tuple[int, int]]


class Placement:
    """Places the notes of one file. Reads the text of each book once."""

    def __init__(self) -> None:
        self._until = time.monotonic() + _MAX_SECONDS
        self._books: dict[str, _Book] = {}

    def place(self, note: FileNote, work: Work) -> FileNote:
        """Return the note with its place, and the verdict that it is added, with a place or without."""
        if work.public_id not in self._books:
            self._books[work.public_id] = _Book(work)
        book = self._books[work.public_id]
        if book.newest is None:
            return replace(note, verdict=Verdict.NO_BOOK)
        note = replace(note, placed=note.placed if note.placed and book.has(note.placed) else None)
        if note.edition and book.stands_at(note):
            return replace(note, verdict=Verdict.ADDED)
        found = book.find(note, is_late=time.monotonic() > self._until) if note.exact else None
        start, end = found or ((0, 0), (0, 0))
        if found is None and (note.kind == NoteKind.BOOKMARK or not (note.exact or note.body)):
            return replace(note, verdict=Verdict.NOTHING)
        verdict = Verdict.ADDED if found or note.placed else Verdict.UNPLACED
        return replace(note, verdict=verdict, edition=book.newest.public_id, start=start, end=end, page="")


class _Book:
    def __init__(self, work: Work) -> None:
        editions = work.editions.exclude(state=EditionState.DRAFT).oldest_first()
        self.editions: dict[str, Edition] = {edition.public_id: edition for edition in editions}
        self.newest = next(reversed(self.editions.values()), None)

    def _text_of(self, edition_id: str) -> BookText:
        edition = self.editions.get(edition_id)
        return edition_texts.text_of(edition) if edition is not None else edition_texts.EMPTY

    def has(self, spot: Spot) -> bool:
        text = self._text_of(spot.edition)
        return text.has(*spot.start) and text.has(*spot.end) and spot.start < spot.end

    def stands_at(self, note: FileNote) -> bool:
        """Return whether the note's words are at the place that it names."""
        text = self._text_of(note.edition)
        if not (text.has(*note.start) and text.has(*note.end) and note.start <= note.end):
            return False
        if note.kind == NoteKind.BOOKMARK and not note.exact:
            return True
        return note.start < note.end and _folded(text.between(note.start, note.end)) == _folded(note.exact)

    def find(self, note: FileNote, *, is_late: bool) -> Range | None:
        """Return where the words of a note are in the newest edition; if it is late, only what is quickly found."""
        words = edition_text.normalised(note.exact)
        if (start := self.text.find_only(words)) is not None:
            return start, self.text.after(start, len(words))
        if is_late:
            return None
        if len(words) <= _MAX_SEARCHED:
            found = self.finder.find(words, note.prefix, note.suffix)
            return (_point(found.start), _point(found.end)) if found else None
        first, last = self.finder.find(words[:_END], note.prefix), self.finder.find(words[-_END:], "", note.suffix)
        if first is None or last is None or not first.start < last.end:
            return None
        start, end = _point(first.start), _point(last.end)
        length = self.text.characters_before(*end) - self.text.characters_before(*start)
        return (start, end) if length < 2 * len(words) else None

    @cached_property
    def text(self) -> BookText:
        return self._text_of(self.newest.public_id if self.newest else "")

    @cached_property
    def finder(self) -> align.QuoteFinder:
        return align.QuoteFinder(self.text.blocks)


def _point(position: align.Position) -> tuple[int, int]:
    return position.block, position.offset


def _folded(words: str) -> str:
    return edition_text.fold(edition_text.normalised(words))
