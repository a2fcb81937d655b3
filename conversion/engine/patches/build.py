"""Blocks of the Book from the blocks that an author puts in, and from blocks that become another kind."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace

from ..book.inlines import plain_text
from ..book.model import (
    AnyBlock,
    Aside,
    CodeBlock,
    Heading,
    Inline,
    ListBlock,
    ListItem,
    Paragraph,
    Quotation,
    SceneBreak,
    Text,
    Verse,
    VerseLine,
)
from .attributes import set_attribute
from .leaves import CODE, HEADING, PARAGRAPH, SCENE, SCENE_KEY
from .model import NewBlock
from .pieces import BREAK, Piece, inlines_of
from .words import fold, words_of

_DEFAULT_LEVEL = 2
LIST = "list"

type Nodes = Callable[[str], Inline]


def built(blocks: Iterable[NewBlock], nodes: Nodes) -> list[AnyBlock]:
    """Return the blocks of the Book. `nodes` returns the formula, note mark or picture with a key."""
    return [_built(block, nodes) for block in blocks]


def kept_of(blocks: Iterable[NewBlock]) -> Iterator[str]:
    """Yield the keys of the formulas, note marks and pictures in new blocks."""
    for block in blocks:
        yield from (piece.kept for piece in block.text if piece.kept)
        yield from kept_of(block.children)


def _built(new: NewBlock, nodes: Nodes) -> AnyBlock:
    children = built(new.children, nodes) if new.kind != LIST else []
    text = [replace(piece, node=nodes(piece.kept)) if piece.kept else piece for piece in new.text]
    block = _BUILDERS[new.kind](text, children) if new.kind != LIST else _list(new, nodes)
    for name, value in new.attributes.items():
        set_attribute(block, name, value)
    return block


def _list(new: NewBlock, nodes: Nodes) -> ListBlock:
    return ListBlock([ListItem(built(item.children, nodes), _checked(item)) for item in new.children])


def _checked(item: NewBlock) -> bool | None:
    """Return whether an item of a list of tasks is done; None for an ordinary item."""
    return bool(item.attributes["checked"]) if "checked" in item.attributes else None


def _verse(text: list[Piece], children: list[AnyBlock]) -> Verse:
    stanzas: list[list[VerseLine]] = [[]]
    for line in lines_of(text):
        if line:
            stanzas[-1].append(VerseLine(inlines_of(line)))
        elif stanzas[-1]:
            stanzas.append([])
    return Verse([stanza for stanza in stanzas if stanza])


def lines_of(pieces: Iterable[Piece]) -> list[list[Piece]]:
    lines: list[list[Piece]] = [[]]
    for piece in pieces:
        for number, text in enumerate(piece.text.split(BREAK)):
            if number:
                lines.append([])
            if text:
                lines[-1].append(replace(piece, text=text))
    return lines


_BUILDERS: dict[str, Callable[[list[Piece], list[AnyBlock]], AnyBlock]] = {
    PARAGRAPH: lambda text, children: Paragraph(inlines_of(text)),
    HEADING: lambda text, children: Heading(_DEFAULT_LEVEL, inlines_of(text)),
    CODE: lambda text, children: CodeBlock("".join(piece.text for piece in text).replace(BREAK, "\n")),
    SCENE: lambda text, children: SceneBreak(),
    "verse": _verse,
    "quotation": lambda text, children: Quotation(children),
    "aside": lambda text, children: Aside(children),
}


def texts_of(blocks: Iterable[NewBlock]) -> list[list[str]]:
    """Return the words of new blocks, folded, as the leaves of a base have them."""
    texts: list[list[str]] = []
    for block in blocks:
        if block.kind == "verse":
            texts += [[word.key for word in words_of(line)] for line in lines_of(block.text) if line]
        elif block.kind == SCENE:
            texts.append([SCENE_KEY])
        elif block.children or block.kind in ("quotation", "aside", LIST, "item"):
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
