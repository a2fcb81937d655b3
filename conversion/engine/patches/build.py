"""Blocks of the Book from the blocks that an author puts in, and from blocks that become another kind."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
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


def built(blocks: Iterable[NewBlock]) -> list[AnyBlock]:
    """Return the blocks of the Book."""
    return [_built(block) for block in blocks]


def _built(new: NewBlock) -> AnyBlock:
    block = _BUILDERS[new.kind](new)
    for name, value in new.attributes.items():
        set_attribute(block, name, value)
    return block


def _list(new: NewBlock) -> ListBlock:
    return ListBlock([ListItem(built(item.children)) for item in new.children])


def _verse(new: NewBlock) -> Verse:
    stanzas: list[list[VerseLine]] = [[]]
    for line in _lines(new.text):
        if line:
            stanzas[-1].append(VerseLine(inlines_of(line)))
        elif stanzas[-1]:
            stanzas.append([])
    return Verse([stanza for stanza in stanzas if stanza])


def _lines(pieces: Iterable[Piece]) -> list[list[Piece]]:
    lines: list[list[Piece]] = [[]]
    for piece in pieces:
        for number, text in enumerate(piece.text.split(BREAK)):
            if number:
                lines.append([])
            if text:
                lines[-1].append(replace(piece, text=text))
    return lines


_BUILDERS: dict[str, Callable[[NewBlock], AnyBlock]] = {
    PARAGRAPH: lambda new: Paragraph(inlines_of(new.text)),
    HEADING: lambda new: Heading(_DEFAULT_LEVEL, inlines_of(new.text)),
    CODE: lambda new: CodeBlock("".join(piece.text for piece in new.text).replace(BREAK, "\n")),
    SCENE: lambda new: SceneBreak(),
    "verse": _verse,
    "quotation": lambda new: Quotation(built(new.children)),
    "aside": lambda new: Aside(built(new.children)),
    "list": _list,
}


def texts_of(blocks: Iterable[NewBlock]) -> list[list[str]]:
    """Return the words of new blocks, folded, as the leaves of a base have them."""
    texts: list[list[str]] = []
    for block in blocks:
        if block.kind == "verse":
            texts += [[word.key for word in words_of(line)] for line in _lines(block.text) if line]
        elif block.kind == SCENE:
            texts.append([SCENE_KEY])
        elif block.children or block.kind in ("quotation", "aside", "list", "item"):
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
