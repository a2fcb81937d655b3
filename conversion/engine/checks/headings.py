"""Check headings inside chapters: too long, with nothing below, or paragraphs that only look like one."""

from __future__ import annotations

from collections.abc import Iterator

from ..book import clean
from ..book.inlines import is_blank, plain_text
from ..book.model import AnyBlock, Chapter, Heading, Inline, Paragraph, Strong, Underline
from ..book.walk import Node
from ..findings.model import Finding
from .analysis import BookAnalysis, TextPosition
from .making import finding_at_elements, one_finding

LONG_CHARACTERS = 240
BOLD_CHARACTERS = 80
MIN_BOLD = 2

type Places = list[tuple[Chapter, Node, str]]


def lengths(analysis: BookAnalysis) -> Iterator[Finding]:
    """Report headings that are too long. Skipped levels are closed up, and reported, by the readers."""
    long = [TextPosition(p) for p in analysis.passages if type(p.block) is Heading and len(p.text) > LONG_CHARACTERS]
    yield from one_finding("structure.heading-long", long)


def sections(analysis: BookAnalysis) -> Iterator[Finding]:
    """Report headings with nothing below them, and two identical headings in one chapter."""
    empty: Places = []
    same: Places = []
    for chapter in analysis.book.chapters:
        headings = [(n, block) for n, block in enumerate(chapter.blocks) if type(block) is Heading and block.level > 1]
        seen: set[tuple[int, str]] = set()
        above = ""
        for at, heading in headings:
            text = plain_text(heading.inlines)
            following = chapter.blocks[at + 1] if at + 1 < len(chapter.blocks) else None
            if following is None or (type(following) is Heading and following.level <= heading.level):
                empty.append((chapter, heading, text))
            above = clean.fold(text) if heading.level == 2 else above
            key = (heading.level, clean.fold(text) if heading.level == 2 else f"{above}\n{clean.fold(text)}")
            if key in seen and text:
                same.append((chapter, heading, text))
            seen.add(key)
    yield from finding_at_elements("structure.section-empty", empty)
    yield from finding_at_elements("structure.heading-same", same)


def bold(analysis: BookAnalysis) -> Iterator[Finding]:
    """Report short paragraphs that are entirely bold or underlined: they look like headings but are missing from the
    contents."""
    yield from finding_at_elements(
        "structure.heading-bold", [(c, b, plain_text(b.inlines)) for c, b in bold_headings(analysis)], least=MIN_BOLD
    )


def bold_headings(analysis: BookAnalysis) -> list[tuple[Chapter, Paragraph]]:
    """Return those paragraphs, if there is more than one."""
    found = []
    for chapter in analysis.book.body():
        blocks = chapter.blocks
        for at, block in enumerate(blocks):
            if type(block) is Paragraph and at and _looks_like_heading(block):
                following = blocks[at + 1] if at + 1 < len(blocks) else None
                if _is_text(following) and not _looks_like_heading(blocks[at - 1]):
                    found.append((chapter, block))
    return found if len(found) >= MIN_BOLD else []


def _looks_like_heading(block: AnyBlock) -> bool:
    if type(block) is not Paragraph or block.role:
        return False
    shown = [node for node in block.inlines if not is_blank([node])]
    if len(shown) != 1 or not isinstance(shown[0], Strong | Underline):
        return False
    text = plain_text(shown).strip()
    return 1 < len(text) <= BOLD_CHARACTERS and any(map(str.isalpha, text)) and text[-1] not in '.,;:!”’"'


def _is_text(block: AnyBlock | None) -> bool:
    """Return whether the block is a paragraph of running text, which a heading could stand above."""
    return type(block) is Paragraph and not _looks_like_heading(block) and not _is_short(block.inlines)


def _is_short(inlines: list[Inline]) -> bool:
    return len(plain_text(inlines)) < BOLD_CHARACTERS


CHECKS = (lengths, sections, bold)
