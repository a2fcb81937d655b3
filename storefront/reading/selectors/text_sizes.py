"""The size of a web book's canonical text: the reader needs it before it opens a chapter, because places count blocks
over the whole edition."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache

from storefront.catalogue.selectors.edition_texts import archive_text
from storefront.catalogue.selectors.web_book_archive import WebBook, count_pages

type Run = tuple[int, int, int]  # first block in the sample, first in the edition, how many


@dataclass(frozen=True, slots=True)
class TextSize:
    """Blocks and characters of each part: a chapter, or a page of a book of pages."""

    blocks: tuple[int, ...]
    characters: tuple[int, ...]


@lru_cache(maxsize=64)
def text_size(book: WebBook) -> TextSize:
    """Return the size of the text in an archive, which never changes."""
    blocks: Counter[int] = Counter()
    characters: Counter[int] = Counter()
    for block in archive_text(book.file).blocks:
        blocks[block.part] += 1
        characters[block.part] += len(block.text)
    parts = range(count_pages(book) if book.is_pages else len(book.chapters))
    return TextSize(tuple(blocks[part] for part in parts), tuple(characters[part] for part in parts))


@lru_cache(maxsize=64)
def sample_runs(sample: str, edition: str) -> tuple[Run, ...]:
    """Return where the blocks of a sample stand in its edition, given the names of both archives.

    Archives from before `text.json` do not say it; then equal blocks are found.
    """
    text = archive_text(sample)
    if text.sample_runs:
        return tuple((run.here, run.there, run.length) for run in text.sample_runs)
    matcher = SequenceMatcher(None, text.texts(), archive_text(edition).texts(), autojunk=False)
    return tuple((here, there, length) for here, there, length in matcher.get_matching_blocks() if length)
