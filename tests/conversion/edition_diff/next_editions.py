"""A next edition of a book by chapters, with the truth: every word keeps a number, every chapter its origins.

Knows nothing of the comparison. Every chapter is renamed, so that whoever goes by titles finds nothing.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import chain, count

from conversion.engine.edition_diff import ChapterDiff, EditionDiff, Fate, TextChapter
from tests.conversion.align.edits import Paragraph, Word, edition

MOVED, SPLIT, MERGED = 3, 1, 1
FOREWORD = (60, 90, 40)  # words of its paragraphs
_FAR = 6  # chapters that a moved one moves at least
_LEAST = 40  # words of a chapter that is moved, split or merged


@dataclass
class MadeChapter:
    """`paragraphs[0]` is the heading. `sources` are the old chapters it was made of."""

    title: str
    paragraphs: list[Paragraph]
    sources: list[int]
    fates: set[Fate] = field(default_factory=set)

    @property
    def words(self) -> list[Word]:
        return list(chain.from_iterable(paragraph.words for paragraph in self.paragraphs))

    def text(self) -> TextChapter:
        return TextChapter(self.title, tuple(paragraph.text for paragraph in self.paragraphs))


@dataclass
class MadeEdition:
    """Both editions, and the words of the second that the first has not, and the other way round."""

    old: list[TextChapter]
    new: list[TextChapter]
    chapters: list[MadeChapter]
    added: int
    removed: int


class Editor:
    def __init__(self, chapters: Sequence[TextChapter], chance: random.Random) -> None:
        self.chance = chance
        self.old = list(chapters)
        made = edition((part, text) for part, chapter in enumerate(chapters) for text in chapter.blocks)
        self.fresh = count(1 << 40)
        self.first = {word.id for paragraph in made.paragraphs for word in paragraph.words}
        words = [word.text for paragraph in made.paragraphs for word in paragraph.words]
        self.vocabulary = chance.sample(words, min(5000, len(words)))
        self.blank = " " if sum(map(len, self.vocabulary)) > 2 * len(self.vocabulary) else ""
        rest = iter(made.paragraphs)
        self.chapters = [
            MadeChapter(chapter.title, [next(rest) for _ in chapter.blocks], [number])
            for number, chapter in enumerate(chapters)
        ]

    def edit(self, share: float) -> MadeEdition:
        """Edit that share of the paragraphs; move, split, merge and rename chapters; write a foreword."""
        for chapter in self.chapters:
            for paragraph in chapter.paragraphs[1:]:
                if paragraph.words and self.chance.random() < share:
                    self._touch(paragraph)
        self._split()
        self._merge()
        self._move()
        self._rename()
        words = [self._made_up(length, set()) for length in (2, *FOREWORD)]
        foreword = MadeChapter("Foreword", [Paragraph(made) for made in words], [], {Fate.ADDED})
        self.chapters.insert(0, foreword)
        now = {word.id for chapter in self.chapters for word in chapter.words}
        return MadeEdition(
            self.old,
            [chapter.text() for chapter in self.chapters],
            self.chapters,
            added=len(now - self.first),
            removed=len(self.first - now),
        )

    def _touch(self, paragraph: Paragraph) -> None:
        place = self.chance.randrange(len(paragraph.words))
        near = {word.text.casefold() for word in paragraph.words[max(0, place - 2) : place + 3]}
        kind = self.chance.choice(("replace", "insert", "delete", "insert"))
        if kind == "insert":
            paragraph.words[place:place] = self._made_up(1, near)
        elif kind == "replace":
            (word,) = self._made_up(1, near)
            word.after = paragraph.words[place].after
            paragraph.words[place] = word
        elif len(paragraph.words) > 1:
            del paragraph.words[place]

    def _made_up(self, number: int, known: set[str]) -> list[Word]:
        made: list[Word] = []
        while len(made) < number:
            text = self.chance.choice(self.vocabulary)
            if text.casefold() not in known:
                made.append(Word(next(self.fresh), text, self.blank))
        return made

    def _large(self) -> list[int]:
        """Chapters that may be parted, joined or moved: with some text, and whole so far."""
        return [
            number
            for number, chapter in enumerate(self.chapters)
            if len(chapter.words) >= _LEAST and len(chapter.paragraphs) >= 5 and not chapter.fates
        ]

    def _split(self) -> None:
        for _ in range(SPLIT):
            number = self.chance.choice(self._large())
            chapter = self.chapters[number]
            middle = len(chapter.paragraphs) // 2
            heading = Paragraph(self._made_up(2, set()))
            rest = MadeChapter("", [heading, *chapter.paragraphs[middle:]], list(chapter.sources), {Fate.SPLIT})
            del chapter.paragraphs[middle:]
            chapter.fates.add(Fate.SPLIT)
            self.chapters.insert(number + 1, rest)

    def _merge(self) -> None:
        for _ in range(MERGED):
            large = set(self._large())
            number = self.chance.choice(sorted(one for one in large if one + 1 in large))
            following = self.chapters.pop(number + 1)
            chapter = self.chapters[number]
            chapter.paragraphs += following.paragraphs[1:]
            chapter.sources += following.sources
            chapter.fates.add(Fate.MERGED)

    def _move(self) -> None:
        for _ in range(MOVED):
            number = self.chance.choice(self._large())
            chapter = self.chapters.pop(number)
            far = [place for place in range(len(self.chapters) + 1) if abs(place - number) >= _FAR]
            self.chapters.insert(self.chance.choice(far), chapter)
            chapter.fates.add(Fate.MOVED)

    def _rename(self) -> None:
        for number, chapter in enumerate(self.chapters):
            if not chapter.fates & {Fate.SPLIT, Fate.MERGED}:
                chapter.fates.add(Fate.RENAMED)
            chapter.title = f"{number} {chapter.title[::-1]}"
            if len(chapter.paragraphs) > 1:  # a dedication has no heading: that paragraph is all of its text
                chapter.paragraphs[0] = Paragraph(self._made_up(3, set()))


def next_edition(chapters: Sequence[TextChapter], chance: random.Random, share: float) -> MadeEdition:
    """Return the chapters and a next edition of them, with that share of the paragraphs edited."""
    return Editor([chapter for chapter in chapters if chapter.blocks], chance).edit(share)


def misnamed(made: MadeEdition, found: EditionDiff) -> list[tuple[MadeChapter, ChapterDiff]]:
    """Return the chapters whose fate or origins were not found."""
    rows = [row for row in found.chapters if Fate.GONE not in row.fates]
    return [
        (chapter, row)
        for chapter, row in zip(made.chapters, rows, strict=True)
        if set(row.fates) != chapter.fates
        or row.before != tuple(made.old[source].title for source in sorted(chapter.sources))
    ]


def is_near(found: int, truth: int) -> bool:
    """Return whether a count is within two per cent of the truth, or five words."""
    return abs(found - truth) <= max(5, truth * 0.02)
