"""Check scene breaks: at the edge of a chapter, doubled, written in several ways, or typed as text."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from ..book.inlines import plain_text
from ..book.model import AnyBlock, Chapter, Heading, Paragraph, SceneBreak, Text
from ..book.walk import Node
from ..findings.model import Finding
from .analysis import BookAnalysis, is_body
from .making import finding_at_elements

_MAX_LENGTH = 24  # characters in a row of signs
_TYPED = re.compile(r"(?:[*#~•·∙⁂❦❧☙✽✻✢✦✧❖†‡§=_◆◇■□●○◊★☆\-–—+/\\|<>^]|[oOxX0](?![a-wyzA-WYZ])){1,12}")

type Places = list[tuple[Chapter, Node, str]]


def breaks(analysis: BookAnalysis) -> Iterator[Finding]:
    """Report problems with scene breaks and with lines that look like one."""
    edges: Places = []
    doubled: Places = []
    typed: Places = []
    signs: Counter[str] = Counter()
    gaps: Places = []
    for chapter in analysis.book.chapters:
        blocks = chapter.blocks
        for at, block in enumerate(blocks):
            if isinstance(block, Paragraph) and is_typed_break(block) and is_body(chapter):
                typed.append((chapter, block, plain_text(block.inlines)))
            if not isinstance(block, SceneBreak):
                continue
            if block.sign == " ":
                gaps.append((chapter, block, _first_words(blocks, at)))
            elif block.sign:
                signs["".join(block.sign.split())] += 1
            if is_at_edge(blocks, at):
                edges.append((chapter, block, _first_words(blocks, at)))
            elif at and type(blocks[at - 1]) is SceneBreak:
                doubled.append((chapter, block, _first_words(blocks, at)))
    yield from finding_at_elements("scene.typed", typed)
    yield from finding_at_elements("scene.at-edge", edges)
    yield from finding_at_elements("scene.doubled", doubled)
    yield from finding_at_elements("scene.blank-lines", gaps)
    if len(signs) > 1:
        told = ", ".join(f"{sign} ({count})" for sign, count in signs.most_common(4))
        yield from finding_at_elements(
            "scene.mixed", [(analysis.book.chapters[0], None, "")] * sum(signs.values()), signs=told
        )


def is_at_edge(blocks: list[AnyBlock], at: int) -> bool:
    """Return whether only headings and breaks come before the break, or only breaks after it."""
    return all(type(block) in (SceneBreak, Heading) for block in blocks[:at]) or all(
        type(block) is SceneBreak for block in blocks[at:]
    )


def is_typed_break(block: Paragraph) -> bool:
    """Return whether a paragraph of signs is meant as a scene break but was not read as one."""
    first = block.inlines[0] if block.inlines else None
    if len(block.inlines) > 3 or (type(first) is Text and len(first.text) > _MAX_LENGTH):
        return False
    text = "".join(plain_text(block.inlines).split())
    return (
        bool(text)
        and len(text) <= _MAX_LENGTH
        and _TYPED.fullmatch(text) is not None
        and text.lower() not in ("0", "o", "x", "ox", "xx", "xxx")
    )


def _first_words(blocks: list[AnyBlock], at: int) -> str:
    """Return the words after a break, or before one that ends its chapter."""
    for block in (*blocks[at + 1 : at + 3], *reversed(blocks[max(0, at - 2) : at])):
        if type(block) is Paragraph:
            return plain_text(block.inlines)[:120]
    return ""


CHECKS = (breaks,)
