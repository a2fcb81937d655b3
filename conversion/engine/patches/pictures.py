"""Which pictures patches put in: by the sha256 of the author's file, or the key of an asset of the Book."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from .leaves import FIGURE
from .model import InsertEdit, NewBlock, Patch, PictureEdit, SplitEdit


def pictures_of(patches: Iterable[Patch]) -> Iterator[str]:
    """Yield the pictures that patches put in. Those in blocks that are put in may be the Book's own."""
    for patch in patches:
        if isinstance(patch.edit, PictureEdit):
            yield patch.edit.new
        elif isinstance(patch.edit, InsertEdit):
            yield from _in_blocks(patch.edit.blocks)
        elif isinstance(patch.edit, SplitEdit):
            yield from _in_blocks(patch.edit.between)


def _in_blocks(blocks: Iterable[NewBlock]) -> Iterator[str]:
    for block in blocks:
        if block.kind == FIGURE:
            yield str(block.attributes["asset"])
        yield from _in_blocks(block.children)
