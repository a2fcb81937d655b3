"""The same text read in another way: typed without care, and by another version of the engine."""

from __future__ import annotations

import random

from conversion.engine.book.model import (
    AnyBlock,
    Book,
    Emphasis,
    Heading,
    Inline,
    LineBreak,
    Paragraph,
    Quotation,
    SceneBreak,
    Strong,
    Text,
    Verse,
)
from conversion.engine.book.walk import walk

_CARELESS = {"“": '"', "”": '"', "‘": "'", "’": "'", "—": "--", "…": "..."}


def messy(book: Book, chance: random.Random) -> None:
    """Type the book without care, so that the fixes have much to do."""
    blocks = [block for chapter in book.chapters for block in chapter.blocks]
    blocks += [block for note in book.notes.values() for block in note.blocks]
    for node in walk(blocks):
        if isinstance(node, Text):
            for careful, careless in _CARELESS.items():
                node.text = node.text.replace(careful, careless)
            node.text = "".join(_typed(char, chance) for char in node.text)
    for chapter in book.chapters:
        for at, block in enumerate(chapter.blocks):
            if isinstance(block, SceneBreak):
                chapter.blocks[at] = Paragraph([Text("* * *")], place=block.place)


def _typed(char: str, chance: random.Random) -> str:
    if char == " " and chance.random() < 0.02:
        return "  "
    if char == "," and chance.random() < 0.02:
        return " ,"
    return char


def another_engine(book: Book) -> None:
    """Read the book as another engine might: other signs, kinds, marks, containers and invisible characters."""
    for chapter in book.chapters:
        chapter.blocks[:] = [other for block in chapter.blocks for other in _otherwise(block)]
    for node in walk(block for chapter in book.chapters for block in chapter.blocks):
        if isinstance(node, Text):
            node.text = node.text.replace("fi", "f\u00adi").replace(" –", "\u00a0–").replace("…", "...")
        elif isinstance(node, Paragraph | Heading):
            node.inlines[:] = [_mark(inline) for inline in node.inlines]


def _otherwise(block: AnyBlock) -> list[AnyBlock]:
    if isinstance(block, Heading) and block.level > 1:
        return [Paragraph([Strong(block.inlines)], place=block.place)]
    if isinstance(block, Quotation):
        return list(block.blocks)
    if isinstance(block, SceneBreak):
        return [SceneBreak("#", place=block.place)]
    if isinstance(block, Verse):
        return [Paragraph(_lines(stanza), place=block.place) for stanza in _inlines(block)]
    return [block]


def _inlines(block: Verse) -> list[list[list[Inline]]]:
    return [[line.inlines for line in stanza] for stanza in block.stanzas]


def _lines(lines: list[list[Inline]]) -> list[Inline]:
    joined: list[Inline] = []
    for line in lines:
        joined += [*([LineBreak()] if joined else []), *line]
    return joined


def _mark(inline: Inline) -> Inline:
    return Strong(inline.children) if isinstance(inline, Emphasis) else inline
