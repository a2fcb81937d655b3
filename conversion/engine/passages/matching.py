"""The exact step: which words of one text also stand in another.

A window is five words in a row. Words in a window that both texts have are the same words. A stretch is a part with
such words, without a hole of more than 40 others; it counts from 40 of them on. Windows may occur more often than once,
so a passage that was pasted twice counts twice; the order is free, so a mosaic of pieces counts, too. Own words in
between never count.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from .prints import prints_of

WINDOW = 5
_HOLE = 40
_LEAST = 40
_SHORT = 100  # below this, what many accounts have is a set phrase or a standard text
_SMALL = 10  # words from which a piece is shown on its own
_PLACES = 16  # of one window, in the other text
_LOOK_AHEAD = 20

type Windows = dict[int, list[int]]


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a stretch that is in one place of the other text: from and before which word, here and there.

    `words` counts the same words here. The pieces of a comparison share no word.
    """

    here: int
    here_end: int
    there: int
    there_end: int
    words: int


@dataclass(frozen=True, slots=True)
class Comparison:
    """`words` of this text also stand in the other one, where they are `there_words`. `same` says of each word here
    whether it does, `same_there` of each word there."""

    words: int
    there_words: int
    pieces: tuple[Piece, ...]
    same: bytes
    same_there: bytes


def windows_within(words: Sequence[str], others: Iterable[Sequence[str]]) -> frozenset[int]:
    """Return the windows of a text that also stand in one of the others."""
    mine = set(_hashes(words))
    return frozenset(window for other in others for window in _hashes(other) if window in mine)


def compare(
    here: Sequence[str],
    there: Sequence[str],
    *,
    free: Collection[int] = frozenset(),
    common: Collection[int] = frozenset(),
) -> Comparison:
    """Compare two texts, given as folded words.

    Windows in `free` belong to nobody and do not count. Prints in `common` are those of many accounts: a short stretch
    with no others does not count.
    """
    windows = list(_hashes(here))
    places = _places(there, set(windows).difference(free))
    found = [number for number, window in enumerate(windows) if window in places]
    same = _marked(len(here), found)
    kept: list[list[int]] = []
    for stretch in _stretches(found):
        start, end = stretch[0], stretch[-1] + WINDOW
        count = sum(same[start:end])
        if count < _LEAST or (count < _SHORT and _is_common(here[start:end], common)):
            same[start:end] = bytes(end - start)
        else:
            kept.append(stretch)
    same_there = _marked(len(there), {place for stretch in kept for at in stretch for place in places[windows[at]]})
    pieces = tuple(piece for stretch in kept for piece in _pieces(stretch, windows, places, same))
    return Comparison(sum(same), sum(same_there), pieces, bytes(same), bytes(same_there))


def _hashes(words: Sequence[str]) -> Iterator[int]:
    return map(hash, zip(*(words[shift:] for shift in range(WINDOW)), strict=False))


def _places(words: Sequence[str], wanted: Collection[int]) -> Windows:
    """Return where the wanted windows stand: the first places of each."""
    places: Windows = {}
    for number, window in enumerate(_hashes(words)):
        if window in wanted:
            known = places.setdefault(window, [])
            if len(known) < _PLACES:
                known.append(number)
    return places


def _marked(length: int, starts: Iterable[int]) -> bytearray:
    same = bytearray(length)
    for start in starts:
        same[start : start + WINDOW] = b"\1" * WINDOW
    return same


def _stretches(starts: Sequence[int]) -> Iterator[list[int]]:
    """Yield the starts of windows in groups without a hole that is too long."""
    group: list[int] = []
    for start in starts:
        if group and start - (group[-1] + WINDOW) > _HOLE:
            yield group
            group = []
        group.append(start)
    if group:
        yield group


def _is_common(words: Sequence[str], common: Collection[int]) -> bool:
    """Return whether the words have prints, and all of them are common."""
    prints = prints_of(words) if common else frozenset()
    return bool(prints) and all(one in common for one in prints)


def _pieces(stretch: Sequence[int], windows: Sequence[int], places: Windows, same: bytearray) -> Iterator[Piece]:
    """Yield the pieces of a stretch, in order. Small ones belong to the piece before them."""
    runs: list[list[tuple[int, int]]] = []
    for at in stretch:
        place = _next_place(runs[-1][-1], at, places[windows[at]]) if runs else None
        if place is not None:
            runs[-1].append((at, place))
            continue
        runs.append([(at, _best_place(at, windows, places))])
    starts: list[list[tuple[int, int]]] = []
    for run in runs:
        if starts and run[-1][0] + WINDOW - run[0][0] < _SMALL:
            starts[-1].append((run[-1][0], -1))
        else:
            starts.append(run)
    for number, run in enumerate(starts):
        here = run[0][0]
        here_end = starts[number + 1][0][0] if number + 1 < len(starts) else stretch[-1] + WINDOW
        there = [place for _at, place in run if place >= 0]
        yield Piece(here, _last_same(same, here, here_end), there[0], there[-1] + WINDOW, sum(same[here:here_end]))


def _last_same(same: bytearray, start: int, end: int) -> int:
    """Return the end of the part without the other words at its end."""
    return start + len(bytes(same[start:end]).rstrip(b"\0"))


def _next_place(last: tuple[int, int], at: int, places: Sequence[int]) -> int | None:
    """Return the place that goes on from the last window, or None."""
    step = at - last[0]
    if last[1] + step in places:
        return last[1] + step
    going_on = [place for place in places if 0 < place - last[1] <= step + _HOLE]
    return min(going_on, key=lambda place: abs(place - last[1] - step), default=None)


def _best_place(at: int, windows: Sequence[int], places: Windows) -> int:
    """Return the place from which the text goes on longest in the same words."""

    def length(place: int) -> int:
        for step in range(1, _LOOK_AHEAD):
            if at + step >= len(windows) or place + step not in places.get(windows[at + step], ()):
                return step
        return _LOOK_AHEAD

    return max(places[windows[at]], key=length)
