"""Edit running text that is spread over nodes: positions refer to the text, edits are applied to the nodes below it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ..book.inlines import WRAPPERS
from ..book.model import CodeSpan, Inline, InlineImage, LineBreak, Math, NoteRef, Ruby, Text
from ..checks.analysis import END, STAND_IN

AROUND_CHARACTERS = 36

type Edit = tuple[int, int, str]  # start, end, replacement


class Line:
    """The text of one paragraph or heading between `END` characters, as the checks see it, and the nodes it consists
    of."""

    def __init__(self, inlines: list[Inline]) -> None:
        self._inlines = inlines
        self._pieces: list[tuple[int, Text]] = []
        parts = [END]
        at = 1
        for node in _leaves(inlines):
            if isinstance(node, Text):
                self._pieces.append((at, node))
            shown = _shown(node)
            parts.append(shown)
            at += len(shown)
        self.text = "".join(parts) + END

    def write(self, edits: Iterable[Edit]) -> list[tuple[str, str]]:
        """Apply the edits, which do not overlap, and return the words around each, before and after. An edit that
        touches something other than text (a formula, a line break) is skipped."""
        made = []
        for start, end, new in sorted(edits, reverse=True):
            if self._write(start, end, new):
                made.append(_around(self.text, start, end, new))
        _prune(self._inlines)
        made.reverse()
        return made

    def _write(self, start: int, end: int, new: str) -> bool:
        touched = [(at, node) for at, node in self._pieces if at < end and start < at + len(node.text)]
        if start == end:
            touched = [(at, node) for at, node in self._pieces if at <= start <= at + len(node.text)][:1]
        covered = sum(min(end, at + len(node.text)) - max(start, at) for at, node in touched)
        if not touched or covered != end - start:
            return False
        for number, (at, node) in enumerate(touched):
            left, right = max(start - at, 0), max(min(end - at, len(node.text)), 0)
            node.text = node.text[:left] + (new if number == 0 else "") + node.text[right:]
        return True


def _leaves(inlines: list[Inline]) -> Iterator[Inline]:
    for node in inlines:
        if isinstance(node, WRAPPERS):
            yield from _leaves(node.children)
        else:
            yield node


def _shown(node: Inline) -> str:
    if isinstance(node, Text):
        return node.text
    if isinstance(node, LineBreak):
        return "\n"
    if isinstance(node, Ruby):
        return "".join(base for base, _ in node.pairs)
    return STAND_IN if isinstance(node, CodeSpan | Math | InlineImage | NoteRef) else ""


def _around(text: str, start: int, end: int, new: str) -> tuple[str, str]:
    """Return the words around a place, before and after the edit."""
    begin, finish = max(0, start - AROUND_CHARACTERS), end + AROUND_CHARACTERS
    left, right = text[begin:start], text[end:finish]
    return _tidy(left + text[start:end] + right), _tidy(left + new + right)


def _tidy(text: str) -> str:
    """Return the text without stand-ins; spaces stay as they are, since they may be what was corrected."""
    return text.replace(END, "").replace(STAND_IN, "").replace("\n", " ")


def _prune(inlines: list[Inline]) -> None:
    """Remove pieces of text that became empty, and wrappers left empty around them."""
    kept: list[Inline] = []
    for node in inlines:
        if isinstance(node, WRAPPERS):
            had_content = bool(node.children)
            _prune(node.children)
            if node.children or not had_content:
                kept.append(node)
        elif not isinstance(node, Text) or node.text:
            kept.append(node)
    inlines[:] = kept
