"""Blocks reduced to their words: for a chapter that a writer cannot write, so that it loses its look and not its text.

Headings stay headings and every other text becomes a paragraph. Links, pictures and tables are left behind, formulas
become a line of text. Note references, anchors and page marks stay, because other parts of the book lead to them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from . import math_text
from .model import (
    Anchor,
    AnyBlock,
    Book,
    Chapter,
    CodeBlock,
    CodeSpan,
    Heading,
    Inline,
    LineBreak,
    Math,
    Note,
    NoteRef,
    PageMark,
    Paragraph,
    Ruby,
    Text,
)
from .walk import Node, walk

_KEPT = (NoteRef, Anchor, PageMark)


def plain_chapters(book: Book, chapters: Iterable[Chapter], notes: Iterable[str]) -> Book:
    """Return the book with some chapters and notes reduced to their words."""
    found = {id(chapter) for chapter in chapters}
    made = [replace(one, blocks=plain_blocks(one.blocks)) if id(one) in found else one for one in book.chapters]
    return replace(book, chapters=made, notes=plain_notes(book, notes))


def plain_notes(book: Book, named: Iterable[str]) -> dict[str, Note]:
    """Return the notes of a book, those that are named reduced to their words."""
    named = set(named)
    return {
        key: replace(note, blocks=plain_blocks(note.blocks)) if key in named else note
        for key, note in book.notes.items()
    }


def plain_blocks(blocks: Iterable[AnyBlock]) -> list[AnyBlock]:
    """Return the words of blocks, in order."""
    made: list[AnyBlock] = []
    inlines: list[Inline] = []  # of the paragraph that is open
    for node in walk(blocks):
        if isinstance(node, Heading):
            made.append(Heading(level=node.level, inlines=(inlines := [])))
        elif isinstance(node, Paragraph):
            made.append(Paragraph(inlines=(inlines := [])))
        elif isinstance(node, CodeBlock):
            made += [Paragraph([Text(line)]) for line in node.text.splitlines() if line.strip()]
        else:
            inlines.extend(_plain_inline(node))
    return [block for block in made if isinstance(block, Heading | Paragraph) and block.inlines]


def _plain_inline(node: Node) -> Iterator[Inline]:
    if isinstance(node, _KEPT):
        yield node
    elif isinstance(node, Text | CodeSpan):
        yield Text(node.text)
    elif isinstance(node, LineBreak):
        yield Text(" ")
    elif isinstance(node, Ruby):
        yield Text("".join(base for base, _ in node.pairs))
    elif isinstance(node, Math):
        yield Text(math_text.linear(node.mathml) or node.alt)
