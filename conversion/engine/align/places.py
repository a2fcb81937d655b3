"""Where a note or a reading place of an edition stands in another."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from enum import StrEnum
from itertools import accumulate, pairwise
from typing import NamedTuple

from ..edition_text import fold
from .edition_map import EditionMap, PairKind, Run
from .tokens import SPACELESS_WEIGHT, weight, words_between

# Weight of what is between words that still stand together: text that was put in, or text that was there and now lies
# between words that changed places.
_GAP = 150
_GAP_OUT_OF_ORDER = 30


class Position(NamedTuple):
    """A block and an offset in code points."""

    block: int
    offset: int


class AnchorState(StrEnum):
    EXACT = "exact"  # the same words
    MOVED = "moved"  # the same words, in another block than the one that took its block's place
    CHANGED = "changed"  # half of the words or more, standing together
    UNPLACED = "unplaced"  # fewer, or two places as good


class Anchor(NamedTuple):
    """Where a range stands: from `start` to before `end`. `score` is the share of its words there, 0 to 1. One that is
    unplaced has no place."""

    state: AnchorState
    start: Position | None
    end: Position | None
    score: float


class _Piece(NamedTuple):
    """Characters of a range and where they are now. `words` counts those that begin in it."""

    old: Position
    new: Position
    new_end: Position
    words: int


UNPLACED = Anchor(AnchorState.UNPLACED, None, None, 0.0)


class Placer:
    """Places ranges and points of an old edition in a new one, with the map between them and both texts."""

    def __init__(self, edition_map: EditionMap, old: Sequence[str], new: Sequence[str]) -> None:
        self.map = edition_map
        self.old, self.new = old, new
        self._old_starts = [0, *accumulate(map(len, old))]
        self._new_starts = [0, *accumulate(map(len, new))]

    # ------------------------------------------------------------ ranges

    def place(self, start: Position, end: Position) -> Anchor:
        """Place the words from `start` to before `end`. Offsets outside the text are taken as its edges."""
        start, end = self._inside(start), self._inside(end)
        if end <= start:
            return UNPLACED
        ranges = list(self._ranges(start, end))
        total = sum(len(words_between(self.old[block], low, high)) for block, low, high in ranges)
        pieces = [piece for block, low, high in ranges for piece in self._pieces(block, low, high)]
        if not total:
            return self._without_words(ranges, pieces)
        clusters = sorted(self._clusters(pieces), key=_words, reverse=True)
        best = _words(clusters[0]) if clusters else 0
        if 2 * best < total or (len(clusters) > 1 and _words(clusters[1]) == best):
            return UNPLACED._replace(score=best / total)
        first = min(piece.new for piece in clusters[0])
        last = max(piece.new_end for piece in clusters[0])
        return Anchor(self._state(ranges, clusters[0], first, last), first, last, best / total)

    def _inside(self, position: Position) -> Position:
        if position.block < 0 or not self.old:
            return Position(0, 0)
        if position.block >= len(self.old):
            return Position(len(self.old) - 1, len(self.old[-1]))
        return Position(position.block, min(max(position.offset, 0), len(self.old[position.block])))

    def _ranges(self, start: Position, end: Position) -> Iterator[tuple[int, int, int]]:
        for block in range(start.block, end.block + 1):
            low = start.offset if block == start.block else 0
            high = end.offset if block == end.block else len(self.old[block])
            if low < high:
                yield block, low, high

    def _pieces(self, block: int, low: int, high: int) -> Iterator[_Piece]:
        """Yield what the map says about a range of a block, by offset."""
        words = words_between(self.old[block], low, high)
        for run in self.map.runs_of(block, len(self.old[block])):
            start, end = max(run.old_start, low), min(run.old_start + run.length, high)
            if start < end:
                shift = run.new_start - run.old_start
                count = sum(start <= first < end for first, _ in words)
                yield _Piece(
                    Position(block, start), Position(run.new, start + shift), Position(run.new, end + shift), count
                )
        for change in self.map.changes_of(block):
            if change.old_start < high and change.old_end > low:
                yield _Piece(
                    Position(block, change.old_start),
                    Position(change.new, change.new_start),
                    Position(change.new, change.new_end),
                    int(change.alike),
                )

    def _clusters(self, pieces: list[_Piece]) -> list[list[_Piece]]:
        """Return the pieces in groups that stand together."""
        clusters: list[list[_Piece]] = []
        for piece in sorted(pieces, key=lambda piece: piece.new):
            if clusters and self._stand_together(clusters[-1][-1], piece):
                clusters[-1].append(piece)
            else:
                clusters.append([piece])
        return [cluster for cluster in clusters if _words(cluster)]

    def _stand_together(self, one: _Piece, other: _Piece) -> bool:
        limit = _GAP if one.old < other.old else _GAP_OUT_OF_ORDER
        distance = self._new_starts[other.new.block] + other.new.offset
        distance -= self._new_starts[one.new_end.block] + one.new_end.offset
        if distance * SPACELESS_WEIGHT <= limit or distance > limit:
            return distance <= limit
        between = "".join(self.new[one.new_end.block : other.new.block + 1])
        start = one.new_end.offset
        return weight(between[start : start + distance]) <= limit

    def _state(
        self, ranges: list[tuple[int, int, int]], cluster: list[_Piece], first: Position, last: Position
    ) -> AnchorState:
        before = [word for block, low, high in ranges for word in _folded(self.old[block], low, high)]
        after = [
            word
            for block in range(first.block, last.block + 1)
            for word in _folded(
                self.new[block],
                first.offset if block == first.block else 0,
                last.offset if block == last.block else len(self.new[block]),
            )
        ]
        if before != after:
            return AnchorState.CHANGED
        return AnchorState.MOVED if any(self._is_moved(piece) for piece in cluster) else AnchorState.EXACT

    def _is_moved(self, piece: _Piece) -> bool:
        kinds = {pair.new: pair.kind for pair in self.map.pairs_of(piece.old.block)}
        return kinds.get(piece.new.block, PairKind.MOVED) is PairKind.MOVED

    def _without_words(self, ranges: list[tuple[int, int, int]], pieces: list[_Piece]) -> Anchor:
        """Place a range of nothing but marks: where all of it stands in order, or nowhere."""
        wanted = sum(high - low for _, low, high in ranges)
        covered = sum(piece.new_end.offset - piece.new.offset for piece in pieces)
        if (
            not pieces
            or covered < wanted
            or any(two.new < one.new_end or not self._stand_together(one, two) for one, two in pairwise(pieces))
        ):
            return UNPLACED
        state = AnchorState.MOVED if any(map(self._is_moved, pieces)) else AnchorState.EXACT
        return Anchor(state, pieces[0].new, pieces[-1].new_end, 1.0)

    # ------------------------------------------------------------ points

    def point(self, position: Position) -> Position:
        """Return the nearest sensible place for a point, such as where a reader stopped. Never fails."""
        if not self.new:
            return Position(0, 0)
        position = self._inside(position)
        for block in self._by_distance(position.block):
            if (found := self._point_in(block, position)) is not None:
                return found
        return self._by_share(position)

    def _by_distance(self, block: int) -> Iterator[int]:
        """Yield the blocks from this one on, the nearest first, and the following one before the one in front."""
        yield from (
            near
            for step in range(max(block + 1, len(self.old) - block))
            for near in ((block + step, block - step) if step else (block,))
            if 0 <= near < len(self.old)
        )

    def _point_in(self, block: int, position: Position) -> Position | None:
        """Return the place in the text of a block of the old edition that is nearest to the position."""
        edges = self.old[block]
        offset = position.offset if block == position.block else (0 if block > position.block else len(edges))
        runs = self.map.runs_of(block, len(edges))
        if runs:
            run = min(runs, key=lambda run: _distance_to(run, offset))
            within = min(max(offset - run.old_start, 0), run.length)
            return Position(run.new, run.new_start + within)
        pairs = self.map.pairs_of(block)
        if not pairs:
            return None
        new = pairs[0].new
        return Position(new, round(offset * len(self.new[new]) / max(1, len(edges))))

    def _by_share(self, position: Position) -> Position:
        """Return the place at the same share of the whole, for editions that have nothing in common."""
        before = self._old_starts[position.block] + position.offset
        wanted = before * self._new_starts[-1] // max(1, self._old_starts[-1])
        block = min(bisect_right(self._new_starts, wanted) - 1, len(self.new) - 1)
        return Position(block, min(wanted - self._new_starts[block], len(self.new[block])))


def _words(cluster: list[_Piece]) -> int:
    return sum(piece.words for piece in cluster)


def _folded(text: str, low: int, high: int) -> list[str]:
    return [fold(text[start:end]) for start, end in words_between(text, low, high)]


def _distance_to(run: Run, offset: int) -> int:
    return max(run.old_start - offset, offset - run.old_start - run.length, 0)
