"""Words of a base in the blocks that people see, and back: where a comment is shown, and what it is anchored to.

A block is made of leaves of the base, cut where an author split them and joined where they were joined. Each of its
words comes from one of the base, or from a patch that stands for several of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from ..patches.base import BlockAnchor
from ..patches.model import InsertEdit, JoinEdit, Patch, SplitEdit, WordsEdit
from ..patches.pieces import Piece
from ..patches.words import Word, pieces_of_words
from .chapters import Reading
from .document import TEXTS, Block, every
from .view import blocks_of

_OF_A_LEAF = re.compile(r"b(\d{1,9})(?:\.(\d{1,9}))?")


class WordsPlace(NamedTuple):
    """Characters of a block's text, as the chapter's document has it."""

    block: str
    start: int
    end: int


class _Seen(NamedTuple):
    """A word of a block and its characters there; the words of a leaf that it is, or that it stands for."""

    leaf: int
    first: int
    end: int
    start_character: int
    end_character: int


class Places:
    """The words of a base as its patches show them."""

    def __init__(self, reading: Reading) -> None:
        self._base, self._known = reading.base, reading.known

    def shown(self, anchor: BlockAnchor) -> WordsPlace | None:
        """Return where words of the base are shown; None where corrections removed them all, or put something in place
        of more than them. The block itself may be in no chapter any more."""
        leaf = self._base.block_of(anchor)
        if leaf is None:
            return None
        for block in self._blocks_with(leaf):
            found = [one for one in self._seen(block) if one.leaf == leaf and _is_within(one, anchor.start, anchor.end)]
            place = WordsPlace(block, found[0].start_character, found[-1].end_character) if found else None
            if place is not None and self._is_said(place, leaf, anchor):
                return place
        return None

    def _is_said(self, place: WordsPlace, leaf: int, anchor: BlockAnchor) -> bool:
        """Return whether something is left of the words, or stands for them: more than a full stop."""
        words = self._base.blocks[leaf].words[anchor.start : anchor.end]
        now = self._text(place.block)[place.start : place.end]
        return _has_letters(now) or (bool(now) and not any(_has_letters(word.text) for word in words))

    def anchor(self, place: WordsPlace) -> tuple[BlockAnchor, tuple[Piece, ...]] | None:
        """Return the words of the base that are shown in a place, in one leaf of it; None for words of which the base
        has nothing, because a correction put in the whole block."""
        seen = self._seen(place.block)
        found = [one for one in seen if one.start_character < place.end and place.start < one.end_character]
        if not found:
            return None
        leaf = found[0].leaf
        words = self._base.blocks[leaf].words
        first = min(one.first for one in found if one.leaf == leaf)
        end = max(one.end for one in found if one.leaf == leaf)
        if first == end:  # words that were put in between two of the base: the one before them is near enough
            first, end = (first - 1, end) if first else (first, min(end + 1, len(words)))
        if first == end:
            return None
        return self._base.anchor(leaf, first, end), tuple(pieces_of_words(words[first:end]))

    def texts(self) -> dict[str, str]:
        """Return the text of every block as it is now, by its id, those that patches put in included."""
        found = {block: self._text(block) for leaf in range(len(self._base.blocks)) for block in self._own(leaf)}
        for patch in self._known.inserts.values():
            if isinstance(patch.edit, InsertEdit):
                found |= _texts_of(blocks_of(patch, patch.edit.blocks))
        for one in self._known.all:
            if isinstance(one.patch.edit, SplitEdit):
                found |= _texts_of(blocks_of(one.patch, one.patch.edit.between))
        return found

    # ------------------------------------------------------------ blocks of leaves

    def _own(self, leaf: int) -> list[str]:
        """Return the ids of the blocks that begin with words of a leaf: none where it was joined as a whole."""
        cuts = self._cuts(leaf)
        rests = [f"b{leaf}.{cut}" for cut in cuts]
        return rests if leaf - 1 in self._known.joins else [f"b{leaf}", *rests]

    def _blocks_with(self, leaf: int) -> list[str]:
        """Return the ids of the blocks that have words of a leaf, in order."""
        own = self._own(leaf)
        if leaf - 1 not in self._known.joins:
            return own
        return [self._blocks_with(leaf - 1)[-1], *own]

    def _cuts(self, leaf: int) -> list[int]:
        return [
            one.patch.anchor.start for one in self._known.words.get(leaf, ()) if isinstance(one.patch.edit, SplitEdit)
        ]

    def _seen(self, block: str) -> list[_Seen]:
        """Return the words of a block with their characters; none for a block that is no leaf's."""
        return [seen for _word, seen in self._words(block)]

    def _text(self, block: str) -> str:
        return "".join(text for text, _seen in self._words(block))

    def _words(self, block: str) -> Iterator[tuple[str, _Seen]]:
        """Yield the text of each word of a block, with what follows it, and where it is."""
        found = _OF_A_LEAF.fullmatch(block)
        if found is None or int(found[1]) >= len(self._base.blocks):
            return
        leaf, cut = int(found[1]), int(found[2] or 0)
        cuts = [0, *self._cuts(leaf)]
        if cut not in cuts or (not found[2] and leaf - 1 in self._known.joins):
            return
        at, segment = 0, cuts.index(cut)
        while True:
            words = self._segments(leaf)[segment]
            join = self._known.joins.get(leaf) if segment == len(cuts) - 1 else None
            for number, (word, first, end) in enumerate(words):
                own, gap = _text_of(word.pieces), _text_of(word.gap)
                if number == len(words) - 1:
                    gap = _gap_at_the_end(gap, join, is_cut=segment < len(cuts) - 1)
                yield own + gap, _Seen(leaf, first, end, at, at + len(own))
                at += len(own) + len(gap)
            if join is None:
                return
            leaf, segment = leaf + 1, 0
            cuts = [0, *self._cuts(leaf)]

    def _segments(self, leaf: int) -> list[list[tuple[Word, int, int]]]:
        """Return the words of a leaf as patched, divided where it was split, each with the words of the base that it is
        or stands for."""
        words = self._base.blocks[leaf].words
        segments: list[list[tuple[Word, int, int]]] = [[]]
        at = 0
        for one in self._known.words.get(leaf, ()):
            segments[-1] += [(word, number, number + 1) for number, word in enumerate(words[at : one.span.start], at)]
            at = one.span.end
            if isinstance(one.patch.edit, WordsEdit):
                segments[-1] += [(word, *one.span) for word in one.patch.edit.new_words]
            else:
                segments.append([])
        segments[-1] += [(word, number, number + 1) for number, word in enumerate(words[at:], at)]
        return segments


def _gap_at_the_end(gap: str, join: Patch | None, *, is_cut: bool) -> str:
    """Return what follows the last word of a leaf, or of a part of it."""
    if is_cut:
        return ""
    is_blank = join is not None and isinstance(join.edit, JoinEdit) and join.edit.has_blank
    return gap or " " if is_blank else gap


def _is_within(seen: _Seen, start: int, end: int) -> bool:
    """Return whether a word is, or stands for, some of the words from `start` to `end`; one put in, between them."""
    return start < seen.first < end if seen.first == seen.end else start <= seen.first and seen.end <= end


def _has_letters(text: str) -> bool:
    return any(character.isalnum() for character in text)


def _text_of(pieces: Sequence[Piece]) -> str:
    return "".join(piece.text for piece in pieces)


def _texts_of(blocks: Iterable[Block]) -> dict[str, str]:
    return {one.id: _text_of(one.text) for one in every(blocks) if one.kind in TEXTS}
