"""Whether a block that comes back is one of the base that was changed, or has to be made anew.

Parts of containers, such as rows and cells, have no patches of their own: where they come or go, the container is made
anew.
"""

from __future__ import annotations

from collections.abc import Sequence

from ..patches.base import Base
from ..patches.leaves import CAPTION, FIGURE, HEADING, PARAGRAPH, SCENE
from .document import Block, every
from .new_blocks import text_of
from .structure import Item
from .view import of_cell

_FLOWING = (PARAGRAPH, HEADING)
_CHANGING = {PARAGRAPH, HEADING, SCENE}  # kinds that become each other


def may_stay(base: Base, item: Item, block: Block) -> bool:
    """Return whether a block may be an item that was changed."""
    if _has_new_caption(item, block):
        return False
    if item.is_leaf:
        return item.kind == block.kind or _may_change_kind(base, item, block)
    return item.kind == block.kind and (item.kind not in _SAME or _SAME[item.kind](base, item, block))


def _may_change_kind(base: Base, item: Item, block: Block) -> bool:
    if not {item.kind, block.kind} <= _CHANGING:
        return False
    if item.kind == SCENE:  # a paragraph has the scene break's sign as its text
        sign = str(base.blocks[item.number].attributes.get("sign", ""))
        return text_of(block) == (sign if sign.strip() else "") and not any(piece.marks for piece in block.text)
    return True


def _has_new_caption(item: Item, block: Block) -> bool:
    """Return whether a table or a picture has a caption that it had not."""
    if item.kind not in ("table", FIGURE) or item.caption is not None:
        return False
    return any(one.kind == CAPTION and one.text for one in block.blocks)


def _is_same_list(base: Base, item: Item, block: Block) -> bool:
    rows = [row[0] for row in item.rows]
    return len(rows) == len(block.blocks) and all(
        bool(row) == bool(one.blocks) for row, one in zip(rows, block.blocks, strict=True)
    )


def _is_same_verse(base: Base, item: Item, block: Block) -> bool:
    shape = base.containers[item.number].shape
    lines = [[line.attributes.get("indent", 0) for line in stanza.blocks] for stanza in block.blocks]
    return [[cell[1] for cell in stanza] for stanza in shape] == lines


def _is_same_table(base: Base, item: Item, block: Block) -> bool:
    rows = [one.blocks for one in block.blocks if one.kind == "row"]
    if [len(row) for row in rows] != [len(row) for row in item.rows]:
        return False
    return all(
        (bool(inner) or not _has_words(cell.blocks)) and of_cell(read) == cell.attributes
        for line, row, read_row in zip(item.rows, rows, base.containers[item.number].shape, strict=True)
        for inner, cell, read in zip(line, row, read_row, strict=True)
    )


def _are_same_definitions(base: Base, item: Item, block: Block) -> bool:
    rows = [row[0][1:] for row in item.rows]
    return len(rows) == len(block.blocks) and all(
        one.blocks and (bool(row) or not _has_words(one.blocks[1:]))
        for row, one in zip(rows, block.blocks, strict=True)
    )


def _has_words(blocks: Sequence[Block]) -> bool:
    """Return whether there is anything in blocks: an editor puts an empty paragraph where there is none."""
    return any(block.kind not in _FLOWING or block.text for block in every(blocks))


_SAME = {
    "list": _is_same_list,
    "verse": _is_same_verse,
    "table": _is_same_table,
    "definitions": _are_same_definitions,
}
