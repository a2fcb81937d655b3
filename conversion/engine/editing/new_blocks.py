"""Blocks that come in, as patches carry them."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from ..patches.attributes import ATTRIBUTES, NEW_ATTRIBUTES, Value
from ..patches.leaves import CAPTION, CODE, FIGURE, HEADING, PARAGRAPH, SCENE, TERM
from ..patches.model import NewBlock
from ..patches.pieces import BREAK, Piece
from ..patches.words import pieces_of_words, words_of
from .document import Block
from .errors import NotPossible

_TEXTS = {PARAGRAPH, HEADING, CAPTION, TERM}
_HOLDERS = {"quotation", "aside", "list", "item", "definitions", "definition", "row", "cell"}


def new_block(block: Block) -> NewBlock:
    """Return a block that is put in. Raises NotPossible for one that cannot be made."""
    attributes = own_attributes(block) | _only_of_new(block)
    if block.kind in _TEXTS:
        return NewBlock(block.kind, block.text, attributes)
    if block.kind in _HOLDERS:
        if block.kind in ("definitions", "definition") and not block.blocks:
            raise NotPossible("empty", block.id)
        return NewBlock(block.kind, (), attributes, _all(block.blocks))
    if block.kind not in _MAKERS:
        raise NotPossible(f"not-new-{block.kind.replace('_', '-')}", block.id)
    return _MAKERS[block.kind](block, attributes)


def own_attributes(block: Block) -> dict[str, Value]:
    """Return the attributes that patches may set."""
    names = {attribute.name for attribute in ATTRIBUTES.get(block.kind, ())}
    return {name: value for name, value in block.attributes.items() if name in names and value}


def text_of(block: Block) -> str:
    return "".join(piece.text for piece in block.text)


def _only_of_new(block: Block) -> dict[str, Value]:
    names = {attribute.name for attribute in NEW_ATTRIBUTES.get(block.kind, ())}
    return {name: value for name, value in block.attributes.items() if name in names}


def _all(blocks: Iterable[Block]) -> tuple[NewBlock, ...]:
    return tuple(map(new_block, blocks))


def _table(block: Block, attributes: dict[str, Value]) -> NewBlock:
    parts = [one for one in block.blocks if one.kind == "row" or one.text]
    rows = [one for one in parts if one.kind == "row"]
    if not any(row.blocks for row in rows):
        raise NotPossible("empty", block.id)
    if int(attributes.get("header_rows", 0)) > len(rows):
        raise NotPossible("header-rows", block.id)
    return NewBlock("table", (), attributes, _all(parts))


def _figure(block: Block, attributes: dict[str, Value]) -> NewBlock:
    if "asset" not in attributes:
        raise NotPossible("not-new-figure", block.id)
    return NewBlock(FIGURE, (), attributes, _all(one for one in block.blocks if one.text))


def _code(block: Block, attributes: dict[str, Value]) -> NewBlock:
    return NewBlock(CODE, (Piece(text_of(block)),) if block.text else (), attributes)


def _verse(block: Block, attributes: dict[str, Value]) -> NewBlock:
    """Return stanzas as one text: a break between lines, two between stanzas. A line without words is none."""
    pieces: list[Piece] = []
    indents: list[int] = []
    for stanza in block.blocks:
        pieces += [Piece(BREAK)] if pieces else []
        for line in (line for line in stanza.blocks if line.text):
            pieces += [Piece(BREAK)] if pieces else []
            pieces += (Piece(piece.text.replace(BREAK, " "), piece.marks, piece.kept) for piece in line.text)
            indents.append(int(line.attributes.get("indent", 0)))
    if any(indents):
        attributes["indents"] = ",".join(map(str, indents))
    return NewBlock("verse", tuple(pieces_of_words(words_of(pieces))), attributes)


_MAKERS: dict[str, Callable[[Block, dict[str, Value]], NewBlock]] = {
    "table": _table,
    "verse": _verse,
    FIGURE: _figure,
    CODE: _code,
    SCENE: lambda block, attributes: NewBlock(SCENE, (), attributes),
}
