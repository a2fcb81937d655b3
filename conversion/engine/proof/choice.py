"""Choose the pages of a finished PDF to draw: those an author would open first, and those with a problem."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from ..book.model import Chapter, CodeBlock, Math, Paragraph, Table
from ..book.walk import Node, plain
from .faults import Fault
from .pages import OutlineEntry, Page

MAX_PAGES = 24
_FRONT_PAGES = 12  # a dedication may come before the printed contents
_OPENINGS = 7
_FAULTY = 8
_PICTURES = 3
_OF_A_KIND = 2
_NEEDLES = 6
_NEEDLE_CHARACTERS = 24
_NO_LETTER = re.compile(r"\W+")


@dataclass(frozen=True, slots=True)
class PageProbe:
    """How to find a page that shows a table, code or a formula: letters that appear on it."""

    kind: str
    letters: str


@dataclass(slots=True)
class ChosenPages:
    """Pages to draw, by index, each with the reasons: cover, title, contents, opening, fault, picture, table, code,
    formula, plain."""

    reasons: dict[int, list[str]] = field(default_factory=dict)

    def add(self, index: int, reason: str) -> None:
        """Choose a page, or add a reason to a chosen one; ignore pages beyond the number that may be drawn."""
        if index in self.reasons or len(self.reasons) < MAX_PAGES:
            known = self.reasons.setdefault(index, [])
            if reason not in known:
                known.append(reason)


def needles(nodes: Iterable[tuple[Chapter, Node]]) -> list[PageProbe]:
    """Return what to look for, from the Book: a few tables, pieces of code and formulas."""
    found: list[PageProbe] = []
    paragraph: Paragraph | None = None
    for _chapter, node in nodes:
        if isinstance(node, Paragraph):
            paragraph = node
        elif isinstance(node, Table):
            found.append(
                PageProbe("table", _letters(plain(node.rows[0][0].blocks)) if node.rows and node.rows[0] else "")
            )
        elif isinstance(node, CodeBlock):
            found.append(PageProbe("code", _letters(node.text)))
        elif isinstance(node, Math) and paragraph is not None:
            found.append(PageProbe("formula", _letters(plain([paragraph]))))
    good = [needle for needle in found if len(needle.letters) >= 6]
    return [one for kind in ("table", "code", "formula") for one in [n for n in good if n.kind == kind][:_NEEDLES]]


def choose(
    pages: Sequence[Page],
    openings: Sequence[OutlineEntry],
    faults: Sequence[Fault],
    wanted: Sequence[PageProbe],
    *,
    contents: str,
    has_cover: bool,
) -> ChosenPages:
    """Return the pages to draw. `contents` is the heading of the printed contents; `faults` are sorted worst first."""
    chosen = ChosenPages()
    if not pages:
        return chosen
    first = openings[0].index if openings else len(pages)
    shown = [page for page in pages[: max(first, 1)] if not page.is_blank]
    for page, reason in zip(shown, ("cover", "title") if has_cover else ("title",), strict=False):
        chosen.add(page.index, reason)
    for page in pages[:_FRONT_PAGES]:
        if page.begins_with(contents):
            chosen.add(page.index, "contents")
    for index in _spread(sorted({opening.index for opening in openings}), _OPENINGS):
        chosen.add(index, "opening")
    for fault in _each_code_in_turn(faults)[:_FAULTY]:
        chosen.add(fault.index, "fault")
    for page in _spread([page for page in pages if page.pictures and page.index], _PICTURES):
        chosen.add(page.index, "picture")
    for index, kind in _found(pages, wanted):
        chosen.add(index, kind)
    for page in (*pages[first + 1 : first + 2], pages[len(pages) // 2]):
        if not page.is_blank:
            chosen.add(page.index, "plain")
    return chosen


def _found(pages: Sequence[Page], wanted: Sequence[PageProbe]) -> list[tuple[int, str]]:
    """Return pages with what the needles stand for, a few of each kind."""
    if not wanted:
        return []
    texts = [(page.index, _NO_LETTER.sub("", page.text)) for page in pages]
    found: dict[str, list[int]] = {}
    for needle in wanted:
        indices = found.setdefault(needle.kind, [])
        index = next((index for index, text in texts if needle.letters in text and index not in indices), None)
        if index is not None and len(indices) < _OF_A_KIND:
            indices.append(index)
    return [(index, kind) for kind, indices in found.items() for index in indices]


def _each_code_in_turn(faults: Sequence[Fault]) -> list[Fault]:
    """Return one fault of each code, then a second one of each, so that many of one kind do not hide the others."""
    turns: dict[str, int] = {}
    seen: set[tuple[str, int]] = set()
    queue: list[tuple[int, int, Fault]] = []
    for position, fault in enumerate(faults):
        if (fault.code, fault.index) in seen:
            continue
        seen.add((fault.code, fault.index))
        turns[fault.code] = turns.get(fault.code, 0) + 1
        queue.append((turns[fault.code], position, fault))
    return [fault for _, _, fault in sorted(queue, key=lambda item: item[:2])]


def _spread[T](things: Sequence[T], most: int) -> list[T]:
    """Return the first and the last, and some evenly distributed between."""
    if len(things) <= most:
        return list(things)
    step = (len(things) - 1) / (most - 1)
    return [things[round(number * step)] for number in range(most)]


def _letters(text: str) -> str:
    return _NO_LETTER.sub("", text[:200])[:_NEEDLE_CHARACTERS]
