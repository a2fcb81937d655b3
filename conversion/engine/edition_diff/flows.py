"""How many words went from which chapter to which, and which are new or gone, by block."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import accumulate, chain

from ..align import EditionMap
from ..align.tokens import count_words
from .model import TextChapter

type Link = tuple[int, int]  # an old chapter and a new one


class Side:
    """One edition: its blocks in a row, how many words each has, and the chapter of each."""

    def __init__(self, chapters: Sequence[TextChapter]) -> None:
        self.chapters = chapters
        self.blocks = list(chain.from_iterable(chapter.blocks for chapter in chapters))
        self.counts = [count_words(block) for block in self.blocks]
        self.first = [0, *accumulate(len(chapter.blocks) for chapter in chapters)]
        self.total = sum(self.counts)
        self.words = [sum(self.counts[low:high]) for low, high in zip(self.first, self.first[1:], strict=False)]

    def chapter_of(self, block: int) -> int:
        return bisect_right(self.first, block) - 1

    def blocks_of(self, chapter: int) -> range:
        return range(self.first[chapter], self.first[chapter + 1])


@dataclass
class Flows:
    """`words` that went from an old chapter to a new one. `lost` and `come` are the words of an old and of a new block
    that the other edition does not have; `target` is the new block that a block's first words went to."""

    words: Counter[Link] = field(default_factory=Counter)
    lost: list[int] = field(default_factory=list)
    come: list[int] = field(default_factory=list)
    target: dict[int, int] = field(default_factory=dict)


def flows(old: Side, new: Side, aligned: EditionMap) -> Flows:
    """Count the words by the map of the two editions."""
    found = Flows(lost=list(old.counts), come=list(new.counts))

    def went(block: int, other: int, words: int) -> None:
        found.words[old.chapter_of(block), new.chapter_of(other)] += words
        found.lost[block] -= words
        found.come[other] -= words
        found.target.setdefault(block, other)

    for span in aligned.spans:
        for index in range(span.length):
            went(span.old + index, span.new + index, old.counts[span.old + index])
    for run in aligned.runs:
        text = old.blocks[run.old][run.old_start : run.old_start + run.length]
        went(run.old, run.new, count_words(text))
    for pair in aligned.pairs:  # without a word in common, but in the same place
        found.target.setdefault(pair.old, pair.new)
    return found
