"""What changed from one edition of a text to the next, and its stored form."""

from __future__ import annotations

import gzip
import json
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Any, NamedTuple, Self

VERSION = 1  # of the comparison and its stored form: another one is made anew
_EDITION_BPS = 100  # of the words; more of them make a new edition


class TextChapter(NamedTuple):
    """A chapter of either edition: its title, and its blocks as in `edition_text`, the heading among them."""

    title: str
    blocks: tuple[str, ...]


class Fate(StrEnum):
    """What became of a chapter, apart from its words."""

    ADDED = "added"
    GONE = "gone"
    MOVED = "moved"
    RENAMED = "renamed"
    SPLIT = "split"  # one of the several chapters that an old one became
    MERGED = "merged"  # made of several old ones


class PieceKind(StrEnum):
    SAME = "same"
    ADDED = "added"
    REMOVED = "removed"


class Piece(NamedTuple):
    """Words of a passage in a row that stayed, are new or are gone. "…" stands for words that are left out."""

    kind: PieceKind
    text: str


type Passage = tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class ChapterDiff:
    """A chapter of the newer edition, or one that is gone. `before` are the titles of the chapters that its words came
    from; `added` and `removed` count words, `moved` paragraphs that came from elsewhere. `hidden` counts the changed
    passages that are not among `passages`."""

    title: str
    fates: tuple[Fate, ...] = ()
    before: tuple[str, ...] = ()
    words: int = 0
    added: int = 0
    removed: int = 0
    moved: int = 0
    passages: tuple[Passage, ...] = ()
    hidden: int = 0

    @property
    def is_changed(self) -> bool:
        return bool(self.fates or self.places or self.added or self.removed or self.moved)

    @property
    def places(self) -> int:
        """How many passages differ, if only in a comma."""
        return len(self.passages) + self.hidden


@dataclass(frozen=True)
class EditionDiff:
    """All chapters in the order of the newer edition; those that are gone stand where they were."""

    chapters: tuple[ChapterDiff, ...]
    words_before: int
    words_after: int
    version: int = VERSION

    @cached_property
    def added(self) -> int:
        return sum(chapter.added for chapter in self.chapters)

    @cached_property
    def removed(self) -> int:
        return sum(chapter.removed for chapter in self.chapters)

    @cached_property
    def changed(self) -> tuple[ChapterDiff, ...]:
        """The chapters in which anything differs."""
        return tuple(chapter for chapter in self.chapters if chapter.is_changed)

    @property
    def is_edition(self) -> bool:
        """Whether this is a new edition rather than a correction: a chapter was added, taken out, split, merged or
        moved, or more than one word in a hundred is another."""
        kept = {Fate.RENAMED}
        is_rebuilt = any(set(chapter.fates) - kept for chapter in self.chapters)
        return is_rebuilt or max(self.added, self.removed) * 10_000 > _EDITION_BPS * max(self.words_before, 1)

    def to_bytes(self) -> bytes:
        """Return the stored form. Equal results give equal bytes."""
        value = {
            "version": self.version,
            "words": [self.words_before, self.words_after],
            "chapters": [
                [
                    one.title,
                    one.fates,
                    one.before,
                    one.words,
                    one.added,
                    one.removed,
                    one.moved,
                    one.passages,
                    one.hidden,
                ]
                for one in self.chapters
            ],
        }
        return gzip.compress(json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode(), 6, mtime=0)

    @classmethod
    def from_bytes(cls, content: bytes) -> Self:
        """Return what was stored. Raises ValueError for another version."""
        value = json.loads(gzip.decompress(content))
        if value["version"] != VERSION:
            raise ValueError(f"version {value['version']}")
        return cls(tuple(_chapter(*row) for row in value["chapters"]), *value["words"])


def _chapter(title: str, fates: list[str], before: list[str], *rest: Any) -> ChapterDiff:
    words, added, removed, moved, passages, hidden = rest
    return ChapterDiff(
        title,
        tuple(Fate(fate) for fate in fates),
        tuple(before),
        words,
        added,
        removed,
        moved,
        tuple(tuple(Piece(PieceKind(kind), text) for kind, text in passage) for passage in passages),
        hidden,
    )
