"""The words of a passage as they are written, with those that are the same marked."""

from __future__ import annotations

from dataclasses import dataclass

from .body import Body
from .folding import fold_words


@dataclass(frozen=True, slots=True)
class Segment:
    """Some words in a row that are the same in both texts, or are not. Paragraphs end with a line break."""

    text: str
    is_same: bool


def excerpt(body: Body, start: int, end: int, same: bytes, *, most: int) -> tuple[Segment, ...]:
    """Return the words from `start` to before `end` of the body, the first `most` of them.

    `same` says of each word of the body whether it is the same. Ends at the end of the chapter that it begins in.
    """
    chapter, at = body.place_of(start)
    last = at + min(end - start, most)
    offset = start - at
    runs: list[tuple[str, bool]] = []
    position = 0
    for block in chapter.blocks:
        if position >= last:
            break
        for written in block.split():
            count = len(fold_words(written))
            if position < last and (at <= position if count else at < position):
                is_same = any(same[offset + position : offset + position + count]) if count else _goes_on(runs)
                runs.append((written + " ", is_same))
            position += count
        if runs:
            runs[-1] = (runs[-1][0].rstrip() + "\n", runs[-1][1])
    return _joined(runs)


def _goes_on(runs: list[tuple[str, bool]]) -> bool:
    return bool(runs) and runs[-1][1]


def _joined(runs: list[tuple[str, bool]]) -> tuple[Segment, ...]:
    """Join neighbours of one kind."""
    joined: list[tuple[str, bool]] = []
    for text, is_same in runs:
        if joined and joined[-1][1] == is_same:
            joined[-1] = (joined[-1][0] + text, is_same)
        else:
            joined.append((text, is_same))
    if joined:
        joined[-1] = (joined[-1][0].rstrip(), joined[-1][1])
    return tuple(Segment(text, is_same) for text, is_same in joined)
