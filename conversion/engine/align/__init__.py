"""Align two versions of a text: an edition with the next for readers' places and notes, a manuscript with its next
version for the author's changes.

    aligned = align(old_blocks, new_blocks)           once for each pair of editions
    Placer(aligned, old_blocks, new_blocks).place(…)  for each note, straight from its own edition

Blocks are paired first, then words inside them: see `blocks.py` and `words.py`. `find_quote` is for what has no map.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from .blocks import Partner, dice, partners
from .edition_map import VERSION, Change, EditionMap, Pair, PairKind, Run, Span
from .places import UNPLACED, Anchor, AnchorState, Placer, Position
from .quotes import Found, QuoteFinder, find_quote
from .tokens import Tokens, Vocabulary
from .words import WordMatches

__all__ = [
    "UNPLACED",
    "VERSION",
    "Anchor",
    "AnchorState",
    "Change",
    "EditionMap",
    "Found",
    "Pair",
    "PairKind",
    "Placer",
    "Position",
    "QuoteFinder",
    "Run",
    "Span",
    "align",
    "find_quote",
]


def align(old_blocks: Sequence[str], new_blocks: Sequence[str]) -> EditionMap:
    """Return where the text of the old blocks stands in the new ones. Never fails; equal input gives equal maps."""
    vocabulary = Vocabulary()
    old, new = Tokens(old_blocks, vocabulary), Tokens(new_blocks, vocabulary)
    pairs = partners(old, new, vocabulary.spaceless)
    same = [pair for pair in pairs if pair.is_equal and _is_same(old, new, pair)]
    same_old, same_new = {pair.old for pair in same}, {pair.new for pair in same}
    others = [pair for pair in pairs if pair.old not in same_old]
    words = WordMatches(old, new, vocabulary.spaceless)
    words.align(
        others,
        [block for block in range(len(old_blocks)) if block not in same_old],
        [block for block in range(len(new_blocks)) if block not in same_new],
    )
    return EditionMap(
        len(old_blocks),
        len(new_blocks),
        tuple(_spans(same)),
        tuple(words.runs()),
        tuple(sorted(words.changes)),
        tuple(_pairs(others, old, new)),
    )


def _is_same(old: Tokens, new: Tokens, pair: Partner) -> bool:
    """Return whether equal words stand at equal offsets, so that the blocks agree character for character."""
    return len(old.texts[pair.old]) == len(new.texts[pair.new]) and old.words[pair.old] == new.words[pair.new]


def _spans(same: Sequence[Partner]) -> Iterator[Span]:
    span: Span | None = None
    for pair in same:
        if span is not None and (pair.old, pair.new, pair.moved) == (
            span.old + span.length,
            span.new + span.length,
            span.moved,
        ):
            span = span._replace(length=span.length + 1)
            continue
        if span is not None:
            yield span
        span = Span(pair.old, pair.new, 1, pair.moved)
    if span is not None:
        yield span


def _pairs(pairs: Sequence[Partner], old: Tokens, new: Tokens) -> Iterator[Pair]:
    partners_of_old = Counter(pair.old for pair in pairs)
    partners_of_new = Counter(pair.new for pair in pairs)
    for pair in pairs:
        kind = PairKind.ONE
        if pair.moved:
            kind = PairKind.MOVED
        elif partners_of_old[pair.old] > 1:
            kind = PairKind.SPLIT
        elif partners_of_new[pair.new] > 1:
            kind = PairKind.JOINED
        yield Pair(pair.old, pair.new, kind, round(100 * dice(old.keys[pair.old], new.keys[pair.new])))
