"""Running text as a flat list: pieces of text, each with the marks over it, and nodes that count as one word.

An editor has text in this form, and it can be compared, cut and joined, which nested nodes cannot. `pieces_of` and
`inlines_of` convert from and to the Book's nodes; adjacent nodes with the same marks become one.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from ..book.model import (
    Anchor,
    CodeSpan,
    Emphasis,
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

STAND_IN = "\ufffc"  # a formula, note mark or picture
BREAK = "\u2028"  # a line break; no text of a Book contains it

type Mark = tuple[str, ...]  # its name, then what it carries
type KeyOf = Callable[[NoteRef | Math | InlineImage], str]

WRAPPER_MARKS: dict[type[Inline], str] = {
    Emphasis: "emphasis",
    Strong: "strong",
    SmallCaps: "small_caps",
    Underline: "underline",
    Strike: "strike",
    Subscript: "subscript",
    Superscript: "superscript",
}
_WRAPPERS: dict[str, Callable[[list[Inline]], Inline]] = {name: kind for kind, name in WRAPPER_MARKS.items()}
CODE, RUBY, LINK, LANGUAGE = "code", "ruby", "link", "language"


_CARRIED = {**dict.fromkeys(_WRAPPERS, 0), CODE: 0, RUBY: 1, LINK: 1, LANGUAGE: 3}


def is_mark(mark: Mark) -> bool:
    """Return whether a mark has a known name and carries as much as it should."""
    return bool(mark) and _CARRIED.get(mark[0]) == len(mark) - 1


@dataclass(frozen=True, slots=True)
class Piece:
    """Text under the same marks, or a node. `kept` is a node's key: a patch refers to nodes and never contains one.
    `node` is the node itself where the piece comes from a Book; anchors and page marks are pieces without text."""

    text: str
    marks: tuple[Mark, ...] = ()
    kept: str = ""
    node: Inline | None = field(default=None, compare=False)

    @property
    def is_hidden(self) -> bool:
        return not self.text


def key_of_node(kind: str, content: str) -> str:
    """Return the key of a note mark, formula or picture: the same for the same content, whatever its id."""
    return f"{kind}:{hashlib.sha256(content.encode('utf-8', 'surrogatepass')).hexdigest()[:16]}"


def pieces_of(inlines: Iterable[Inline], key_of: KeyOf) -> list[Piece]:
    """Return the pieces of nodes, in order."""
    return list(_pieces(inlines, (), key_of))


def _pieces(inlines: Iterable[Inline], marks: tuple[Mark, ...], key_of: KeyOf) -> Iterator[Piece]:
    for node in inlines:
        if isinstance(node, Text):
            if node.text:
                yield Piece(node.text, marks)
        elif isinstance(node, CodeSpan):
            if node.text:
                yield Piece(node.text, (*marks, (CODE,)))
        elif isinstance(node, LineBreak):
            yield Piece(BREAK, marks)
        elif isinstance(node, Ruby):
            yield from (Piece(base, (*marks, (RUBY, above))) for base, above in node.pairs if base)
        elif isinstance(node, Anchor | PageMark):
            yield Piece("", marks, node=node)
        elif isinstance(node, NoteRef | Math | InlineImage):
            yield Piece(STAND_IN, marks, key_of(node), node)
        else:
            yield from _pieces(node.children, (*marks, _mark_of(node)), key_of)


def _mark_of(node: Inline) -> Mark:
    if isinstance(node, Link):
        return LINK, node.href
    if isinstance(node, Language):
        return LANGUAGE, node.lang, node.direction, node.dress
    return (WRAPPER_MARKS[type(node)],)


def inlines_of(pieces: Iterable[Piece]) -> list[Inline]:
    """Return the nodes of pieces; each stand-in must have its node."""
    return _nested([piece for piece in pieces if piece.text or piece.node is not None], 0)


def _nested(pieces: Sequence[Piece], depth: int) -> list[Inline]:
    nodes: list[Inline] = []
    at = 0
    while at < len(pieces):
        mark = _mark_at(pieces[at], depth)
        end = at + 1
        while end < len(pieces) and _mark_at(pieces[end], depth) == mark:
            end += 1
        run = pieces[at:end]
        if mark is None:
            nodes += _leaves(run)
        else:
            nodes.append(_wrapped(mark, run, depth))
        at = end
    return nodes


def _mark_at(piece: Piece, depth: int) -> Mark | None:
    """Return the mark that is still to be opened at this depth. A ruby mark is the same for all: pairs join."""
    if depth >= len(piece.marks):
        return None
    mark = piece.marks[depth]
    return (RUBY,) if mark[0] == RUBY else mark


def _leaves(pieces: Iterable[Piece]) -> Iterator[Inline]:
    text = ""
    for piece in pieces:
        if piece.node is None and piece.text != BREAK and not piece.kept:
            text += piece.text
            continue
        yield from _text(text)
        text = ""
        yield from _leaf(piece)
    yield from _text(text)


def _leaf(piece: Piece) -> Iterator[Inline]:
    if piece.text == BREAK:
        yield LineBreak()
    elif piece.node is not None:
        yield piece.node


def _text(text: str) -> Iterator[Inline]:
    """Yield text; a break that stands within a piece is a node of its own."""
    for number, line in enumerate(text.split(BREAK)):
        if number:
            yield LineBreak()
        if line:
            yield Text(line)


def _wrapped(mark: Mark, pieces: Sequence[Piece], depth: int) -> Inline:
    name, *carried = mark
    if name == CODE:
        return CodeSpan("".join(piece.text for piece in pieces))
    if name == RUBY:
        return Ruby([(piece.text, piece.marks[depth][1]) for piece in pieces])
    children = _nested(pieces, depth + 1)
    if name == LINK:
        return Link(children, carried[0])
    if name == LANGUAGE:
        return Language(children, *carried)
    return _WRAPPERS[name](children)


def merged(pieces: Iterable[Piece]) -> list[Piece]:
    """Return the pieces with neighbours of the same marks joined, ruby and nodes left as they are."""
    joined: list[Piece] = []
    for piece in pieces:
        last = joined[-1] if joined else None
        if last is not None and _is_text(last) and _is_text(piece) and last.marks == piece.marks:
            joined[-1] = replace(last, text=last.text + piece.text)
        else:
            joined.append(piece)
    return joined


def _is_text(piece: Piece) -> bool:
    is_ruby = bool(piece.marks) and piece.marks[-1][0] == RUBY
    return bool(piece.text) and not piece.kept and piece.node is None and not is_ruby


def plain(pieces: Iterable[Piece]) -> str:
    """Return the text, with a blank for a line break and a stand-in for each node."""
    return "".join(piece.text for piece in pieces).replace(BREAK, " ")
