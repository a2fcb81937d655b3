"""Where a note may belong that has no place: the paragraphs that have most of its words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from conversion.engine.api import edition_text
from storefront.catalogue.selectors.edition_texts import BookText, book_text
from storefront.catalogue.selectors.web_book_archive import WebBook

_CHOICES = 5
_WORDS = 40  # of a quotation that are looked for, the longest
_MIN_SHARE = 0.3  # of the letters of these words
_AROUND = 80  # characters shown beside the words
_WORD = re.compile("[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]|[^\\W_]+")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A range of a block, with what is around it. `value` names it in a form."""

    block: int
    start: int
    end: int
    before: str
    words: str
    after: str
    chapter: str

    @property
    def value(self) -> str:
        return f"{self.block}:{self.start}-{self.end}"


def candidates(words: str, book: WebBook, text: BookText) -> list[Candidate]:
    """Return the blocks with most of the words, the best first."""
    wanted = sorted(set(_WORD.findall(edition_text.fold(words))), key=lambda word: (-len(word), word))[:_WORDS]
    letters = sum(map(len, wanted))
    shares = [
        (sum(len(word) for word in wanted if word in block) / letters, -number)
        for number, block in enumerate(_folded(text.file))
    ] if letters else []  # fmt: skip
    best = sorted((one for one in shares if one[0] >= _MIN_SHARE), reverse=True)[:_CHOICES]
    return [found for _share, number in best for found in _in_block(-number, words.strip(), set(wanted), book, text)]


def candidate(value: str, book: WebBook, text: BookText) -> Candidate | None:
    """Return the range that a form names, None for one that the text does not have."""
    found = re.fullmatch(r"(\d{1,8}):(\d{1,8})-(\d{1,8})", value)
    if found is None:
        return None
    block, start, end = map(int, found.groups())
    is_there = text.has(block, start) and text.has(block, end) and start < end
    return _candidate(block, start, end, book, text) if is_there else None


def _in_block(number: int, quote: str, wanted: set[str], book: WebBook, text: BookText) -> Iterator[Candidate]:
    """Yield the range that has the words as they are, else from the first of them to the last. Folding may change
    lengths, so words are folded one by one."""
    block = text.blocks[number]
    there = [one.span() for one in _WORD.finditer(block) if edition_text.fold(one[0]) in wanted]
    if (start := block.find(quote)) >= 0 and quote:
        there = [(start, start + len(quote))]
    if there:
        yield _candidate(number, there[0][0], there[-1][1], book, text)


def _candidate(number: int, start: int, end: int, book: WebBook, text: BookText) -> Candidate:
    block, part = text.blocks[number], text.parts[number]
    return Candidate(
        block=number,
        start=start,
        end=end,
        before=block[max(start - _AROUND, 0) : start],
        words=block[start:end],
        after=block[end : end + _AROUND],
        chapter=book.chapters[part].title if part < len(book.chapters) and not book.is_pages else "",
    )


@lru_cache(maxsize=2)
def _folded(file: str) -> tuple[str, ...]:
    return tuple(map(edition_text.fold, book_text(file).blocks))
