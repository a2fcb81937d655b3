"""Finding the anchors inside blocks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ...book.inlines import WRAPPERS
from ...book.model import (
    Anchor,
    AnyBlock,
    Aside,
    DefinitionList,
    Figure,
    Heading,
    Inline,
    ListBlock,
    Paragraph,
    Quotation,
    Table,
    Verse,
)


def anchor_ids(block: AnyBlock) -> Iterator[str]:
    """The ids of all anchors in a block, in reading order."""
    if isinstance(block, Paragraph | Heading):
        yield from _inline_ids(block.inlines)
    elif isinstance(block, Verse):
        for stanza in block.stanzas:
            for line in stanza:
                yield from _inline_ids(line.inlines)
    elif isinstance(block, Figure):
        yield from _inline_ids(block.caption)
    elif isinstance(block, Quotation | Aside):
        yield from _block_ids(block.blocks)
    elif isinstance(block, Table):
        yield from _inline_ids(block.caption)
        yield from _block_ids(inner for row in block.rows for cell in row for inner in cell.blocks)
    elif isinstance(block, ListBlock):
        yield from _block_ids(inner for item in block.items for inner in item.blocks)
    elif isinstance(block, DefinitionList):
        yield from _definition_ids(block)


def _definition_ids(block: DefinitionList) -> Iterator[str]:
    for definition in block.items:
        yield from _inline_ids(definition.term)
        yield from _block_ids(definition.blocks)


def _block_ids(blocks: Iterable[AnyBlock]) -> Iterator[str]:
    for block in blocks:
        yield from anchor_ids(block)


def _inline_ids(nodes: Iterable[Inline]) -> Iterator[str]:
    for node in nodes:
        if isinstance(node, Anchor):
            yield node.id
        elif isinstance(node, WRAPPERS):
            yield from _inline_ids(node.children)
