"""Where words that a reader saw in an edition stand in the text as it is now: exactly and in one place, or nowhere."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import takewhile
from typing import NamedTuple

from conversion.engine.api import patches
from publishing.editing.models import WorkText
from publishing.editing.selectors.bases import engine_base
from publishing.editing.selectors.texts import current_base, placed_now

# Characters on both sides that have to be as the reader saw them: if these stand nowhere, so many at least.
_AROUND = (32, 12)
_STAND_IN = "\ufffc"  # a note's mark, which readers see as a number, or a picture


@dataclass(frozen=True, slots=True)
class Passage:
    """Words of one block with what stands around them, and what they should be."""

    before: str
    words: str
    after: str
    replacement: str


class _Place(NamedTuple):
    block: int
    start: int
    end: int


def changes_of(text: WorkText, passage: Passage) -> tuple[patches.Patch, ...] | None:
    """Return the patches that make the words what they should be; none if they are that already.

    None where the words stand nowhere, or in several places: then nobody can tell which were meant. The patches name
    neither a person nor a time, so that equal proposals are one.
    """
    base = engine_base(current_base(text))
    known: dict[int, list[patches.Patch]] = defaultdict(list)
    for one in placed_now(text):
        if one.patch.op == patches.Op.WORDS:
            known[one.patch.anchor.block].append(one.patch)
    blocks = [_pieces(patches.patched(block.words, known[number])) for number, block in enumerate(base.blocks)]
    texts = ["".join(piece.text for piece in pieces) for pieces in blocks]
    place = _only_place(texts, passage)
    if place is None:
        return () if _only_place(texts, replace(passage, words=passage.replacement)) is not None else None
    wanted = _replaced(blocks[place.block], place.start, place.end, passage.replacement)
    made = patches.words_patches(base, place.block, wanted)
    return tuple(patches.revised(known[place.block], made).made)


def _only_place(texts: Sequence[str], passage: Passage) -> _Place | None:
    for around in _AROUND:
        pattern = _pattern(passage, around)
        found = [
            _Place(number, *match.span("words"))
            for number, text in enumerate(texts)
            for match in pattern.finditer(text)
        ]
        if found:
            return found[0] if len(found) == 1 else None
    return None


def _pattern(passage: Passage, around: int) -> re.Pattern[str]:
    """Return what finds the words between what stands around them, however blanks are written. Words that have nothing
    on one side are whole words there."""
    before, after = passage.before[-around:], passage.after[:around]
    left, right = _loose(before) or r"(?<!\w)", _loose(after) or r"(?!\w)"
    return re.compile(f"{left}(?P<words>{_loose(passage.words, kept='')}){right}")


def _loose(text: str, *, kept: str = f"{_STAND_IN}*") -> str:
    """Return a pattern of the text in which any blanks match each other, with note marks before them if `kept`."""
    return "".join(rf"{kept}\s+" if part.isspace() else re.escape(part) for part in re.split(r"(\s+)", text) if part)


def _pieces(words: Iterable[patches.Word]) -> list[patches.Piece]:
    return [piece for word in words for piece in (*word.pieces, *word.gap)]


def _replaced(pieces: Sequence[patches.Piece], start: int, end: int, replacement: str) -> list[patches.Piece]:
    """Return a block's pieces with other words in a range. What is the same at both ends keeps its marks."""
    old = "".join(piece.text for piece in pieces)[start:end]
    head = _same(old, replacement)
    tail = _same(old[head:][::-1], replacement[head:][::-1])
    start, end, new = start + head, end - tail, replacement[head : len(replacement) - tail]
    marks = next((piece.marks for at, piece in _starts(pieces) if at <= start < at + len(piece.text)), ())
    left, right = _cut(pieces, 0, start), _cut(pieces, end, None)
    return [*left, *([patches.Piece(new, marks)] if new else []), *right]


def _starts(pieces: Iterable[patches.Piece]) -> Iterator[tuple[int, patches.Piece]]:
    at = 0
    for piece in pieces:
        yield at, piece
        at += len(piece.text)


def _cut(pieces: Iterable[patches.Piece], start: int, end: int | None) -> Iterator[patches.Piece]:
    """Yield what lies between two places of a text."""
    for at, piece in _starts(pieces):
        text = piece.text[max(0, start - at) : None if end is None else max(0, end - at)]
        if text:
            yield replace(piece, text=text)


def _same(one: str, other: str) -> int:
    """Return how many characters are the same at the beginning of both."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))
