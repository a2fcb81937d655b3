"""Check tables, lists, code and verse: what does not fit a phone, has no header or was laid out by hand."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..book.inlines import count_breaks, plain_text
from ..book.model import Align, Chapter, CodeBlock, LineBreak, Math, Paragraph, Table
from ..book.walk import Node, plain, walk
from ..findings.model import Finding
from .analysis import BookAnalysis, TextPosition, is_body
from .making import finding_at_elements, make_finding, one_finding

PHONE_COLUMNS = 4
PHONE_CODE_CHARACTERS = 50
PHONE_VERSE_CHARACTERS = 55
MIN_ITEMS = 3
MIN_CENTERED = 20
BULLET = re.compile(r"(?:[•◦▪‣●○∙·*]|-(?= ))[ \t\u00a0]*(?=\S)")
NUMBER = re.compile(r"(\d{1,2})[.)][ \t\u00a0]+(?=\S)")

type Places = list[tuple[Chapter, Node, str]]


def tables(analysis: BookAnalysis) -> Iterator[Finding]:
    """Report tables that are too wide, are empty, have no column headers or only lay out a page."""
    for chapter, node in analysis.nodes:
        if type(node) is not Table:
            continue
        columns = max((sum(cell.colspan for cell in row) for row in node.rows), default=0)
        text = plain([node])
        if not text and not any(type(inner) is not Paragraph for inner in walk([node]) if inner is not node):
            yield make_finding("table.empty", chapter, node)
            continue
        if columns > PHONE_COLUMNS:
            yield make_finding("table.wide", chapter, node, quote=text, columns=columns, limit=PHONE_COLUMNS)
        if any(type(inner) is Math for inner in walk([node])):
            continue  # a matrix, or equations set in columns
        if columns == 1 or (len(node.rows) == 1 and columns < PHONE_COLUMNS):
            yield make_finding("table.layout", chapter, node, quote=text)
        elif len(node.rows) > 2 and not node.header_rows and not any(cell.header for row in node.rows for cell in row):
            yield make_finding("table.header-missing", chapter, node, quote=text)


def wide_lines(analysis: BookAnalysis) -> Iterator[Finding]:
    """Report lines of code and of verse that do not fit on one line on a phone."""
    code: Places = []
    longest = 0
    for chapter, node in analysis.nodes:
        if type(node) is CodeBlock:
            widest = max(map(len, node.text.split("\n")), default=0)
            if widest > PHONE_CODE_CHARACTERS:
                code.append((chapter, node, max(node.text.split("\n"), key=len).strip()))
                longest = max(longest, widest)
    yield from finding_at_elements("code.wide", code, characters=longest, limit=PHONE_CODE_CHARACTERS)
    verse = [
        TextPosition(passage)
        for passage in analysis.passages
        if passage.in_verse and len(passage.text) > PHONE_VERSE_CHARACTERS
    ]
    yield from one_finding("verse.wide", verse, limit=PHONE_VERSE_CHARACTERS)


def layout(analysis: BookAnalysis) -> Iterator[Finding]:
    """Report lists typed by hand, paragraphs separated by line breaks, and text that is centred throughout."""
    lists = [(chapter, run[0], plain(run[:3])) for chapter, run in typed_lists(analysis)]
    yield from finding_at_elements("layout.list-typed", lists)
    breaks: Places = []
    prose = centered = 0
    for passage in analysis.passages:
        block = passage.block
        if type(block) is not Paragraph or passage.in_verse:
            continue
        if "\n" in passage.typed and is_broken_up(block):
            breaks.append((passage.chapter, block, passage.typed))
        if len(passage.typed) > 120 and is_body(passage.chapter):
            prose += 1
            centered += block.align is Align.CENTER
    yield from finding_at_elements("layout.line-breaks", breaks)
    if centered >= MIN_CENTERED and centered * 2 > prose:
        yield make_finding("layout.centered", count=centered)


def is_broken_up(block: Paragraph) -> bool:
    """Return whether pairs of line breaks separate paragraphs in this block, and it is no poem or address."""
    doubled = any(
        type(here) is LineBreak and type(after) is LineBreak
        for here, after in zip(block.inlines, block.inlines[1:], strict=False)
    )
    return doubled and len(plain_text(block.inlines)) > 120 * (count_breaks(block.inlines) // 2)


def typed_lists(analysis: BookAnalysis) -> list[tuple[Chapter, list[Paragraph]]]:
    """Return runs of three or more paragraphs that begin with a bullet, or that count 1, 2, 3."""
    found = []
    for chapter in analysis.book.chapters:
        run: list[Paragraph] = []
        for block in [*chapter.blocks, None]:
            if type(block) is Paragraph and _continues(block, len(run)) and (not run or _kind(block) == _kind(run[0])):
                run.append(block)
                continue
            if len(run) >= MIN_ITEMS:
                found.append((chapter, run))
            run = [block] if type(block) is Paragraph and _continues(block, 0) else []
    return found


def _kind(block: Paragraph) -> bool:
    return NUMBER.match(first_text(block)) is not None


def _continues(block: Paragraph, number: int) -> bool:
    """Return whether the paragraph is the item after `number` others."""
    text = first_text(block)
    counted = NUMBER.match(text)
    if counted is not None:
        return int(counted[1]) == number + 1
    return BULLET.match(text) is not None


def first_text(block: Paragraph) -> str:
    """Return the start of the paragraph's first piece of text; "" when something else comes first."""
    first = block.inlines[0] if block.inlines else None
    return getattr(first, "text", "")[:40] if type(first).__name__ == "Text" else ""


CHECKS = (tables, wide_lines, layout)
