"""Fixed-layout pages as running text: the `blocks` of a chapter, for readers who cannot look at its `pages`."""

from __future__ import annotations

from collections.abc import Sequence

from .model import Anchor, AnyBlock, Chapter, Figure, Inline, PageMark, Paragraph, Text
from .page import Page, is_told_by_words, words_of


def running_text(pages: Sequence[Page]) -> list[AnyBlock]:
    """Return the pages as blocks: for each a picture with its description, then its words.

    The picture of a page that shows nothing but its words adds nothing to them.
    """
    blocks: list[AnyBlock] = []
    for page in pages:
        marks: list[Inline] = [Anchor(page.id), *([PageMark(page.label)] if page.label else [])]
        decorative = page.decorative or (not page.alt.strip() and is_told_by_words(page))
        blocks += [Paragraph(marks), Figure(page.asset, page.alt, decorative=decorative)]
        blocks += [Paragraph([Text(text)]) for text in words_of(page).split("\n") if text.strip()]
    return blocks


def take_descriptions(chapter: Chapter) -> None:
    """Give the pages of a chapter the descriptions that their pictures have in its running text."""
    pages = {page.id: page for page in chapter.pages}
    here: Page | None = None
    for block in chapter.blocks:
        if isinstance(block, Paragraph):
            here = next(
                (pages[node.id] for node in block.inlines if isinstance(node, Anchor) and node.id in pages), here
            )
        elif isinstance(block, Figure) and here is not None and block.asset == here.asset:
            is_as_before = not block.alt and block.decorative and is_told_by_words(here)
            here.alt, here.decorative = block.alt, block.decorative and not is_as_before
            here = None
