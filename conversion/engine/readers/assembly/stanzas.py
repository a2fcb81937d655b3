"""Which paragraphs are stanzas: by their own line breaks, and by what stands beside them.

Three short lines or more are verse wherever they stand. A couplet is one beside another stanza; alone it may be an
address or a signature. A single line is one only in a book of verse, between two stanzas.
"""

from __future__ import annotations

import re

from ...book import chapter_titles
from ...book.inlines import (
    VERSE_BLANKS,
    count_breaks,
    has_formula,
    leading_indent,
    plain_text,
    sole_image,
    split_lines,
    trim,
)
from ...book.model import Align, AnyBlock, Heading, Inline, Paragraph, Verse, VerseLine

MAX_COUPLET_LINE_CHARS = 72
MAX_SINGLE_LINE_CHARS = 64
_LABELLED = re.compile(r"\w[\w .’'-]{0,24}:(?:\s|$)|\S{0,9}\d")  # "Q: …", "To: …", "HAMLET: …", "T10 …"
_LEGAL = re.compile(r"©|\bISBN\b|https?://|www\.|@|\ball rights reserved\b", re.IGNORECASE)
_SPEECH = ('"', "“", "„", "«", "‘", "—", "–")
LINE_ENDS = (".", ",", ";", "…", "—", "–")
_MORE_LINE_ENDS = (*LINE_ENDS, "!", "?")  # of titles, too: in a book with headings, those are no titles


def verse_line(nodes: list[Inline], indent: int = 0) -> VerseLine:
    """One line; spaces at its start become its indent."""
    indent = indent or leading_indent(nodes)
    return VerseLine(trim(nodes, VERSE_BLANKS), indent)


def as_verse(paragraph: Paragraph, min_breaks: int = 2) -> Verse | None:
    """The paragraph as one stanza, when its own line breaks make short lines."""
    lines = _short_lines(paragraph, min_breaks)
    if lines is None:
        return None
    return Verse(
        [[verse_line(line) for line in lines]],
        lang=paragraph.lang,
        direction=paragraph.direction,
        place=paragraph.place,
    )


def _short_lines(paragraph: Paragraph, min_breaks: int) -> list[list[Inline]] | None:
    breaks = count_breaks(paragraph.inlines)
    if breaks < min_breaks or sole_image(paragraph.inlines) is not None or has_formula(paragraph.inlines):
        return None
    lines = [line for line in split_lines(paragraph.inlines) if line]
    lengths = [len(plain_text(line)) for line in lines]
    if not lengths or max(lengths) > 110 or sum(lengths) / len(lengths) > 64:
        return None
    return lines if sum(1 for n in lengths if n) >= min(min_breaks, 1) + 1 else None


def stanzas_among(blocks: list[AnyBlock]) -> set[int]:
    """The indices of paragraphs that are stanzas of fewer than three lines."""
    kinds = [_kind(block) for block in blocks]
    couplets = {
        index
        for index, kind in enumerate(kinds)
        if kind == "couplet" and (_at(kinds, index - 1) or _at(kinds, index + 1))
    }
    stanzas = {index for index, kind in enumerate(kinds) if kind == "stanza"} | couplets
    prose = sum(isinstance(block, Paragraph) for block in blocks) - len(stanzas)
    if len(stanzas) < prose:
        return couplets
    ends = _MORE_LINE_ENDS if any(isinstance(block, Heading) for block in blocks) else LINE_ENDS
    return couplets | {
        index
        for index, block in enumerate(blocks)
        if index - 1 in stanzas and index + 1 in stanzas and _is_single_line(block, ends)
    }


def _at(kinds: list[str], index: int) -> str:
    return kinds[index] if 0 <= index < len(kinds) else ""


def _kind(block: AnyBlock) -> str:
    if isinstance(block, Verse):
        return "stanza"
    if not isinstance(block, Paragraph) or block.role == "caption":
        return ""
    breaks = count_breaks(block.inlines)
    if breaks >= 2:
        return "stanza" if _short_lines(block, 2) is not None else ""
    return "couplet" if breaks == 1 and _may_be_couplet(block) else ""


def _may_be_couplet(block: Paragraph) -> bool:
    if block.align is not Align.AUTO or block.role:
        return False
    lines = [plain_text(line).strip() for line in _short_lines(block, 1) or []]
    return bool(lines) and max(map(len, lines)) <= MAX_COUPLET_LINE_CHARS and are_lines_of_verse(lines)


def are_lines_of_verse(lines: list[str]) -> bool:
    """Whether short lines may be a poem's: not a title above its subtitle, an address, or what people say."""
    first = lines[0]
    is_title = chapter_titles.is_chapter_line(first) or chapter_titles.is_label_only(first) or first.isupper()
    is_talk = all(line.startswith(_SPEECH) for line in lines)
    return not is_title and not is_talk and not any(_LABELLED.match(line) or _LEGAL.search(line) for line in lines)


def _is_single_line(block: AnyBlock, ends: tuple[str, ...]) -> bool:
    if not isinstance(block, Paragraph) or block.align is not Align.AUTO or block.role or count_breaks(block.inlines):
        return False
    return is_single_line(plain_text(block.inlines), ends) and _short_lines(block, 0) is not None


def is_single_line(text: str, ends: tuple[str, ...] = LINE_ENDS) -> bool:
    """Whether words between two stanzas may be a stanza of one line: titles end without a sign."""
    text = text.strip()
    if not 0 < len(text) <= MAX_SINGLE_LINE_CHARS or not are_lines_of_verse([text]):
        return False
    return text.endswith(ends) or text[0].islower()


def paragraphs_as_stanzas(paragraphs: list[list[VerseLine]], begins: list[bool]) -> list[list[VerseLine]]:
    """Paragraphs in a style for verse: stanzas where most hold several lines, else lines of stanzas. `begins` says
    before which of them a gap is left."""
    several = sum(len(lines) > 1 for lines in paragraphs)
    are_stanzas = len(paragraphs) > 1 and several * 2 > len(paragraphs)
    stanzas: list[list[VerseLine]] = []
    for lines, begins_stanza in zip(paragraphs, begins, strict=True):
        if not stanzas or begins_stanza or are_stanzas:
            stanzas.append(list(lines))
        else:
            stanzas[-1] += lines
    return stanzas
