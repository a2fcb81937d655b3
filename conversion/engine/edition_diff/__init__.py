"""What changed between two editions, by their text: titles prove nothing, since an author may rename every chapter.

    compare(old_chapters, new_chapters) -> EditionDiff

The aligner pairs the blocks and their words (`align`); a chapter goes where its words went (`lineage.py`). Words are
counted as the aligner reads them: without case and marks, a character in scripts without spaces.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

from ..align import EditionMap, align
from .flows import Flows, Side, flows
from .gaps import gaps_between_pairs, gaps_of_chapters, with_gaps_paired, with_strays, without_strays
from .lineage import Lineage, lineage
from .model import VERSION, ChapterDiff, EditionDiff, Fate, Passage, Piece, PieceKind, TextChapter
from .passages import Place, passage, places

__all__ = [
    "VERSION",
    "ChapterDiff",
    "EditionDiff",
    "Fate",
    "Passage",
    "Piece",
    "PieceKind",
    "TextChapter",
    "compare",
]

_SHOWN = 60  # passages of a chapter
_SHOWN_IN_ALL = 600


def compare(old: Sequence[TextChapter], new: Sequence[TextChapter]) -> EditionDiff:
    """Return what changed from the old chapters to the new ones. Never fails; equal input gives equal results."""
    before, after = Side(old), Side(new)
    aligned = align(before.blocks, after.blocks)
    aligned = with_gaps_paired(before.blocks, after.blocks, aligned, gaps_between_pairs(aligned))
    sources = lineage(before, after, flows(before, after, aligned), aligned).sources
    aligned, strays = without_strays(before, after, sources, aligned)
    gaps = gaps_of_chapters(before, after, flows(before, after, aligned), sources)
    aligned = with_strays(with_gaps_paired(before.blocks, after.blocks, aligned, gaps), strays)
    return _Comparison(before, after, aligned).result()


class _Comparison:
    def __init__(self, old: Side, new: Side, aligned: EditionMap) -> None:
        self.old, self.new, self.aligned = old, new, aligned
        self.flow: Flows = flows(old, new, aligned)
        self.lineage: Lineage = lineage(old, new, self.flow, aligned)
        self.near = list(self._near())
        self.moved = self._moved()
        self.left = _SHOWN_IN_ALL

    def result(self) -> EditionDiff:
        lost, here = self._lost(), self._places()
        rows = []
        for number, rest in self._order():
            if rest is not None:
                rows.append(self._gone(rest))
                continue
            rows.append(self._chapter(number, lost[number], here[number]))
        return EditionDiff(tuple(rows), self.old.total, self.new.total)

    def _order(self) -> Iterator[tuple[int, int | None]]:
        """Yield the new chapters, and after each the old ones that followed it and are gone."""
        gone: defaultdict[int, list[int]] = defaultdict(list)
        last = -1
        for number in range(len(self.old.chapters)):
            if number in self.lineage.heir:
                last = self.lineage.heir[number]
            else:
                gone[last].append(number)
        for number in range(-1, len(self.new.chapters)):
            if number >= 0:
                yield number, None
            for rest in gone[number]:
                yield number, rest

    def _gone(self, number: int) -> ChapterDiff:
        chapter = self.old.chapters[number]
        lost = sum(self.flow.lost[block] for block in self.old.blocks_of(number))
        return ChapterDiff(chapter.title, (Fate.GONE,), (chapter.title,), self.old.words[number], removed=lost)

    def _chapter(self, number: int, lost: int, here: list[Place]) -> ChapterDiff:
        fates = self.lineage.fates[number]
        sources = self.lineage.sources.get(number, [])
        shown = [] if Fate.ADDED in fates else here[: min(_SHOWN, self.left)]
        self.left -= len(shown)
        return ChapterDiff(
            self.new.chapters[number].title,
            fates,
            tuple(self.old.chapters[source].title for source in sources),
            self.new.words[number],
            added=sum(self.flow.come[block] for block in self.new.blocks_of(number)),
            removed=lost,
            moved=self.moved[number],
            passages=tuple(passage(self.old, self.new, place) for place in shown),
            hidden=0 if Fate.ADDED in fates else len(here) - len(shown),
        )

    def _near(self) -> Iterator[int]:
        """Yield for each old block the new block that it is, or where it would stand; -1 if its chapter is gone."""
        for number in range(len(self.old.chapters)):
            heir = self.lineage.heir.get(number)
            last = self.new.first[heir] - 1 if heir is not None else -1
            for block in self.old.blocks_of(number):
                target = self.flow.target.get(block)
                if target is not None and heir is not None:
                    last = target
                yield last if heir is not None else -1

    def _home(self, block: int) -> int | None:
        """Return the new chapter in which an old block is, or was: None if its chapter is gone."""
        number = self.old.chapter_of(block)
        heir = self.lineage.heir.get(number)
        if heir is None:
            return None
        near = self.new.chapter_of(max(self.near[block], 0)) if self.near[block] >= 0 else heir
        return near if number in self.lineage.sources.get(near, ()) else heir

    def _lost(self) -> defaultdict[int, int]:
        found: defaultdict[int, int] = defaultdict(int)
        for block, words in enumerate(self.flow.lost):
            home = self._home(block)
            if words and home is not None:
                found[home] += words
        return found

    def _places(self) -> defaultdict[int, list[Place]]:
        """Return the places of each new chapter, in order."""
        found: defaultdict[int, list[Place]] = defaultdict(list)
        for place in places(self.old, self.new, self.aligned):
            home = self.new.chapter_of(place.new[0]) if place.new else self._home(place.old[0])
            if home is not None:
                found[home].append(place)
        for rows in found.values():
            rows.sort(key=self._order_of_place)
        return found

    def _order_of_place(self, place: Place) -> tuple[int, int, int]:
        if place.new:
            return place.new[0], 0, 0
        return self.near[place.old[0]], 1, place.old[0]

    def _moved(self) -> Counter[int]:
        """Count for each new chapter the paragraphs that stay as they are, but came from another chapter or place."""
        count: Counter[int] = Counter()
        for span in self.aligned.spans:
            for index in range(span.length):
                number = self.new.chapter_of(span.new + index)
                is_own = self.old.chapter_of(span.old + index) in self.lineage.sources.get(number, ())
                if not is_own or (span.moved and Fate.MOVED not in self.lineage.fates[number]):
                    count[number] += 1
        return count
