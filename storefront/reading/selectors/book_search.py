"""Finds words in the text of a book: what the reader's script does, for as long as it has no text yet."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate, islice

from storefront.catalogue.selectors.edition_texts import archive_text
from storefront.reading.folding import fold, fold_query, starts_of

MAX_HITS = 200
CONTEXT = 48  # characters on either side
_FIRST_WORD = re.compile(r"^\S* ")
_LAST_WORD = re.compile(r" \S*$")

type Span = tuple[int, int, int]  # a block, and the offsets between which the words are


@dataclass(frozen=True, slots=True)
class Hit:
    """Found words: where they are in which chapter, and what stands around them."""

    block: int
    start: int
    end: int
    part: int
    before: str
    words: str
    after: str


@dataclass(frozen=True, slots=True)
class Found:
    """The first hits, and how many there are."""

    hits: tuple[Hit, ...]
    count: int


def search_book(file: str, query: str) -> Found:
    """Return where the archive's text has the words as they follow each other in the query."""
    wanted = fold_query(query)
    spans = list(_spans(file, wanted)) if wanted else []
    return Found(tuple(_hit(file, span) for span in islice(spans, MAX_HITS)), len(spans))


@lru_cache(maxsize=4)
def _folded(file: str) -> tuple[str, list[int]]:
    """Return all blocks folded, a line each, and where each begins."""
    lines = [fold(block.text) for block in archive_text(file).blocks]
    return "\n".join(lines), list(accumulate((len(line) + 1 for line in lines), initial=0))


def _spans(file: str, wanted: str) -> Iterator[Span]:
    text, firsts = _folded(file)
    blocks = archive_text(file).blocks
    last: Span | None = None
    at = text.find(wanted)
    while at >= 0:
        block = bisect_right(firsts, at) - 1
        starts = starts_of(blocks[block].text)
        begin = at - firsts[block]
        span = block, bisect_right(starts, begin) - 1, bisect_right(starts, begin + len(wanted) - 1)
        # Half of a letter that becomes two, as "ß", is found twice.
        if last is None or last[0] != block or last[2] <= span[1]:
            yield (last := span)
        at = text.find(wanted, at + len(wanted))


def _hit(file: str, span: Span) -> Hit:
    block, start, end = span
    part, text = archive_text(file).blocks[block]
    before, after = text[max(0, start - CONTEXT) : start], text[end : end + CONTEXT]
    if start > CONTEXT:
        before = "…" + _FIRST_WORD.sub("", before)
    if end + CONTEXT < len(text):
        after = _LAST_WORD.sub("", after) + "…"
    return Hit(block, start, end, part, before, text[start:end], after)
