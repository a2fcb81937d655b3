"""Where the blocks and words of a base are in a Book that was read later.

Blocks are paired once for each base (`align.sure_pairs`); a patch then asks for words of one block.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from ..align.in_order import in_order
from ..align.sure import sure_pairs
from .base import Base
from .merge import Context, Reason, Span, where
from .words import Word, keys_of


class Place(NamedTuple):
    """Words of a block of the Book."""

    block: int
    span: Span


@dataclass(slots=True)
class _Part:
    """A block of the Book that has words of a base block; and the words of all blocks of the base that were joined to
    it, with the place where this one's begin."""

    block: int
    keys: list[str]
    base: list[str]
    offset: int


class Placing:
    """From one base to the base of the Book as it is now."""

    def __init__(self, old: Base, new: Base) -> None:
        self.old, self.new = old, new
        self.is_same_text = old.identity == new.identity
        if self.is_same_text:  # the same manuscript again: everything is where it was
            self.pairs = {block: block for block in range(len(old.blocks))}
            self._parts, self.likely = {}, {}
            return
        found = sure_pairs(
            (block.keys for block in old.blocks),
            (block.keys for block in new.blocks),
            [block.kind for block in old.blocks],
            [block.kind for block in new.blocks],
        )
        self.pairs, self._parts, self.likely = found.pairs, found.parts, found.likely

    def block(self, block: int) -> int | None:
        """Return the one block that a block of the base is now."""
        return self.pairs.get(block)

    def is_same(self, block: int) -> bool:
        """Return whether a block has the same words as in the base."""
        other = self.pairs.get(block)
        return other is not None and self.old.blocks[block].keys == self.new.blocks[other].keys

    def words(self, block: int, span: Span, wanted: Sequence[Word] | None = None) -> Place | Reason:
        """Return where words of a base block are: the words themselves, or others that came in their place between the
        same neighbours."""
        base = self.old.blocks[block].keys
        other = self.pairs.get(block)
        if wanted is None and other is not None and base == self.new.blocks[other].keys:
            return Place(other, span)
        keys = base[slice(*span)] if wanted is None else keys_of(wanted)
        places: list[Place] = []
        reasons: list[Reason] = []
        for part in self._of(block):
            context = Context(part.base, Span(span.start + part.offset, span.end + part.offset))
            found = where(context, keys, part.keys)
            if isinstance(found, Span):
                places.append(Place(part.block, found))
            else:
                reasons.append(found)
        if len(places) == 1 and Reason.SEVERAL not in reasons:
            return places[0]
        if places or Reason.SEVERAL in reasons:
            return Reason.SEVERAL
        return Reason.CHANGED if reasons else Reason.GONE

    def _of(self, block: int) -> list[_Part]:
        numbers = self._parts.get(block) or ([self.pairs[block]] if block in self.pairs else [])
        return [_Part(number, self.new.blocks[number].keys, *self._joined(block, numbers)) for number in numbers]

    def _joined(self, block: int, numbers: list[int]) -> tuple[list[str], int]:
        """Return the words of the blocks that are one with this block now, and where this block's begin."""
        first, last = block, block
        if len(numbers) == 1:
            while self._went_to(first - 1) == numbers[0]:
                first -= 1
            while self._went_to(last + 1) == numbers[0]:
                last += 1
        words = [self.old.blocks[number].keys for number in range(first, last + 1)]
        return [key for keys in words for key in keys], sum(map(len, words[: block - first]))

    def _went_to(self, block: int) -> int | None:
        """Return the block that has all the words of a block, if it is one."""
        parts = self._parts.get(block, [])
        return parts[0] if len(parts) == 1 else (None if parts else self.pairs.get(block))

    def parts(self, block: int) -> list[int]:
        """Return the blocks that have words of a block of the base, in order."""
        return [part.block for part in self._of(block)]

    def container(self, container: int) -> int | None:
        """Return the container that has most leaves of one of the base, and hardly others."""
        if self.is_same_text:
            return container
        old = self.old.containers[container]
        found = {self.pairs[block] for block in range(old.first, old.end) if block in self.pairs}
        if not found or 2 * len(found) <= old.end - old.first:
            return None
        holding = [
            (other.end - other.first, number)
            for number, other in enumerate(self.new.containers)
            if other.kind == old.kind and all(other.first <= block < other.end for block in found)
        ]
        size, number = min(holding, default=(0, 0))
        return number if holding and 2 * len(found) > size else None

    def is_same_container(self, container: int) -> bool:
        """Return whether a container has the same leaves with the same words as in the base."""
        other = self.container(container)
        if other is None:
            return False
        old, new = self.old.containers[container], self.new.containers[other]
        here, there = range(old.first, old.end), range(new.first, new.end)
        return [self.pairs.get(block) for block in here] == list(there) and all(map(self.is_same, here))

    def chapter(self, chapter: int) -> int | None:
        """Return the chapter where most of a chapter's words are, if most of that one's words are from it."""
        if self.is_same_text:
            return chapter
        best = self.chapter_with(chapter)
        if best is None:
            return None
        back = Counter[int]()
        for old, new in self.pairs.items():
            if self.new.blocks[new].chapter == best:
                back[self.old.blocks[old].chapter] += 1 + len(self.old.blocks[old].words)
        return best if 2 * back[chapter] > back.total() else None

    def chapter_with(self, chapter: int) -> int | None:
        """Return the chapter where most of a chapter's words are."""
        if self.is_same_text:
            return chapter
        span = self.old.chapters[chapter]
        votes = Counter[int]()
        for old in range(span.first, span.end):
            if old in self.pairs:
                votes[self.new.blocks[self.pairs[old]].chapter] += 1 + len(self.old.blocks[old].words)
        if not votes:
            return None
        best, share = votes.most_common(1)[0]
        return best if 2 * share > votes.total() and best >= 0 else None

    def guess(self, block: int, span: Span) -> Place | None:
        """Return where the words would be if nothing but them had changed. It is shown, and never applied."""
        other = self.pairs.get(block, self.likely.get(block))
        if other is None:
            return None
        base, theirs = self.old.blocks[block].keys, self.new.blocks[other].keys
        return Place(other, _between(base, theirs, span))


def _between(base: Sequence[str], theirs: Sequence[str], span: Span) -> Span:
    """Return what stands between the nearest words before and after a span that both have in order."""
    start, end = 0, len(theirs)
    for at, other, length in in_order(base, theirs):
        if at < span.start:
            start = other + min(length, span.start - at)
        if at + length > span.end:
            end = other + max(0, span.end - at)
            break
    return Span(min(start, end), max(start, end))
