"""Create findings: one for a single place, or one for a habit of the whole book, with its count and first place."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from ..book.model import Chapter
from ..book.walk import Node
from ..findings.model import Finding, Severity, SourcePlace
from ..findings.registry import severity
from .analysis import STAND_IN, TextPosition

SAME_CODE_AT_MOST = 30
QUOTE_CHARACTERS = 120
_NOWHERE = SourcePlace()
_SEVERITIES = list(reversed(Severity))

type Fact = str | int


def make_finding(
    code: str, chapter: Chapter | None = None, node: Node = None, *, quote: str = "", start: int = 0, **facts: Fact
) -> Finding:
    """Return a finding at one place: in a chapter, at an element, with the words around `start` of `quote`."""
    place = getattr(node, "place", _NOWHERE)
    title = chapter.title if chapter is not None else ""
    at = (node,) if node is not None else (chapter,)
    return Finding(code, severity(code), title, quote_around(quote, start), place, facts, nodes=at)


def one_finding(code: str, spots: Sequence[TextPosition], *, least: int = 1, **facts: Fact) -> Iterator[Finding]:
    """Yield one finding for all the spots, at the first of them; none for fewer than `least`."""
    if spots and len(spots) >= least:
        passage, start = spots[0].passage, spots[0].start
        counted: dict[str, Fact] = {"count": len(spots), **facts}
        title, quote = passage.chapter.title, quote_around(passage.text, start)
        at = tuple(spot.passage.block for spot in spots)
        yield Finding(code, severity(code), title, quote, passage.block.place, counted, nodes=at)


def finding_at_elements(
    code: str, places: Sequence[tuple[Chapter, Node, str]], *, least: int = 1, **facts: Fact
) -> Iterator[Finding]:
    """Yield findings like `gathered`, but for elements: each with its chapter and its words."""
    if places and len(places) >= least:
        chapter, node, quote = places[0]
        counted: dict[str, Fact] = {"count": len(places), **facts}
        place = getattr(node, "place", _NOWHERE)
        at = tuple(element for _, element, _ in places)
        yield Finding(code, severity(code), chapter.title, quote_around(quote), place, counted, nodes=at)


def quote_around(text: str, start: int = 0) -> str:
    """Return up to 120 characters around a position: whole words, with an ellipsis where the text goes on."""
    begin = max(0, start - QUOTE_CHARACTERS // 3)
    if begin:
        begin = text.find(" ", begin, start) + 1 or begin
    cut = text[begin : begin + QUOTE_CHARACTERS]
    if begin + QUOTE_CHARACTERS < len(text):
        cut = f"{(cut.rpartition(' ')[0] or cut).rstrip('.,;:')}…"
    return " ".join(cut.replace(STAND_IN, "").split())


def ordered(findings: Iterable[Finding]) -> Iterator[Finding]:
    """Yield the most severe findings first, at most thirty of one code, otherwise in the order they were made."""
    seen: Counter[str] = Counter()
    for finding in sorted(findings, key=lambda item: _SEVERITIES.index(item.severity)):
        seen[finding.code] += 1
        if seen[finding.code] <= SAME_CODE_AT_MOST:
            yield finding
