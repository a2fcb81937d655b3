"""Poems typed a paragraph to a line, with an empty paragraph between stanzas and no style that says so.

Without care they would be justified prose. They are recognised by two stanzas or more beside each other: short lines of
several words, most with a capital, of which half run on into the next. Addresses, casts, title pages, conversations and
prose cut into lines do not look so.
"""

from __future__ import annotations

from collections.abc import Set

from ...book.inlines import count_breaks, has_formula, plain_text, sole_image
from ...book.model import AnyBlock, Inline, Paragraph, Verse
from .stanzas import are_lines_of_verse, verse_line

MAX_LINE_CHARS = 60
MAX_LINES = 24  # of a stanza
MIN_STANZAS, MIN_LINES = 2, 6
MIN_WORDS_A_LINE = 4
_WRAPPED_CHARS, _WRAPPED_SHARE = 50, 0.8  # lines as long as these, and all alike, are prose cut into lines
_SENTENCE_ENDS = (".", "!", "?", ":", "”", '"', "»", "’")
_SIGNS = (",", ";", "—", "–", *_SENTENCE_ENDS)


def typed_poems(blocks: list[AnyBlock], gaps: Set[int]) -> dict[int, tuple[int, Verse]]:
    """Poems by the index of their first block, with the index after the last. `gaps` are blocks after a blank one."""
    poems: dict[int, tuple[int, Verse]] = {}
    if len(gaps) < MIN_STANZAS - 1:
        return poems
    start = 0
    while start < len(blocks):
        stanzas = _stanzas_from(start, blocks, gaps)
        end = stanzas[-1][1] if stanzas else start + 1
        if _is_poem([blocks[first:after] for first, after in stanzas]):
            lines = [[verse_line(_inlines(block)) for block in blocks[first:after]] for first, after in stanzas]
            head = blocks[start]
            poems[start] = (end, Verse(lines, lang=head.lang, direction=head.direction, place=head.place))
        start = end
    return poems


def _stanzas_from(start: int, blocks: list[AnyBlock], gaps: Set[int]) -> list[tuple[int, int]]:
    """Groups of short lines with gaps between them, as far as they go."""
    stanzas: list[tuple[int, int]] = []
    while start < len(blocks):
        end = start
        while end < len(blocks) and _is_line(blocks[end]) and (end == start or end not in gaps):
            end += 1
        is_cut_off = end < len(blocks) and end not in gaps and isinstance(blocks[end], Paragraph)
        if not _is_stanza([_text(block) for block in blocks[start:end]]) or is_cut_off:
            break
        stanzas.append((start, end))
        start = end
        if end not in gaps:
            break
    return stanzas


def _is_line(block: AnyBlock) -> bool:
    if not isinstance(block, Paragraph) or block.role or count_breaks(block.inlines):
        return False
    if has_formula(block.inlines) or sole_image(block.inlines) is not None:
        return False
    return 0 < len(_text(block)) <= MAX_LINE_CHARS


def _is_stanza(lines: list[str]) -> bool:
    if not 2 <= len(lines) <= MAX_LINES or not are_lines_of_verse(lines):
        return False
    run_on = sum(not line.endswith(_SENTENCE_ENDS) for line in lines[:-1])
    lengths = [len(line) for line in lines[:-1]]
    is_wrapped = max(lengths) > _WRAPPED_CHARS and min(lengths) > _WRAPPED_SHARE * max(lengths)
    return run_on * 2 >= len(lines) - 1 and not is_wrapped


def _is_poem(stanzas: list[list[AnyBlock]]) -> bool:
    lines = [_text(block) for stanza in stanzas for block in stanza]
    if len(stanzas) < MIN_STANZAS or len(lines) < MIN_LINES:
        return False
    words = sum(len(line.split()) for line in lines)
    capitals = sum(line.lstrip("“\"‘'«„¿¡")[:1].isupper() for line in lines)
    signs = sum(line.endswith(_SIGNS) for line in lines)
    return words >= MIN_WORDS_A_LINE * len(lines) and capitals * 10 >= 7 * len(lines) and signs * 3 >= len(lines)


def _text(block: AnyBlock) -> str:
    return plain_text(_inlines(block)).strip()


def _inlines(block: AnyBlock) -> list[Inline]:
    return block.inlines if isinstance(block, Paragraph) else []
