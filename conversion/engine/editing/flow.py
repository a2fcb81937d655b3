"""Where the words of some leaves of a base are in the blocks that are wanted in their place: cut, joined, or both.

leaves   | It was a dark night. | Nobody slept. |
parts    | It was a dark | night. Nobody slept. |        the first leaf is split, its rest joined with the second
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, pairwise

from ..align.in_order import in_order
from ..patches.diff import Replaced, replaced
from ..patches.merge import Span
from ..patches.pieces import Piece
from ..patches.words import Word, keys_of, words_of
from .document import Block
from .structure import Item

_BLANK = (Piece(" "),)

type Rest = Callable[[Item, Block], bool]  # whether a block may be the rest of a leaf that is split


@dataclass(slots=True)
class Cell:
    """The words of a leaf, or of a part of it, and those that are wanted there. Offsets count in the leaf."""

    leaf: int  # which of the leaves
    part: int  # which of the parts
    start: int
    end: int
    words: list[Word]
    is_cut_before: bool
    is_cut_after: bool
    is_joined: bool = False  # with the leaf after it
    has_blank: bool = True

    def differences(self, base: Sequence[Word]) -> list[Replaced]:
        """Return what differs, in offsets of the leaf. Where a leaf is cut, no words come in between two patches: they
        would be on either side. Raises UnknownNode."""
        own = base[self.start : self.end]
        found = [Replaced(Span(*one.old), Span(*one.new)) for one in replaced(own, self.words)]
        if found and self.is_cut_before and found[0].old == (0, 0) and own:
            found = _wider(found, 0, Replaced(Span(0, 1), Span(0, found[0].new.end + 1)))
        if found and self.is_cut_after and found[-1].old == (len(own), len(own)) and own:
            last = found[-1]
            found = _wider(
                found, len(found) - 1, Replaced(Span(len(own) - 1, len(own)), Span(last.new.start - 1, last.new.end))
            )
        return [Replaced(Span(one.old.start + self.start, one.old.end + self.start), one.new) for one in found]


def _wider(found: list[Replaced], at: int, wider: Replaced) -> list[Replaced]:
    """Return the differences with one that has a neighbouring word too, joined with those that it touches now."""
    found = [*found[:at], wider, *found[at + 1 :]]
    joined: list[Replaced] = []
    for one in found:
        if joined and one.old.start <= joined[-1].old.end:
            last = joined.pop()
            old = Span(last.old.start, max(last.old.end, one.old.end))
            joined.append(Replaced(old, Span(last.new.start, max(last.new.end, one.new.end))))
        else:
            joined.append(one)
    return joined


@dataclass(slots=True)
class Division:
    """How the words of leaves are divided among the parts: `starts` has where each part begins, as a leaf and an offset
    in it. Of the leaves and parts that were asked about, these are the ones that belong together."""

    leaves: list[Item]
    parts: list[Block]
    starts: list[tuple[int, int]]
    cells: list[Cell]


class Dividing:
    def __init__(self, words: Callable[[Item], Sequence[Word]], may_be_rest: Rest) -> None:
        self._words, self._may_be_rest = words, may_be_rest

    def divide(self, leaves: list[Item], parts: list[Block]) -> Division:
        """Return the division. Leaves whose words are not in the parts, and parts without words of the leaves, are left
        out, but never the first of both."""
        if not self._words(leaves[0]):
            leaves = leaves[:1]
        while True:
            texts = [list(self._words(leaf)) for leaf in leaves]
            wanted = [words_of(part.text) for part in parts]
            if len(leaves) == len(parts) == 1:
                cell = Cell(0, 0, 0, len(texts[0]), wanted[0], is_cut_before=False, is_cut_after=False)
                return Division(leaves, parts, [(0, 0)], [cell])
            tried = _Tried(texts, wanted)
            if (strange := tried.leaf_without_words()) is not None:
                leaves = leaves[:strange]
            elif (strange := tried.part_without_words()) is not None:
                parts = [*parts[:strange], *parts[strange + 1 :]] if strange else parts[:1]
            else:
                starts = tried.starts()
                strange = next(
                    (n for n, (leaf, at) in enumerate(starts) if at and not self._may_be_rest(leaves[leaf], parts[n])),
                    None,
                )
                if strange is None:
                    return Division(leaves, parts, starts, tried.cells(starts))
                parts = [*parts[:strange], *parts[strange + 1 :]]


class _Tried:
    """Leaves and parts, and the words that both have."""

    def __init__(self, leaves: list[list[Word]], parts: list[list[Word]]) -> None:
        self.leaves, self.parts = leaves, parts
        self.leaf_ends = list(accumulate(map(len, leaves)))
        self.part_ends = list(accumulate(map(len, parts)))
        self.base = [word for words in leaves for word in words]
        self.wanted = [word for words in parts for word in words]
        pairs = [
            (start + n, other + n)
            for start, other, length in in_order(keys_of(self.base), keys_of(self.wanted))
            for n in range(length)
        ]
        self.old, self.new = [pair[0] for pair in pairs], [pair[1] for pair in pairs]

    def leaf_without_words(self) -> int | None:
        """Return the first leaf after the first that has not most of its words in the parts."""
        for number in range(1, len(self.leaves)):
            low, high = self.leaf_ends[number - 1], self.leaf_ends[number]
            if 2 * (bisect_left(self.old, high) - bisect_left(self.old, low)) <= high - low:
                return number
        return None

    def part_without_words(self) -> int | None:
        for number in range(len(self.parts)):
            low = self.part_ends[number - 1] if number else 0
            if bisect_left(self.new, self.part_ends[number]) == bisect_left(self.new, low) and (
                number or len(self.parts) > 1
            ):
                return number
        return None

    def starts(self) -> list[tuple[int, int]]:
        """Return where each part begins: at a leaf's beginning if that is possible, else before its first word that
        the leaf has."""
        found = [(0, 0)]
        for end in self.part_ends[:-1]:
            at = bisect_left(self.new, end)
            low, high = self.old[at - 1] + 1, self.old[at]
            edge = next((edge for edge in self.leaf_ends[:-1] if low <= edge <= high), None)
            cut = high if edge is None else edge
            leaf = next(number for number, leaf_end in enumerate(self.leaf_ends) if cut < leaf_end)
            found.append((leaf, cut - (self.leaf_ends[leaf - 1] if leaf else 0)))
        return found

    def cells(self, starts: list[tuple[int, int]]) -> list[Cell]:
        """Return the words that are wanted of each leaf, or of each part of it."""
        offsets = [0, *self.leaf_ends]
        cuts = {offsets[leaf] + at: number for number, (leaf, at) in enumerate(starts)}
        edges = sorted({*offsets, *cuts})
        places = [self._wanted_from(edge, cuts) for edge in edges]
        cells: list[Cell] = []
        part = 0
        for number, (low, high) in enumerate(pairwise(edges)):
            part = cuts.get(low, part)
            leaf = bisect_left(self.leaf_ends, low + 1)
            is_last = high == self.leaf_ends[-1]
            cell = Cell(
                leaf,
                part,
                low - offsets[leaf],
                high - offsets[leaf],
                self.wanted[places[number] : places[number + 1]],
                is_cut_before=low not in offsets,
                is_cut_after=high not in offsets,
                is_joined=high in offsets and high not in cuts and not is_last,
            )
            _fit_gap(cell, self.base[high - 1] if high > low else None)
            cells.append(cell)
        return cells

    def _wanted_from(self, edge: int, cuts: dict[int, int]) -> int:
        """Return the wanted word that an edge comes before."""
        if edge in cuts:
            number = cuts[edge]
            return self.part_ends[number - 1] if number else 0
        if edge == self.leaf_ends[-1]:
            return len(self.wanted)
        at = bisect_left(self.old, edge)
        following = self.new[at] if at < len(self.new) else len(self.wanted)
        part_start = max(cut for cut in cuts if cut <= edge)
        limit = self.part_ends[cuts[part_start]]
        return min(following, limit)


def _fit_gap(cell: Cell, last: Word | None) -> None:
    """Let a cell's last word end as it will be written: without a blank where its leaf is cut, and with the one that
    joining puts there."""
    if not cell.words or last is None:
        return
    gap = cell.words[-1].gap
    if cell.is_cut_after:
        cell.words[-1] = replace(cell.words[-1], gap=last.gap)
    elif cell.is_joined:
        cell.has_blank = bool(gap)
        if gap == _BLANK and not last.gap:
            cell.words[-1] = replace(cell.words[-1], gap=())
