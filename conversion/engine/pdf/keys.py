"""Keys of parts: everything that the pages of a part depend on, and no page number.

A piece is told in two ways, which together leave nothing out: its elements as they are, and its markup, in which every
reference to elsewhere in the book is settled. What a target changes is a function of these two and the target.
"""

from __future__ import annotations

import copyreg
import io
import pickle
from typing import Any

from ..findings.model import SourcePlace
from ..markup.survey import Piece, Survey
from ..support.cache import Cache
from ..targets import TARGETS, Target
from ..typography.designs import Design
from .markup import PdfMarkup

_REFERENCE = TARGETS["tablet"]
_PLACELESS = copyreg.dispatch_table | {SourcePlace: lambda place: (SourcePlace, ())}


class Keys:
    """The keys of one book's parts in one design. `is_prose_ours` as in `Renderer`."""

    def __init__(self, cache: Cache, survey: Survey, design: Design, *, is_prose_ours: bool) -> None:
        self._cache = cache
        self._survey = survey
        book = survey.book
        self._base = _as_bytes((design, book.metadata.language, book.direction, book.vertical, is_prose_ours))
        self._design = design
        self._pieces: dict[int, bytes] = {}

    def piece(self, target: Target, index: int) -> str:
        """The key of a piece set for a target."""
        if index not in self._pieces:
            self._pieces[index] = self._piece(self._survey.pieces[index], index)
        return self._cache.key("part", self._base, _as_bytes(target), self._pieces[index])

    def _piece(self, piece: Piece, index: int) -> bytes:
        chapter, book = piece.chapter, self._survey.book
        notes = [(book.notes[note], self._survey.labels[note]) for note in piece.notes]
        about = (piece.id, piece.title, piece.is_first, chapter.role, chapter.division, chapter.lang, chapter.direction)
        markup = PdfMarkup(self._survey, _REFERENCE, self._design).page(index)
        return _as_bytes((*about, piece.blocks, notes, markup))

    def document(self, target: Target, document: str, *others: object) -> str:
        """The key of a document of our own markup."""
        return self._cache.key("document", self._base, _as_bytes(target), document, _as_bytes(others))


def _as_bytes(value: Any) -> bytes:
    """A value as bytes, which are never read back.

    Without the pickler's memory they depend on what the value is, not on which of its parts are the same object. Where
    a block stood in the source is left out: that changes with every paragraph before it.
    """
    out = io.BytesIO()
    pickler = pickle.Pickler(out, protocol=5)
    pickler.fast = True
    pickler.dispatch_table = _PLACELESS
    pickler.dump(value)
    return out.getvalue()
