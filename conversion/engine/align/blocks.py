"""Which block of an edition belongs to which of another.

In this order: equal blocks in the same order; equal blocks elsewhere, that stand once in what is left, and their equal
neighbours; blocks that share runs of words, with up to three partners; blocks alone between two pairs.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from .in_order import in_order, increasing
from .tokens import Tokens

SHINGLE = 3  # words; kept as their 64-bit hash
SPACELESS_SHINGLE = 5  # characters: three of them are common in any text
_PARTNERS = 3
_COMMON = 12  # blocks that share a shingle: it says nothing about where its words came from
_SHARE = 0.2  # of the shingles of the shorter block that a partner has at least
_ALIKE = 0.5  # Dice of words, for blocks between two pairs
_AHEAD = 0.15  # of the second best


class Partner(NamedTuple):
    old: int
    new: int
    is_equal: bool
    moved: bool


def partners(old: Tokens, new: Tokens, spaceless: set[int]) -> list[Partner]:
    """Return the pairs of blocks, sorted."""
    pairing = _Pairing(old, new, spaceless)
    pairing.equal_in_order()
    pairing.equal_elsewhere()
    pairing.sharing_words()
    pairing.between_pairs()
    return pairing.result()


type Votes = dict[tuple[int, int], int]  # shingles in common, by pair


class _Shingles:
    """The shingles of blocks that have no partner, less those that have spoken for one."""

    def __init__(self, keys: Sequence[tuple[int, ...]], blocks: Iterable[int], spaceless: set[int]) -> None:
        self.left = {block: set(shingled(keys[block], spaceless)) for block in blocks}
        self.count = {block: len(shingles) for block, shingles in self.left.items()}

    def holders(self) -> _Holders:
        """Return the blocks of each shingle."""
        found = _Holders()
        for block, shingles in self.left.items():
            for shingle in shingles:
                found.add(shingle, block)
        return found


class _Holders:
    """The blocks of shingles. Most have one block, and a list for each would take most of the memory."""

    def __init__(self) -> None:
        self._first: dict[int, int] = {}
        self._more: dict[int, list[int]] = {}

    def add(self, shingle: int, block: int) -> None:
        if shingle in self._more:
            self._more[shingle].append(block)
        elif (first := self._first.setdefault(shingle, block)) != block:
            self._more[shingle] = [first, block]

    def of(self, shingle: int) -> Sequence[int]:
        if (more := self._more.get(shingle)) is not None:
            return more
        first = self._first.get(shingle)
        return () if first is None else (first,)

    def __iter__(self) -> Iterator[int]:
        return iter(self._first)


def _votes(ours: _Shingles, theirs: _Shingles, *, most: int) -> Votes:
    """Return for each pair how many shingles it shares that at most so many blocks of either side have."""
    votes: Counter[tuple[int, int]] = Counter()
    others = theirs.holders()
    for shingle in (mine := ours.holders()):
        blocks = mine.of(shingle)
        if len(blocks) <= most and len(found := others.of(shingle)) <= most:
            votes.update((block, other) for block in blocks for other in found)
    return votes


class _Pairing:
    def __init__(self, old: Tokens, new: Tokens, spaceless: set[int]) -> None:
        self.old, self.new = old, new
        self.spaceless = spaceless
        self.equal: dict[int, int] = {}  # old to new
        self.taken: set[int] = set()  # new blocks of equal pairs
        self.in_place: set[int] = set()  # old blocks of equal pairs in order
        self.edges: set[tuple[int, int]] = set()  # pairs that are not equal

    def _pair(self, old: int, new: int) -> None:
        self.equal[old] = new
        self.taken.add(new)

    def equal_in_order(self) -> None:
        for start, other, length in in_order(self.old.keys, self.new.keys):
            for index in range(length):
                self._pair(start + index, other + index)
                self.in_place.add(start + index)

    def equal_elsewhere(self) -> None:
        old, new = self._left()
        here, there = _places(self.old.keys, old), _places(self.new.keys, new)
        for key, places in here.items():
            if len(places) == 1 and len(there.get(key, ())) == 1:
                self._extend(places[0], there[key][0])

    def _extend(self, old: int, new: int) -> None:
        """Pair two equal blocks, and their neighbours as far as they are equal and have no partner."""
        if old in self.equal or new in self.taken:
            return
        self._pair(old, new)
        for step in (-1, 1):
            here, there = old + step, new + step
            while self._is_free(here, there) and self.old.keys[here] == self.new.keys[there]:
                self._pair(here, there)
                here, there = here + step, there + step

    def _is_free(self, old: int, new: int) -> bool:
        inside = 0 <= old < len(self.old.keys) and 0 <= new < len(self.new.keys)
        return inside and old not in self.equal and new not in self.taken

    def _left(self) -> tuple[list[int], list[int]]:
        old = [block for block in range(len(self.old.keys)) if block not in self.equal]
        new = [block for block in range(len(self.new.keys)) if block not in self.taken]
        return old, new

    def sharing_words(self) -> None:
        """Pair blocks by their shingles, the surest pairs first. A shingle speaks for one pair: the twin of a block
        that has its partner finds nothing left there."""
        old, new = self._left()
        left = _Shingles(self.old.keys, old, self.spaceless), _Shingles(self.new.keys, new, self.spaceless)
        self._accept(*left, _votes(*left, most=1))
        votes = _votes(*left, most=_COMMON)
        self._accept(*left, self._between_same_pairs(votes))
        self._accept(*left, votes)

    def _accept(self, ours: _Shingles, theirs: _Shingles, votes: Votes) -> None:
        degrees = Counter(old for old, _ in self.edges)
        other_degrees = Counter(new for _, new in self.edges)
        for (old, new), _ in sorted(votes.items(), key=lambda vote: (-vote[1], abs(vote[0][0] - vote[0][1]), vote[0])):
            common = ours.left[old] & theirs.left[new]
            if len(common) < _SHARE * min(ours.count[old], theirs.count[new]) or not common:
                continue
            if degrees[old] < _PARTNERS and other_degrees[new] < _PARTNERS:
                self.edges.add((old, new))
                degrees[old] += 1
                other_degrees[new] += 1
                ours.left[old] -= common
                theirs.left[new] -= common

    def _between_same_pairs(self, votes: Votes) -> Votes:
        backbone = self._backbone()
        lows, other_lows = [old for old, _ in backbone], [new for _, new in backbone]

        def are_neighbours(old: int, new: int) -> bool:
            first = max(bisect_left(lows, old), bisect_left(other_lows, new))
            return first <= min(bisect_right(lows, old), bisect_right(other_lows, new))

        return {pair: count for pair, count in votes.items() if are_neighbours(*pair)}

    def between_pairs(self) -> None:
        """Pair blocks without a partner that stand between the same two pairs: the only ones, or the most alike."""
        paired_old = self.equal.keys() | {old for old, _ in self.edges}
        paired_new = self.taken | {new for _, new in self.edges}
        for old, new in self._gaps(paired_old, paired_new):
            if len(old) == len(new) == 1:
                self.edges.add((old[0], new[0]))
            else:
                self.edges.update(self._most_alike(old, new))

    def _gaps(self, paired_old: set[int], paired_new: set[int]) -> Iterator[tuple[list[int], list[int]]]:
        steps = [(-1, -1), *self._backbone(), (len(self.old.keys), len(self.new.keys))]
        for (low, other_low), (high, other_high) in pairwise(steps):
            old = [block for block in range(low + 1, high) if block not in paired_old]
            new = [block for block in range(other_low + 1, other_high) if block not in paired_new]
            if old and new and len(old) * len(new) <= 400:
                yield old, new

    def _backbone(self) -> list[tuple[int, int]]:
        """Return the pairs that are in the order of both editions, one for each block."""
        best = dict(sorted(self.edges, reverse=True)) | {old: self.equal[old] for old in self.in_place}
        return increasing(sorted(best.items()))

    def _most_alike(self, old: list[int], new: list[int]) -> Iterator[tuple[int, int]]:
        table = {(one, other): dice(self.old.keys[one], self.new.keys[other]) for one in old for other in new}
        for (one, other), likeness in table.items():
            rest = [table[one, third] for third in new if third != other]
            rest += [table[third, other] for third in old if third != one]
            if likeness >= _ALIKE and likeness - max(rest, default=0) >= _AHEAD:
                yield one, other

    def result(self) -> list[Partner]:
        backbone = self._backbone()
        pairs = [Partner(old, new, True, old not in self.in_place) for old, new in self.equal.items()]
        places = dict(backbone)
        lows = [old for old, _ in backbone]
        for old, new in self.edges:
            pairs.append(Partner(old, new, False, _is_out_of_order(old, new, places, backbone, lows)))
        return sorted(pairs)


def _is_out_of_order(
    old: int, new: int, places: dict[int, int], backbone: list[tuple[int, int]], lows: list[int]
) -> bool:
    index = bisect_left(lows, old)
    before = backbone[index - 1][1] if index else -1
    after_index = index + (old in places)
    after = backbone[after_index][1] if after_index < len(backbone) else 1 << 60
    return not before <= new <= after


def shingled(keys: Sequence[int], spaceless: set[int]) -> list[int]:
    """Return the hashes of the runs of words of a block; a block shorter than one is itself a run."""
    runs = []
    for start in range(len(keys)):
        width = SPACELESS_SHINGLE if keys[start] in spaceless else SHINGLE
        if start + width <= len(keys):
            runs.append(hash(tuple(keys[start : start + width])))
    return runs or [hash(tuple(keys))]


def dice(one: Sequence[int], other: Sequence[int]) -> float:
    """Return the share of words in common, from 0 to 1."""
    common = (Counter(one) & Counter(other)).total()
    return 2 * common / (len(one) + len(other)) if one or other else 0.0


def _places(keys: Sequence[tuple[int, ...]], blocks: Iterable[int]) -> dict[tuple[int, ...], list[int]]:
    places: dict[tuple[int, ...], list[int]] = {}
    for block in blocks:
        places.setdefault(keys[block], []).append(block)
    return places
