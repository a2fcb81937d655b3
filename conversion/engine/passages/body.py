"""The body of a book, from its web archive: chapters, without title pages, imprints, licences and made pages.

Front and back matter of one press is the same in all its books. Long parts of it are counted all the same: nobody hides
a novel in an appendix.
"""

from __future__ import annotations

import json
import zipfile
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from typing import Any

from .. import edition_text
from .folding import fold_words

_LONG = 4000  # words from which front and back matter counts


@dataclass(frozen=True)
class Chapter:
    title: str
    blocks: tuple[str, ...]

    @cached_property
    def words(self) -> list[str]:
        return [word for block in self.blocks for word in fold_words(block)]


@dataclass(frozen=True)
class Body:
    """A text whose folded words are counted from 0, over all chapters."""

    chapters: tuple[Chapter, ...]

    @cached_property
    def words(self) -> list[str]:
        return [word for chapter in self.chapters for word in chapter.words]

    @cached_property
    def _starts(self) -> list[int]:
        return list(accumulate((len(chapter.words) for chapter in self.chapters), initial=0))

    def place_of(self, position: int) -> tuple[Chapter, int]:
        """Return the chapter that a word stands in, and its position there."""
        number = min(bisect_right(self._starts, position) - 1, len(self.chapters) - 1)
        return self.chapters[number], position - self._starts[number]


def body_of_text(text: str, title: str = "") -> Body:
    """Return the body of a plain text, a paragraph a line."""
    return Body((Chapter(title, tuple(line for line in text.splitlines() if line.strip())),))


def body_of_archive(archive: zipfile.ZipFile) -> Body:
    """Return the body of a web archive.

    Raises KeyError, ValueError or etree.XMLSyntaxError for an archive that none of our engines wrote.
    """
    text = edition_text.text_of_archive(archive)
    book: dict[str, Any] = json.loads(archive.read("book.json"))
    rows = book["chapters"]
    if book.get("kind") == "pages" or not rows:
        return Body((Chapter(book["title"], tuple(text.texts())),))
    parts: list[list[str]] = [[] for _ in rows]
    for block in text.blocks:
        parts[min(block.part, len(parts) - 1)].append(block.text)
    return Body(_body_of(rows, [Chapter(row["title"], tuple(part)) for row, part in zip(rows, parts, strict=True)]))


def _body_of(rows: Sequence[dict[str, Any]], chapters: Sequence[Chapter]) -> tuple[Chapter, ...]:
    """Return the chapters that count; all the author's own, where less than half of the words would be left."""
    own = [(row, chapter) for row, chapter in zip(rows, chapters, strict=True) if not row.get("made")]
    kept = [
        chapter
        for row, chapter in own
        if row.get("division", "bodymatter") == "bodymatter" or len(chapter.words) >= _LONG
    ]
    if 2 * _count(kept) < _count(chapter for _row, chapter in own):
        kept = [chapter for _row, chapter in own]
    return tuple(chapter for chapter in kept if chapter.words)


def _count(chapters: Any) -> int:
    return sum(len(chapter.words) for chapter in chapters)
