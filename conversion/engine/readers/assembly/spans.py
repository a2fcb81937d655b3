"""From a flat row of styled pieces, as word processors store text, to properly nested inline nodes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from ...book.inlines import plain_text
from ...book.model import (
    CodeSpan,
    Emphasis,
    Inline,
    Language,
    LineBreak,
    Link,
    SmallCaps,
    Strike,
    Strong,
    Subscript,
    Superscript,
    Text,
    Underline,
)

STRONG, EMPHASIS, SMALL_CAPS, UNDERLINE, STRIKE, SUB, SUP, CODE = (1 << n for n in range(8))


class Look(NamedTuple):
    """What surrounds one piece: a link, a language, a direction, a dress and flags."""

    flags: int = 0
    href: str = ""
    lang: str = ""
    direction: str = ""
    dress: str = ""


PLAIN = Look()
type Piece = tuple[Look, Inline]
_WRAP: tuple[tuple[int, Callable[[list[Inline]], Inline]], ...] = (
    (STRONG, Strong),
    (EMPHASIS, Emphasis),
    (SMALL_CAPS, SmallCaps),
    (UNDERLINE, Underline),
    (STRIKE, Strike),
    (SUB, Subscript),
    (SUP, Superscript),
)


class Spans:
    """Gathers styled pieces of one paragraph."""

    __slots__ = ("_pieces", "has_text")

    def __init__(self) -> None:
        self._pieces: list[tuple[Look, Inline | list[str]]] = []
        self.has_text = False

    def text(self, look: Look, value: str) -> None:
        """Append words; neighbours of one look are joined."""
        pieces = self._pieces
        if pieces:
            last_look, last = pieces[-1]
            if last_look == look and isinstance(last, list):
                last.append(value)
                return
        pieces.append((look, [value]))
        if not self.has_text and not value.isspace():
            self.has_text = True

    def add(self, look: Look, node: Inline) -> None:
        """Append a node that is not words."""
        self._pieces.append((look, node))

    def build(self) -> list[Inline]:
        """The nested nodes."""
        settled = _settle(self._pieces)
        if all(look == PLAIN for look, _ in settled):
            return [node for _, node in settled]
        return _nest(settled)

    def __len__(self) -> int:
        return len(self._pieces)


def _settle(pieces: Sequence[tuple[Look, Inline | list[str]]]) -> list[Piece]:
    """Words joined; a space takes no look of its own but that of the words before it."""
    settled: list[Piece] = []
    for look, node in pieces:
        if not isinstance(node, list):
            bare = isinstance(node, LineBreak) and not look.flags
            settled.append((PLAIN._replace(href=look.href) if bare else look, node))
            continue
        value = node[0] if len(node) == 1 else "".join(node)
        own = look
        if look.flags and value.isspace():
            own = look._replace(flags=look.flags & (settled[-1][0].flags if settled else 0))
        last = settled[-1] if settled else None
        if last is not None and last[0] == own and isinstance(last[1], Text):
            last[1].text += value
        else:
            settled.append((own, Text(value)))
    return settled


def _nest(pieces: list[Piece]) -> list[Inline]:
    nodes: list[Inline] = []
    start = 0
    while start < len(pieces):
        look, node = pieces[start]
        if look == PLAIN:
            nodes.append(node)
            start += 1
            continue
        end, wrap, strip = _longest(pieces, start)
        inner = [(strip(inner_look), inner_node) for inner_look, inner_node in pieces[start:end]]
        nodes.append(wrap(_nest(inner)))
        start = end
    return nodes


type Extent = tuple[int, Callable[[list[Inline]], Inline], Callable[[Look], Look]]


def _longest(pieces: list[Piece], start: int) -> Extent:
    """The attribute of the piece at `start` that holds furthest, so that wrappers are opened as rarely as can be."""
    look = pieces[start][0]
    if look.href:
        href = look.href
        end = _extent(pieces, start, lambda other: other.href == href)
        return end, lambda children: Link(children, href), lambda other: other._replace(href="")
    best: Extent | None = None
    own = look[2:]
    if any(own):
        end = _extent(pieces, start, lambda other: other[2:] == own)
        best = (end, lambda c: Language(c, *own), lambda o: Look(o.flags, o.href))
    for flag, wrapper in _WRAP:
        if look.flags & flag:
            end = _extent(pieces, start, _has(flag))
            if best is None or end > best[0]:
                best = (end, wrapper, _without(flag))
    if best is None:
        return start + 1, _code, lambda _: PLAIN
    return best


def _has(flag: int) -> Callable[[Look], bool]:
    return lambda look: bool(look.flags & flag)


def _without(flag: int) -> Callable[[Look], Look]:
    return lambda look: look._replace(flags=look.flags & ~flag)


def _extent(pieces: list[Piece], start: int, holds: Callable[[Look], bool]) -> int:
    end = start + 1
    while end < len(pieces) and holds(pieces[end][0]):
        end += 1
    return end


def _code(children: list[Inline]) -> Inline:
    """Code is one string: it has no markup inside."""
    if len(children) == 1 and not isinstance(children[0], Text):
        return children[0]
    return CodeSpan(plain_text(children))
