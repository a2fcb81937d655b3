"""The words of a block: what patches count in.

A word owns what follows it up to the next: mostly a blank, nothing before a note mark or between two characters of a
script without spaces. So a word that is put in brings its blank along, and one that is removed takes it away. Dashes,
formulas, note marks and pictures are words. Words are compared folded: curling quotation marks moves nothing.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from ..align.tokens import SPACELESS
from ..book.model import Inline
from .pieces import RUBY, STAND_IN, Piece, merged

_TOKEN = re.compile(rf"(?P<gap>\s+)|(?P<alone>[–—―]|-{{2,}}|[{SPACELESS}])|(?P<word>(?:(?!--)[^\s–—―{SPACELESS}])+)")
_INVISIBLE = re.compile("[\u00ad\u200b\u2060\ufeff]")
_QUOTES = re.compile("[\"'`´‘’‚‛“”„‟‹›«»「」『』〝〞〟＂＇]+")
_DASHES = re.compile("[-‐‑‒–—―−﹘﹣－]+")


@dataclass(frozen=True, slots=True)
class Word:
    """A word, what follows it, and the link targets in front of it, which count for nothing."""

    pieces: tuple[Piece, ...]
    gap: tuple[Piece, ...] = ()
    hidden: tuple[Inline, ...] = field(default=(), compare=False)

    @property
    def text(self) -> str:
        return "".join(piece.text for piece in self.pieces)

    @property
    def key(self) -> str:
        """The word for comparing: folded text; of a formula its own key, of other nodes their kind. A note mark is the
        same when its note was corrected, a picture when it was made smaller."""
        if len(self.pieces) == 1 and (kept := self.pieces[0].kept):
            return kept if kept.startswith("formula:") else f"{STAND_IN}{kept.partition(':')[0]}"
        return fold(self.text)

    @property
    def marks(self) -> tuple[tuple[tuple[str, ...], ...], ...]:
        """The marks over each piece."""
        return tuple([piece.marks for piece in self.pieces])


def fold(text: str) -> str:
    """Return text with one kind of quotation mark and dash, without soft hyphens, in NFC. Case stays: it is what an
    author may have corrected."""
    if not text.isascii():
        text = unicodedata.normalize("NFC", _INVISIBLE.sub("", text)).replace("…", "...")
    return _DASHES.sub("-", _QUOTES.sub("'", text))


def keys_of(words: Iterable[Word]) -> list[str]:
    return [word.key for word in words]


def words_of(pieces: Iterable[Piece]) -> list[Word]:
    """Divide pieces into words. Blanks at the beginning belong to an empty word."""
    division = _Division()
    for piece in pieces:
        division.add(piece)
    return division.words()


class _Open:
    """A word that is still growing."""

    def __init__(self, hidden: list[Inline]) -> None:
        self.pieces: list[Piece] = []
        self.gap: list[Piece] = []
        self.hidden = hidden
        self.is_closed = False

    def word(self) -> Word:
        return Word(tuple(self.pieces), tuple(self.gap), tuple(self.hidden))


class _Division:
    def __init__(self) -> None:
        self._words: list[_Open] = []
        self._hidden: list[Inline] = []

    def add(self, piece: Piece) -> None:
        if piece.is_hidden:
            if piece.node is not None:
                self._hidden.append(piece.node)
        elif piece.kept or (piece.marks and piece.marks[-1][0] == RUBY):
            self._append(piece, alone=True)
        elif piece.text.isspace():
            self._append_gap(piece)
        else:
            for found in _TOKEN.finditer(piece.text):
                part = replace(piece, text=found[0])
                if found.lastgroup == "gap":
                    self._append_gap(part)
                else:
                    self._append(part, alone=found.lastgroup == "alone")

    def _append(self, piece: Piece, *, alone: bool) -> None:
        last = self._words[-1] if self._words else None
        if alone or last is None or last.is_closed or last.gap:
            last = _Open(self._hidden)
            self._hidden = []
            self._words.append(last)
        last.pieces.append(piece)
        last.is_closed = alone

    def _append_gap(self, piece: Piece) -> None:
        if not self._words:
            self._words.append(_Open([]))
        self._words[-1].gap.append(piece)

    def words(self) -> list[Word]:
        if self._hidden:
            if not self._words:
                self._words.append(_Open([]))
            self._words[-1].hidden += self._hidden
            self._hidden = []
        return [word.word() for word in self._words]


def pieces_of_words(words: Iterable[Word]) -> list[Piece]:
    """Return the pieces that the words consist of, joined where their marks are the same."""
    return merged(_all_pieces(words))


def _all_pieces(words: Iterable[Word]) -> Iterator[Piece]:
    for word in words:
        yield from (Piece("", word.marks[0] if word.pieces else (), node=node) for node in word.hidden)
        yield from word.pieces
        yield from word.gap


def text_of(words: Iterable[Word]) -> str:
    return "".join(piece.text for word in words for piece in (*word.pieces, *word.gap))


def kept_in(words: Sequence[Word]) -> list[str]:
    """Return the keys of the nodes among the words."""
    return [piece.kept for word in words for piece in word.pieces if piece.kept]
