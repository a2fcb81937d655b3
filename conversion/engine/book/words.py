"""The words of blocks, for counting, sampling and comparing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from .inlines import plain_text
from .model import (
    AnyBlock,
    Aside,
    CodeBlock,
    DefinitionList,
    Figure,
    Heading,
    ListBlock,
    Paragraph,
    Quotation,
    SceneBreak,
    Table,
    Verse,
)

_MAX_AVERAGE = 30  # letters per word


def block_text(block: AnyBlock) -> str:
    """Return the text of one block in reading order, its pieces separated by spaces; notes are left out."""
    return " ".join(_pieces(block))


def blocks_text(blocks: Iterable[AnyBlock]) -> str:
    """Return the text of the blocks, separated by line ends."""
    return "\n".join(block_text(block) for block in blocks)


def count_words(block: AnyBlock) -> int:
    """Return roughly how many words a block holds: accurate enough to compare sections, and fast.

    In scripts without spaces, three letters count as a word.
    """
    text = block_text(block)
    spaced = text.count(" ") + 1 if text else 0
    return spaced if len(text) < _MAX_AVERAGE * (spaced + 1) else len(text) // 3


def _pieces(block: AnyBlock) -> Iterator[str]:
    if isinstance(block, Paragraph | Heading):
        yield plain_text(block.inlines)
    elif isinstance(block, Verse):
        for stanza in block.stanzas:
            for line in stanza:
                yield plain_text(line.inlines)
    elif isinstance(block, CodeBlock):
        yield block.text
    elif isinstance(block, Figure):
        yield plain_text(block.caption)
    elif not isinstance(block, SceneBreak):
        yield from _nested(block)


def _nested(block: Quotation | Aside | ListBlock | DefinitionList | Table) -> Iterator[str]:
    if isinstance(block, Quotation | Aside):
        for inner in block.blocks:
            yield from _pieces(inner)
    elif isinstance(block, ListBlock):
        for item in block.items:
            for inner in item.blocks:
                yield from _pieces(inner)
    elif isinstance(block, DefinitionList):
        for definition in block.items:
            yield plain_text(definition.term)
            for inner in definition.blocks:
                yield from _pieces(inner)
    else:
        yield plain_text(block.caption)
        for row in block.rows:
            for cell in row:
                for inner in cell.blocks:
                    yield from _pieces(inner)
