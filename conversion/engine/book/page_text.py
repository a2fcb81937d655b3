"""Fixed-layout pages as running text: the `blocks` of a chapter, for readers who cannot look at its `pages`."""

from __future__ import annotations

from collections.abc import Sequence

from .model import Anchor, AnyBlock, Figure, Inline, PageMark, Paragraph, Text
from .page import Page, words_of


def running_text(pages: Sequence[Page]) -> list[AnyBlock]:
    """Return the pages as blocks: for each a picture with its description, then its words."""
    blocks: list[AnyBlock] = []
    for page in pages:
        marks: list[Inline] = [Anchor(page.id), *([PageMark(page.label)] if page.label else [])]
        blocks += [Paragraph(marks), Figure(page.asset, page.alt)]
        blocks += [Paragraph([Text(text)]) for text in words_of(page).split("\n") if text.strip()]
    return blocks
