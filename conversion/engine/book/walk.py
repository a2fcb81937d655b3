"""Traverse a Book's elements without rendering them: children, plain text, words."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from .model import (
    Aside,
    Chapter,
    CodeBlock,
    CodeSpan,
    DefinitionList,
    Emphasis,
    Figure,
    Heading,
    Language,
    LineBreak,
    Link,
    ListBlock,
    Paragraph,
    Quotation,
    Ruby,
    SmallCaps,
    Strike,
    Strong,
    Subscript,
    Superscript,
    Table,
    Text,
    Underline,
    Verse,
)

type Node = Any  # an Inline or a block: the closed set of model.py

# Scripts written without spaces: each character counts as a word, as in word processors.
IDEOGRAPH = re.compile("[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")


def _list_children(node: ListBlock) -> list[Node]:
    return [block for item in node.items for block in item.blocks]


def _definition_children(node: DefinitionList) -> list[Node]:
    children: list[Node] = []
    for item in node.items:
        children.append(Paragraph(item.term))
        children.extend(item.blocks)
    return children


def _table_children(node: Table) -> list[Node]:
    children: list[Node] = [Paragraph(node.caption)] if node.caption else []
    children.extend(block for row in node.rows for cell in row for block in cell.blocks)
    return children


def _verse_children(node: Verse) -> list[Node]:
    return [Paragraph(line.inlines) for stanza in node.stanzas for line in stanza]


def _figure_children(node: Figure) -> list[Node]:
    return [Paragraph(node.caption)] if node.caption else []


_CHILDREN: dict[type, Callable[[Any], Sequence[Node]]] = {
    **{kind: lambda node: node.children for kind in (Emphasis, Strong, SmallCaps, Underline, Strike)},
    **{kind: lambda node: node.children for kind in (Subscript, Superscript, Language, Link)},
    **{kind: lambda node: node.inlines for kind in (Paragraph, Heading)},
    **{kind: lambda node: node.blocks for kind in (Quotation, Aside)},
    Verse: _verse_children,
    ListBlock: _list_children,
    DefinitionList: _definition_children,
    Table: _table_children,
    Figure: _figure_children,
}


def walk(nodes: Iterable[Node]) -> Iterator[Node]:
    """Yield every element in reading order, an element before its children. Notes are not entered."""
    stack = list(nodes)
    stack.reverse()
    while stack:
        node = stack.pop()
        yield node
        children = _CHILDREN.get(type(node))
        if children is not None:
            stack.extend(reversed(children(node)))


def plain(nodes: Iterable[Node]) -> str:
    """Return the text of the elements on one line, with a space between the words of different blocks."""
    parts: list[str] = []
    for node in walk(nodes):
        kind = type(node)
        if kind is Text or kind is CodeSpan:
            parts.append(node.text)
        elif kind is CodeBlock:
            parts.append(f" {node.text} ")
        elif kind is Ruby:
            parts.extend(base for base, _ in node.pairs)
        elif kind is LineBreak or kind is Paragraph or kind is Heading:
            parts.append(" ")
    return " ".join("".join(parts).split())


def count_words(text: str) -> int:
    """Return the number of words; in Chinese and Japanese each character counts."""
    if text.isascii():
        return len(text.split())
    ideographs = len(IDEOGRAPH.findall(text))
    if ideographs:
        text = IDEOGRAPH.sub(" ", text)
    return ideographs + len(text.split())


def word_count(chapter: Chapter) -> int:
    """Return the number of words in a chapter, notes not counted."""
    return count_words(plain(chapter.blocks))
