"""Blocks of the Book from the blocks that an author puts in, and from blocks that become another kind."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace

from ..book.inlines import plain_text
from ..book.model import (
    Align,
    AnyBlock,
    Aside,
    Cell,
    CodeBlock,
    Definition,
    DefinitionList,
    Figure,
    Heading,
    Inline,
    InlineImage,
    ListBlock,
    ListItem,
    Paragraph,
    Quotation,
    SceneBreak,
    Table,
    Text,
    Verse,
    VerseLine,
)
from .attributes import NEW_ATTRIBUTES, set_attribute
from .leaves import CAPTION, CODE, FIGURE, HEADING, PARAGRAPH, SCENE, SCENE_KEY
from .model import NewBlock
from .pieces import BREAK, Piece, inlines_of, key_of_node
from .words import fold, words_of

_DEFAULT_LEVEL = 2
_ASSET = "asset:"  # begins the key of a picture that is put in by its file

type Nodes = Callable[[str], Inline]


def built(blocks: Iterable[NewBlock], nodes: Nodes) -> list[AnyBlock]:
    """Return the blocks of the Book. `nodes` returns the formula, note mark or picture with a key of `kept_of`."""
    return [_built(block, nodes) for block in blocks]


def kept_of(blocks: Iterable[NewBlock]) -> Iterator[str]:
    """Yield the keys of the formulas, note marks and pictures in new blocks."""
    for block in blocks:
        yield from (piece.kept for piece in block.text if piece.kept)
        if block.kind == FIGURE:
            yield f"{_ASSET}{block.attributes['asset']}"
        yield from kept_of(block.children)


def asset_of_key(key: str) -> str:
    """Return the picture's file that a key of `kept_of` names; "" for a key of a node."""
    return key.removeprefix(_ASSET) if key.startswith(_ASSET) else ""


def _built(new: NewBlock, nodes: Nodes) -> AnyBlock:
    block = _BUILDERS[new.kind](new, nodes)
    only_of_new = {attribute.name for attribute in NEW_ATTRIBUTES.get(new.kind, ())}
    for name, value in new.attributes.items():
        if name not in only_of_new:
            set_attribute(block, name, value)
    return block


def _inlines(new: NewBlock, nodes: Nodes) -> list[Inline]:
    return inlines_of(replace(piece, node=nodes(piece.kept)) if piece.kept else piece for piece in new.text)


def _list(new: NewBlock, nodes: Nodes) -> ListBlock:
    return ListBlock([ListItem(built(item.children, nodes), _checked(item)) for item in new.children])


def _definitions(new: NewBlock, nodes: Nodes) -> DefinitionList:
    items = ((_inlines(one.children[0], nodes), built(one.children[1:], nodes)) for one in new.children)
    return DefinitionList([Definition(term, blocks) for term, blocks in items])


def _table(new: NewBlock, nodes: Nodes) -> Table:
    rows = [[_cell(cell, nodes) for cell in row.children] for row in new.children if row.kind != CAPTION]
    return Table(rows, caption=_caption(new, nodes))


def _cell(new: NewBlock, nodes: Nodes) -> Cell:
    given = new.attributes
    spans = (int(given.get("colspan", 1)), int(given.get("rowspan", 1)))
    align = Align(str(given.get("align", Align.AUTO)))
    return Cell(built(new.children, nodes), bool(given.get("header")), *spans, align)


def _figure(new: NewBlock, nodes: Nodes) -> Figure:
    picture = nodes(f"{_ASSET}{new.attributes['asset']}")
    assert isinstance(picture, InlineImage)  # noqa: S101 (the node of such a key)
    return Figure(picture.asset, caption=_caption(new, nodes))


def _caption(new: NewBlock, nodes: Nodes) -> list[Inline]:
    return next((_inlines(one, nodes) for one in new.children if one.kind == CAPTION), [])


def _checked(item: NewBlock) -> bool | None:
    """Return whether an item of a list of tasks is done; None for an ordinary item."""
    return bool(item.attributes["checked"]) if "checked" in item.attributes else None


def _verse(new: NewBlock, nodes: Nodes) -> Verse:
    text = [replace(piece, node=nodes(piece.kept)) if piece.kept else piece for piece in new.text]
    indents = indents_of(new)
    stanzas: list[list[VerseLine]] = [[]]
    for line in lines_of(text):
        if line:
            stanzas[-1].append(VerseLine(inlines_of(line), next(indents, 0)))
        elif stanzas[-1]:
            stanzas.append([])
    return Verse([stanza for stanza in stanzas if stanza])


def indents_of(verse: NewBlock) -> Iterator[int]:
    """Yield the indents of the lines of a verse that is put in."""
    given = str(verse.attributes.get("indents", ""))
    return iter([int(number) for number in given.split(",")] if given else [])


def lines_of(pieces: Iterable[Piece]) -> list[list[Piece]]:
    lines: list[list[Piece]] = [[]]
    for piece in pieces:
        for number, text in enumerate(piece.text.split(BREAK)):
            if number:
                lines.append([])
            if text:
                lines[-1].append(replace(piece, text=text))
    return lines


_BUILDERS: dict[str, Callable[[NewBlock, Nodes], AnyBlock]] = {
    PARAGRAPH: lambda new, nodes: Paragraph(_inlines(new, nodes)),
    HEADING: lambda new, nodes: Heading(_DEFAULT_LEVEL, _inlines(new, nodes)),
    CODE: lambda new, nodes: CodeBlock("".join(piece.text for piece in new.text).replace(BREAK, "\n")),
    SCENE: lambda new, nodes: SceneBreak(),
    FIGURE: _figure,
    "verse": _verse,
    "list": _list,
    "definitions": _definitions,
    "table": _table,
    "quotation": lambda new, nodes: Quotation(built(new.children, nodes)),
    "aside": lambda new, nodes: Aside(built(new.children, nodes)),
}
_HOLDERS = frozenset({"quotation", "aside", "list", "item", "definitions", "definition", "table", "row", "cell"})


def texts_of(blocks: Iterable[NewBlock]) -> list[list[str]]:
    """Return the words of new blocks, folded, as the leaves of a base have them."""
    texts: list[list[str]] = []
    for block in blocks:
        if block.kind == "verse":
            texts += [[word.key for word in words_of(line)] for line in lines_of(block.text) if line]
        elif block.kind == SCENE:
            texts.append([SCENE_KEY])
        elif block.kind == FIGURE:
            texts += [[key_of_node("picture", str(block.attributes["asset"]))], *texts_of(block.children)]
        elif block.kind in _HOLDERS:
            texts += texts_of(block.children)
        else:
            texts.append([word.key for word in words_of(block.text)])
    return texts


def of_kind(block: AnyBlock, kind: str, inlines: Sequence[Inline]) -> AnyBlock:
    """Return a block of another kind with the same words; a scene break has them as its sign."""
    common = {"lang": block.lang, "direction": block.direction, "place": block.place}
    if kind == HEADING:
        return Heading(_DEFAULT_LEVEL, list(inlines), **common)  # type: ignore[arg-type]
    if kind == SCENE:
        return SceneBreak(fold(plain_text(list(inlines)))[:40], place=block.place)
    if kind == "quotation":
        return Quotation([block], place=block.place)
    sign = [Text(block.sign)] if isinstance(block, SceneBreak) and block.sign.strip() else []
    return Paragraph([*inlines, *sign], **common)  # type: ignore[arg-type]
