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
from functools import cached_property

from ..align.tokens import SPACELESS
from ..book.model import Inline
from .pieces import RUBY, STAND_IN, Piece, merged

_TOKEN = re.compile(
    rf"(?:(?P<alone>[–—―]|-{{2,}}|[{SPACELESS}])|(?P<word>(?:(?!--)[^\s\u200b–—―{SPACELESS}])+))?(?P<gap>[\s\u200b]+)?"
)
_INVISIBLE = re.compile("[\u00ad\u200b\u2060\ufeff]")
_QUOTES = re.compile("[\"'`´‘’‚‛“”„‟‹›«»「」『』〝〞〟＂＇]+")
_DASHES = re.compile("[-‐‑‒–—―−﹘﹣－]+")


@dataclass(frozen=True)
class Word:
    """A word, what follows it, and the link targets in front of it, which count for nothing."""

    pieces: tuple[Piece, ...]
    gap: tuple[Piece, ...] = ()
    hidden: tuple[Inline, ...] = field(default=(), compare=False)

    @property
    def text(self) -> str:
        return "".join(piece.text for piece in self.pieces)

    @cached_property
    def key(self) -> str:
        """The word for comparing: folded text; of a formula or picture its own key. A note mark is the same when its
        note was corrected."""
        if len(self.pieces) == 1 and (kept := self.pieces[0].kept):
            return f"{STAND_IN}note" if kept.startswith("note:") else kept
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


class _Division:
    """Divides pieces as they come: the last word grows until another begins."""

    def __init__(self) -> None:
        self._words: list[Word] = []
        self._pieces: list[Piece] = []
        self._gap: list[Piece] = []
        self._hidden: list[Inline] = []
        self._waiting: list[Inline] = []  # link targets that belong to the next word
        self._is_alone = False

    def add(self, piece: Piece) -> None:
        if piece.is_hidden:
            if piece.node is not None:
                self._waiting.append(piece.node)
        elif piece.kept or (piece.marks and piece.marks[-1][0] == RUBY):
            self._append(piece, alone=True)
        else:
            for found in _TOKEN.finditer(piece.text):
                alone, word, gap = found.groups()
                if alone or word:
                    self._append(Piece(alone or word, piece.marks), alone=bool(alone))
                if gap:
                    self._gap.append(Piece(gap, piece.marks))

    def _append(self, piece: Piece, *, alone: bool) -> None:
        if alone or self._is_alone or self._gap or not self._pieces:
            self._finish()
            self._hidden, self._waiting = self._waiting, []
            self._is_alone = alone
        self._pieces.append(piece)

    def _finish(self) -> None:
        if self._pieces or self._gap:
            self._words.append(Word(_joined(self._pieces), _joined(self._gap), tuple(self._hidden)))
            self._pieces, self._gap, self._hidden = [], [], []

    def words(self) -> list[Word]:
        self._finish()
        if self._waiting:  # nothing follows: in front of the last word, or alone
            last = self._words.pop() if self._words else Word(())
            self._words.append(replace(last, hidden=(*last.hidden, *self._waiting)))
            self._waiting = []
        return self._words


def _joined(pieces: list[Piece]) -> tuple[Piece, ...]:
    return tuple(pieces) if len(pieces) < 2 else tuple(merged(pieces))


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
