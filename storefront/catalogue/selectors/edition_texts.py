"""The text of an edition, block by block, from its web archive: what places and notes count in (docs/reading.md)."""

from __future__ import annotations

import zipfile
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import accumulate

from common import storage
from common.money import BPS
from conversion.engine.api import edition_text
from conversion.models import Artifact
from publishing.models import Edition

_CONTEXT = 32  # characters beside a quotation
_SHOWN = 160  # characters of what stands at a place


@dataclass(frozen=True)
class BookText:
    """The blocks of an edition, and of which chapter or page each is, by its index in the archive `file`."""

    blocks: tuple[str, ...]
    parts: tuple[int, ...]
    file: str = ""

    @cached_property
    def _starts(self) -> list[int]:
        return [0, *accumulate(map(len, self.blocks))]

    def has(self, block: int, offset: int) -> bool:
        """Return whether there is such a place."""
        return 0 <= block < len(self.blocks) and 0 <= offset <= len(self.blocks[block])

    def characters_before(self, block: int, offset: int) -> int:
        """Return how many characters of the text are before a place."""
        if not self.blocks:
            return 0
        block = min(max(block, 0), len(self.blocks) - 1)
        return self._starts[block] + min(max(offset, 0), len(self.blocks[block]))

    def share_bps(self, block: int, offset: int) -> int:
        """Return how far into the text a place is."""
        return self.characters_before(block, offset) * BPS // max(self._starts[-1], 1)

    def at_share(self, share_bps: int) -> tuple[int, int]:
        """Return the block and the offset that far into the text."""
        if not self.blocks:
            return 0, 0
        wanted = min(max(share_bps, 0), BPS) * self._starts[-1] // BPS
        block = min(bisect_right(self._starts, wanted) - 1, len(self.blocks) - 1)
        return block, wanted - self._starts[block]

    def between(self, start: Sequence[int], end: Sequence[int]) -> str:
        """Return the words from one place to another, blocks joined by a blank. Offsets outside are the edges."""
        if not self.blocks or start[0] >= len(self.blocks):
            return ""
        last = min(end[0], len(self.blocks) - 1)
        texts = list(self.blocks[start[0] : last + 1])
        if last == end[0] and texts:
            texts[-1] = texts[-1][: end[1]]
        if texts:
            texts[0] = texts[0][start[1] :]
        return " ".join(texts).strip()

    def find(self, words: str, *, near_bps: int) -> tuple[int, int] | None:
        """Return where words that may run over several blocks begin: of several places, the nearest to that share."""
        wanted = self._starts[-1] * near_bps // BPS if words else 0
        best: int | None = None
        found = self._joined.find(words) if words else -1
        while found >= 0 and (best is None or abs(found - wanted) < abs(best - wanted)):
            best, found = found, self._joined.find(words, found + 1)
        return None if best is None else self._joined_place(best)

    def find_only(self, words: str) -> tuple[int, int] | None:
        """Return where words begin that stand once in the text."""
        found = self._joined.find(words) if words else -1
        if found < 0 or self._joined.find(words, found + 1) >= 0:
            return None
        return self._joined_place(found)

    def after(self, start: tuple[int, int], length: int) -> tuple[int, int]:
        """Return the end of that many characters, with a blank between blocks as one of them."""
        return self._joined_place(self._joined_starts[start[0]] + start[1] + length - 1, 1)

    def _joined_place(self, index: int, further: int = 0) -> tuple[int, int]:
        block = bisect_right(self._joined_starts, index) - 1
        return block, index - self._joined_starts[block] + further

    @cached_property
    def _joined(self) -> str:
        return " ".join(self.blocks)

    @cached_property
    def _joined_starts(self) -> list[int]:
        return [start + index for index, start in enumerate(self._starts[:-1])]

    def words_at(self, block: int, offset: int) -> str:
        """Return the beginning of what stands at a place."""
        return self.blocks[block][offset : offset + _SHOWN] if self.has(block, offset) else ""

    def around(self, start: Sequence[int], end: Sequence[int]) -> tuple[str, str]:
        """Return the characters before and after a quotation, as notes keep them."""
        if not (self.has(start[0], start[1]) and self.has(end[0], end[1])):
            return "", ""
        before = self.blocks[start[0]][: start[1]][-_CONTEXT:]
        return before, self.blocks[end[0]][end[1] :][:_CONTEXT]


EMPTY = BookText((), ())


def text_of(edition: Edition) -> BookText:
    """Return the text of an edition; an empty one if it has no web archive."""
    file = Artifact.objects.filter(job_id=edition.job_id, kind="web").values_list("file", flat=True).first()
    return book_text(file) if file else EMPTY


def texts_of(editions: Iterable[Edition]) -> dict[int, BookText]:
    """Return the texts of several editions by primary key, with one query."""
    jobs = {edition.job_id: edition.pk for edition in editions}
    files = Artifact.objects.filter(job_id__in=jobs, kind="web").values_list("job_id", "file")
    return {jobs[job_id]: book_text(file) for job_id, file in files}


@lru_cache(maxsize=8)
def archive_text(file: str) -> edition_text.EditionText:
    """Return the text of a web archive in private storage. Its name contains its checksum: it never changes.

    Archives made before there was a `text.json` have it read from their chapters. Raises FileNotFoundError if the
    archive is gone.
    """
    with storage.private().open(file, "rb") as opened, zipfile.ZipFile(opened) as archive:
        return edition_text.text_of_archive(archive)


@lru_cache(maxsize=8)
def book_text(file: str) -> BookText:
    """Return the same as a text of places. Raises FileNotFoundError if the archive is gone."""
    blocks = archive_text(file).blocks
    return BookText(tuple(block.text for block in blocks), tuple(block.part for block in blocks), file)
