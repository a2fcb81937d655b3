"""Which word of an edition stands where in another, once it is known which blocks belong together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from difflib import SequenceMatcher
from itertools import pairwise

from ..edition_text import fold
from .blocks import SHINGLE, SPACELESS_SHINGLE, Partner
from .edition_map import Change, Run
from .in_order import Match, in_order
from .tokens import Tokens

_PAIRED_OFF = 4  # words: the length of a gap whose words stand in each other's place
_CHANCE = 2  # words that are the same by chance, between longer stretches that are not
_ALIKE = 0.6  # of the letters, for a correction of spelling
NOWHERE = -1


class WordMatches:
    """For each word of the old edition the number of its word in the new one, or NOWHERE. Words of equal blocks in
    `spans` are not in it."""

    def __init__(self, old: Tokens, new: Tokens, spaceless: set[int]) -> None:
        self.old, self.new = old, new
        self.spaceless = spaceless
        self.target: dict[int, list[int]] = {}  # by old block
        self.taken: set[int] = set()  # numbers of new words
        self.changes: list[Change] = []

    def align(self, pairs: Iterable[Partner], free_old: Iterable[int], free_new: Sequence[int]) -> None:
        """Align the words of pairs; then words that are left in any block; then gaps."""
        free_old = list(free_old)
        self.target = {block: [NOWHERE] * len(self.old.keys[block]) for block in free_old}
        pairs = list(pairs)
        for ours, theirs in _groups(pairs):
            self._align_group(ours, theirs)
        self._align_rest(free_old, free_new)
        self._pair_off(pairs)

    def _align_group(self, ours: list[int], theirs: list[int]) -> None:
        here, numbers = _joined(self.old, ours)
        there, others = _joined(self.new, theirs)
        for start, other, length in _without_chance(in_order(here, there), len(here), len(there)):
            for index in range(length):
                self._set(numbers[start + index], others[other + index])

    def _set(self, number: int, other: int) -> None:
        block = self.old.block_of(number)
        self.target[block][number - self.old.first[block]] = other
        self.taken.add(other)

    def _align_rest(self, free_old: Iterable[int], free_new: Iterable[int]) -> None:
        """Align words that moved: halves that changed places, sentences that went elsewhere. A run of words that stands
        once in what is left of both is followed as far as both agree."""
        here = _once(self._left_old(free_old))
        there = _once(self._left_new(free_new))
        for shingle, number in here.items():
            if shingle in there:
                self._follow(number, there[shingle], len(shingle))

    def _left_old(self, blocks: Iterable[int]) -> Iterator[tuple[tuple[int, ...], int]]:
        for block in blocks:
            keys, target, first = self.old.keys[block], self.target[block], self.old.first[block]
            for start, shingle in _numbered(keys, self.spaceless):
                if all(place == NOWHERE for place in target[start : start + len(shingle)]):
                    yield shingle, first + start

    def _left_new(self, blocks: Iterable[int]) -> Iterator[tuple[tuple[int, ...], int]]:
        for block in blocks:
            first = self.new.first[block]
            for start, shingle in _numbered(self.new.keys[block], self.spaceless):
                if self.taken.isdisjoint(range(first + start, first + start + len(shingle))):
                    yield shingle, first + start

    def _follow(self, number: int, other: int, length: int) -> None:
        if any(self._free(number + index, other + index) is False for index in range(length)):
            return
        while self._free(number - 1, other - 1):
            number, other, length = number - 1, other - 1, length + 1
        while self._free(number + length, other + length):
            length += 1
        for index in range(length):
            self._set(number + index, other + index)

    def _free(self, number: int, other: int) -> bool:
        """Return whether two words are the same and both without a partner."""
        if not (0 <= number < self.old.first[-1] and 0 <= other < self.new.first[-1]) or other in self.taken:
            return False
        block, word = self.old.word(number)
        target = self.target.get(block)
        if target is None or target[number - self.old.first[block]] != NOWHERE:
            return False
        return word.key == self.new.word(other)[1].key

    def _pair_off(self, pairs: Iterable[Partner]) -> None:
        partner = {pair.old: pair.new for pair in pairs}
        for block, target in self.target.items():
            for start, end, other in self._gaps(block, target, partner.get(block)):
                for index in range(start, end):
                    self._change(block, index, other + index - start, is_single=end - start == 1)

    def _gaps(self, block: int, target: list[int], partner: int | None) -> Iterator[tuple[int, int, int]]:
        """Yield the short gaps of a block that have the same length in the new edition, and where they begin there."""
        known = [index for index, place in enumerate(target) if place != NOWHERE]
        if not known:
            if partner is not None and len(target) == len(self.new.keys[partner]) <= _PAIRED_OFF:
                yield 0, len(target), self.new.first[partner]
            return
        start, end = target[known[0]], target[known[-1]]
        before = start - self.new.first[self.new.block_of(start)]
        after = self.new.first[self.new.block_of(end) + 1] - 1 - end
        if known[0] == before <= _PAIRED_OFF:
            yield 0, known[0], start - before
        for low, high in pairwise(known):
            if 1 < high - low <= _PAIRED_OFF + 1 and high - low == target[high] - target[low]:
                yield low + 1, high, target[low] + 1
        if len(target) - 1 - known[-1] == after <= _PAIRED_OFF:
            yield known[-1] + 1, len(target), end + 1

    def _change(self, block: int, index: int, other: int, *, is_single: bool) -> None:
        if other in self.taken:
            return
        self.taken.add(other)
        word = self.old.words[block][index]
        new_block, new_word = self.new.word(other)
        before = self.old.texts[block][word.start : word.end]
        after = self.new.texts[new_block][new_word.start : new_word.end]
        # A single character has no letters in common with another: where it stands must do.
        alike = (is_single and {word.key, new_word.key} <= self.spaceless) or _is_alike(before, after)
        self.changes.append(Change(block, word.start, word.end, new_block, new_word.start, new_word.end, alike))

    def runs(self) -> Iterator[Run]:
        """Yield the runs of characters that the words make, with the marks between them."""
        for block, target in sorted(self.target.items()):
            run: Run | None = None
            for index, place in enumerate(target):
                if place == NOWHERE:
                    continue
                here = self.old.words[block][index]
                new_block, there = self.new.word(place)
                length = min(here.end - here.start, there.end - there.start)
                joined = _joint(run, block, here.start, new_block, there.start)
                if joined and index and target[index - 1] == place - 1 and run is not None:
                    run = run._replace(length=here.start + length - run.old_start)
                    continue
                if run is not None:
                    yield run
                run = Run(block, here.start, new_block, there.start, length)
            if run is not None:
                yield run


def _joint(run: Run | None, block: int, start: int, new_block: int, new_start: int) -> bool:
    return run is not None and run.new == new_block and start - run.old_start == new_start - run.new_start


def _without_chance(matches: list[Match], length: int, other_length: int) -> Iterator[Match]:
    """Yield the matches less single words between longer stretches of others: they are there by chance."""
    ends = [(0, 0), *((start + size, other + size) for start, other, size in matches)]
    starts = [*((start, other) for start, other, _ in matches[1:]), (length, other_length)]
    for (start, other, size), (end, other_end), (following, other_following) in zip(
        matches, ends, starts, strict=False
    ):
        before = max(start - end, other - other_end)
        after = max(following - start, other_following - other) - size
        if size > _CHANCE or size >= min(before, after):
            yield start, other, size


def _groups(pairs: Iterable[Partner]) -> Iterator[tuple[list[int], list[int]]]:
    """Yield the blocks that hang together through pairs: old ones and new ones, in order."""
    theirs: defaultdict[int, list[int]] = defaultdict(list)
    ours: defaultdict[int, list[int]] = defaultdict(list)
    for pair in pairs:
        theirs[pair.old].append(pair.new)
        ours[pair.new].append(pair.old)
    seen: set[int] = set()
    for first in theirs:
        if first in seen:
            continue
        old, new, waiting = {first}, set[int](), [first]
        while waiting:
            for other in theirs[waiting.pop()]:
                if other not in new:
                    new.add(other)
                    added = set(ours[other]) - old
                    old |= added
                    waiting += added
        seen |= old
        yield sorted(old), sorted(new)


def _joined(tokens: Tokens, blocks: list[int]) -> tuple[list[int], list[int]]:
    keys = [key for block in blocks for key in tokens.keys[block]]
    numbers = [number for block in blocks for number in range(tokens.first[block], tokens.first[block + 1])]
    return keys, numbers


def _numbered(keys: Sequence[int], spaceless: set[int]) -> Iterator[tuple[int, tuple[int, ...]]]:
    for start in range(len(keys)):
        width = SPACELESS_SHINGLE if keys[start] in spaceless else SHINGLE
        if start + width <= len(keys):
            yield start, tuple(keys[start : start + width])


def _once(shingles: Iterable[tuple[tuple[int, ...], int]]) -> dict[tuple[int, ...], int]:
    places: dict[tuple[int, ...], int] = {}
    for shingle, number in shingles:
        places[shingle] = NOWHERE if shingle in places else number
    return {shingle: number for shingle, number in places.items() if number != NOWHERE}


def _is_alike(before: str, after: str) -> bool:
    return SequenceMatcher(None, fold(before), fold(after), autojunk=False).ratio() >= _ALIKE
