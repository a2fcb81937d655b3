"""Queries and operations on sequences of inline nodes, shared by the readers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from .model import (
    Anchor,
    CodeSpan,
    Emphasis,
    Figure,
    Inline,
    InlineImage,
    Language,
    LineBreak,
    Link,
    Math,
    NoteRef,
    PageMark,
    Ruby,
    SmallCaps,
    Strike,
    Strong,
    Subscript,
    Superscript,
    Text,
    Underline,
)

type Wrapper = Emphasis | Strong | SmallCaps | Underline | Strike | Subscript | Superscript | Language | Link

WRAPPERS = (Emphasis, Strong, SmallCaps, Underline, Strike, Subscript, Superscript, Language, Link)
_INVISIBLE = (Anchor, PageMark)
_BLANKS = " \t\n\r\u200b"
VERSE_BLANKS = _BLANKS + "\u00a0\u2002\u2003"  # spaces that indent a line of verse


def plain_text(nodes: Iterable[Inline]) -> str:
    """Return the words as they are read aloud: line breaks become spaces, notes are left out."""
    if type(nodes) is list and len(nodes) == 1 and type(nodes[0]) is Text:  # most paragraphs
        return nodes[0].text
    return "".join(_texts(nodes))


def _texts(nodes: Iterable[Inline]) -> Iterator[str]:
    for node in nodes:
        if isinstance(node, Text | CodeSpan):
            yield node.text
        elif isinstance(node, LineBreak):
            yield " "
        elif isinstance(node, WRAPPERS):
            yield from _texts(node.children)
        elif isinstance(node, Ruby):
            yield "".join(base for base, _ in node.pairs)
        elif isinstance(node, Math):
            yield node.alt


def alternative(picture: Figure | InlineImage) -> str:
    """Return what is read in place of a picture: its description, nothing where there is nothing to describe."""
    return "" if picture.decorative else picture.alt


def is_described(picture: Figure | InlineImage) -> bool:
    """Return whether a picture says what it shows, or that it shows nothing that matters."""
    return picture.decorative or bool(picture.alt.strip())


def is_blank(nodes: Iterable[Inline]) -> bool:
    """Return True when nothing would be visible: only spaces, breaks, anchors and page marks."""
    for node in nodes:
        if isinstance(node, Text | CodeSpan):
            if node.text.strip(_BLANKS):
                return False
        elif isinstance(node, WRAPPERS):
            if not is_blank(node.children):
                return False
        elif not isinstance(node, (LineBreak, *_INVISIBLE)):
            return False
    return True


def anchors_of(nodes: Iterable[Inline]) -> list[Inline]:
    """Return the anchors and page marks of nodes that are otherwise dropped."""
    found: list[Inline] = []
    for node in nodes:
        if isinstance(node, _INVISIBLE):
            found.append(node)
        elif isinstance(node, WRAPPERS):
            found += anchors_of(node.children)
    return found


def rewrap(node: Wrapper, children: list[Inline]) -> Wrapper:
    """Return a node like `node` with other children."""
    if isinstance(node, Language):
        return Language(children, node.lang, node.direction, node.dress)
    if isinstance(node, Link):
        return Link(children, node.href)
    return type(node)(children)


def split_lines(nodes: Iterable[Inline]) -> list[list[Inline]]:
    """Split the nodes at their line breaks, at any depth. A wrapper that spans a break is repeated on each line."""
    lines: list[list[Inline]] = [[]]
    for node in nodes:
        if isinstance(node, LineBreak):
            lines.append([])
        elif isinstance(node, WRAPPERS):
            parts = split_lines(node.children)
            if len(parts) == 1:
                lines[-1].append(node)
                continue
            if parts[0]:
                lines[-1].append(rewrap(node, parts[0]))
            lines += [[rewrap(node, part)] if part else [] for part in parts[1:]]
        else:
            lines[-1].append(node)
    return lines


def count_breaks(nodes: Iterable[Inline]) -> int:
    """Return the number of line breaks, at any depth."""
    total = 0
    for node in nodes:
        if isinstance(node, LineBreak):
            total += 1
        elif isinstance(node, WRAPPERS):
            total += count_breaks(node.children)
    return total


def trim(nodes: list[Inline], blanks: str = _BLANKS) -> list[Inline]:
    """Remove `blanks` and breaks from both ends of the list, in place, and return it."""
    _trim_edge(nodes, 0, blanks)
    _trim_edge(nodes, -1, blanks)
    return nodes


def _trim_edge(nodes: list[Inline], edge: int, blanks: str) -> None:
    while nodes:
        node = nodes[edge]
        if isinstance(node, LineBreak):
            del nodes[edge]
        elif isinstance(node, Text):
            node.text = node.text.lstrip(blanks) if edge == 0 else node.text.rstrip(blanks)
            if node.text:
                return
            del nodes[edge]
        elif isinstance(node, WRAPPERS):
            _trim_edge(node.children, edge, blanks)
            if node.children:
                return
            del nodes[edge]
        else:
            return


def leading_indent(nodes: list[Inline]) -> int:
    """Return how many steps of one em the spaces at the start of a line of verse stand for."""
    if not nodes:
        return 0
    first = nodes[0]
    if isinstance(first, WRAPPERS):
        return leading_indent(first.children)
    if not isinstance(first, Text):
        return 0
    widths = {" ": 1, "\u00a0": 1, "\u2002": 2, "\u2003": 4, "\t": 8}
    width = 0
    for char in first.text:
        if char not in widths:
            break
        width += widths[char]
    return min((width + 1) // 4, 12)


def sole_image(nodes: list[Inline]) -> InlineImage | None:
    """Return the picture of a paragraph that shows one picture and nothing else."""
    found: InlineImage | None = None
    for node in nodes:
        inner = node
        while isinstance(inner, WRAPPERS) and len(inner.children) == 1:
            inner = inner.children[0]
        if isinstance(inner, InlineImage) and found is None:
            found = inner
        elif not is_blank([node]):
            return None
    return found


def has_formula(nodes: Iterable[Inline]) -> bool:
    """Return True when there is a formula at any depth: its text differs from what the line looks like."""
    return any(isinstance(n, Math) or (isinstance(n, WRAPPERS) and has_formula(n.children)) for n in nodes)


def has_note(nodes: Iterable[Inline]) -> bool:
    """Return True when a note is referenced, at any depth."""
    return any(isinstance(n, NoteRef) or (isinstance(n, WRAPPERS) and has_note(n.children)) for n in nodes)
