"""How a container divides its leaves: a list into items, verse into stanzas, a table into rows and cells.

A shape is rows of cells, and a cell begins with the number of its leaves. An item or a definition is a row of one cell;
a line of verse is a cell of one leaf, with its indent. A cell of a table also has whether it is a header, its columns
and rows, and the number of its alignment where it has one. The caption of a table comes before its cells and is in
none.
"""

from __future__ import annotations

from typing import Any

from ..book.model import Align, AnyBlock, Cell, DefinitionList, ListBlock, Table, Verse

type Shape = tuple[tuple[tuple[int, ...], ...], ...]

ALIGNMENTS = tuple(Align)


def shape_of(block: AnyBlock) -> Shape:
    """Return the shape of a container; of one that only holds blocks it is empty."""
    if isinstance(block, ListBlock):
        return tuple(((_leaves(item.blocks), _checked(item.checked)),) for item in block.items)
    if isinstance(block, DefinitionList):
        return tuple(((1 + _leaves(item.blocks),),) for item in block.items)
    if isinstance(block, Verse):
        return tuple(tuple((1, line.indent) for line in stanza) for stanza in block.stanzas)
    if isinstance(block, Table):
        return tuple(tuple(map(_cell, row)) for row in block.rows)
    return ()


def leaves_in(shape: Shape) -> int:
    """Return how many leaves the cells have."""
    return sum(cell[0] for row in shape for cell in row)


def _cell(cell: Cell) -> tuple[int, ...]:
    align = () if cell.align is Align.AUTO else (ALIGNMENTS.index(cell.align),)
    return _leaves(cell.blocks), int(cell.header), cell.colspan, cell.rowspan, *align


def _checked(value: bool | None) -> int:
    """Return whether an item of a list of tasks is done: 2, or not: 1; 0 for an ordinary item."""
    return 0 if value is None else 1 + value


def _leaves(blocks: list[AnyBlock]) -> int:
    return sum(map(_leaves_of, blocks))


def _leaves_of(block: Any) -> int:
    """Return how many leaves `leaves_of` finds in a block."""
    if isinstance(block, ListBlock | DefinitionList | Verse | Table):
        return leaves_in(shape_of(block)) + bool(getattr(block, "caption", None))
    if hasattr(block, "blocks"):
        return _leaves(block.blocks)
    return 1 + bool(getattr(block, "caption", None))
