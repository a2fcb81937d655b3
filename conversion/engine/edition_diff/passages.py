"""The passages that differ, before and after, short enough to be read on a page."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from ..align import EditionMap
from ..align.in_order import in_order
from ..align.tokens import SPACELESS
from .flows import Side
from .model import Passage, Piece, PieceKind

_BESIDE = 8  # words that are shown on each side of a change
_LONGEST = 60  # words of a change that are shown
_LEFT_OUT = "…"
_PARAGRAPH = "¶"
_TOKEN = re.compile(rf"([{SPACELESS}]|[^\s{SPACELESS}]+)(\s*)")

type Token = tuple[str, str]  # a word with its marks, and the blank after it


class Place(NamedTuple):
    """Old blocks and new ones that belong together and differ; either may be none."""

    old: tuple[int, ...]
    new: tuple[int, ...]


def places(old: Side, new: Side, aligned: EditionMap) -> list[Place]:
    """Return what differs, blocks without a partner included. Blocks in which only marks differ are there too."""
    found = [
        Place((span.old + index,), (span.new + index,))
        for span in aligned.spans
        for index in range(span.length)
        if old.blocks[span.old + index] != new.blocks[span.new + index]
    ]
    groups = list(_groups(aligned))
    found += [one for one in groups if _differ(old, new, one)]
    same = [(span.old, span.new, span.length) for span in aligned.spans]
    paired = {block for one in groups for block in one.old} | {low + n for low, _, many in same for n in range(many)}
    paired_new = {block for one in groups for block in one.new} | {
        low + n for _, low, many in same for n in range(many)
    }
    found += [Place((block,), ()) for block in range(len(old.blocks)) if block not in paired]
    found += [Place((), (block,)) for block in range(len(new.blocks)) if block not in paired_new]
    return found


def passage(old: Side, new: Side, place: Place) -> Passage:
    """Return the passage of a place, with a few words on each side of what changed."""
    before = _tokens([old.blocks[block] for block in place.old])
    after = _tokens([new.blocks[block] for block in place.new])
    pieces = list(_pieces(before, after))
    return tuple(
        Piece(kind, _shortened(tokens, kind, is_first=not index, is_last=index == len(pieces) - 1))
        for index, (kind, tokens) in enumerate(pieces)
    )


def _differ(old: Side, new: Side, place: Place) -> bool:
    return [old.blocks[block] for block in place.old] != [new.blocks[block] for block in place.new]


def _groups(aligned: EditionMap) -> Iterator[Place]:
    """Yield the blocks that hang together through pairs."""
    theirs: defaultdict[int, list[int]] = defaultdict(list)
    ours: defaultdict[int, list[int]] = defaultdict(list)
    for pair in aligned.pairs:
        theirs[pair.old].append(pair.new)
        ours[pair.new].append(pair.old)
    seen: set[int] = set()
    for first in theirs:
        if first in seen:
            continue
        olds, news, waiting = {first}, set[int](), [first]
        while waiting:
            for other in theirs[waiting.pop()]:
                if other not in news:
                    news.add(other)
                    waiting += set(ours[other]) - olds
                    olds |= set(ours[other])
        seen |= olds
        yield Place(tuple(sorted(olds)), tuple(sorted(news)))


def _tokens(texts: Sequence[str]) -> list[Token]:
    """Return the words of paragraphs, with a sign where one ends and the next begins."""
    found: list[Token] = []
    for text in texts:
        if found:
            found[-1] = (found[-1][0], found[-1][1] or " ")
            found.append((_PARAGRAPH, " "))
        found += [(match[1], match[2]) for match in _TOKEN.finditer(text)]
    return found


def _pieces(before: list[Token], after: list[Token]) -> Iterator[tuple[PieceKind, list[Token]]]:
    here = there = 0
    matches = in_order([word for word, _ in before], [word for word, _ in after])
    for start, other, length in [*_joined(matches), (len(before), len(after), 0)]:
        if start > here:
            yield PieceKind.REMOVED, before[here:start]
        if other > there:
            yield PieceKind.ADDED, after[there:other]
        if length:
            yield PieceKind.SAME, after[other : other + length]
        here, there = start + length, other + length


def _joined(matches: list[tuple[int, int, int]]) -> Iterator[tuple[int, int, int]]:
    """Yield the matches, those that follow each other directly as one."""
    last: tuple[int, int, int] | None = None
    for start, other, length in matches:
        if last is not None and (last[0] + last[2], last[1] + last[2]) == (start, other):
            last = (last[0], last[1], last[2] + length)
            continue
        if last is not None:
            yield last
        last = (start, other, length)
    if last is not None:
        yield last


def _shortened(tokens: list[Token], kind: PieceKind, *, is_first: bool, is_last: bool) -> str:
    if kind != PieceKind.SAME:
        return _text(tokens) if len(tokens) <= _LONGEST else f"{_text(tokens[:_LONGEST])} {_LEFT_OUT}"
    start, end = (0 if is_first else _BESIDE), (0 if is_last else _BESIDE)
    if len(tokens) <= start + end + 1:
        return _text(tokens)
    kept = [_text(tokens[:start])] if start else []
    kept += [_LEFT_OUT]
    kept += [_text(tokens[-end:])] if end else []
    return " ".join(kept)


def _text(tokens: list[Token]) -> str:
    return "".join(word + after for word, after in tokens).strip()
