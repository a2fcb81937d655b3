"""Where pages end.

A page from row i to row e is judged by the lines it is short of, by what its end breaks (a paragraph's first or last
line alone, a word), and on facing pages by its neighbour, so that both end on the same line. Notes take their room at
the foot; one that does not fit goes on at the foot of the next page.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field

NEVER = 1_000_000.0  # taken only where there is no other way; then it is told as a defect
_SHORT = 6.0
_UNEQUAL = 12.0
_SPLIT_NOTE = 60.0
_LONELY = 150.0  # a last page of a line or two
_LOOK_BACK = 14
_ENOUGH = 4
_SLACK = 0.05
_TAIL = 6


@dataclass(slots=True)
class Rows:
    """The rows of a piece, as they would stand on one endless page. Lengths in points, downwards.

    `tops` and `bottoms` of each row; `heads` is the space kept above a row that begins a page. `costs[k]` is what it
    costs to end a page before row k. `notes[k]` counts the lines of notes that rows before k refer to;
    `note_tops` and `note_bottoms` place these lines one below the other, `note_starts` are the first lines of notes.
    """

    tops: list[float] = field(default_factory=list)
    bottoms: list[float] = field(default_factory=list)
    heads: list[float] = field(default_factory=list)
    costs: list[float] = field(default_factory=list)
    notes: list[int] = field(default_factory=lambda: [0])
    note_tops: list[float] = field(default_factory=list)
    note_bottoms: list[float] = field(default_factory=list)
    note_starts: list[int] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Page:
    """Rows and lines of notes, from one to before the other. `cost` tells whether its end is bad (NEVER)."""

    start: int
    end: int
    note_start: int
    note_end: int
    cost: float = 0.0


@dataclass(frozen=True, slots=True)
class Frame:
    """The room of a page in points: `note_space` is taken by the rule and the space above notes."""

    height: float
    line: float
    note_space: float
    is_facing: bool


type _State = tuple[int, int, int, int]  # next row, next line of notes, side of the spread, lines the left page lacks


_FIRST: _State = (0, 0, 0, 0)


@dataclass(slots=True)
class _Reached:
    cost: float
    page: Page | None
    before: _State | None


class Paginator:
    """Finds the best pages for rows."""

    def __init__(self, rows: Rows, frame: Frame) -> None:
        self._rows = rows
        self._frame = frame
        self._count = len(rows.tops)
        self._full = int(frame.height / frame.line + _SLACK)

    def pages(self) -> list[Page]:
        """Return the pages: each the best that can follow, or the best pair where pages face each other. Only a last
        page of a line or two makes us look for better ones before it."""
        pages: list[Page] = []
        states: list[_State] = [_FIRST]
        while not self._is_done(states[-1]):
            for page in self._next(states[-1]):
                pages.append(page)
                states.append(self._following(states[-1], page))
                if self._is_done(states[-1]):
                    break
        if len(pages) > 1 and self._price(pages[-1]) >= _LONELY:
            back = max(len(pages) - _TAIL, 0)
            pages[back:] = self._search(states[back])
        return pages

    def _is_done(self, state: _State) -> bool:
        return state[0] == self._count and state[1] >= self._rows.notes[-1]

    def _next(self, state: _State) -> list[Page]:
        ends = self._ends(state)
        if not self._frame.is_facing or state[2] != 1:
            return [min(ends, key=lambda end: end[1])[0]]
        best: tuple[float, list[Page]] | None = None
        for left, price in ends:
            following = self._following(state, left)
            if self._is_done(following):
                pair, total = [left], price
            else:
                right, cost = min(
                    ((page, cost + self._balance(following, page)) for page, cost in self._ends(following)),
                    key=lambda end: end[1],
                )
                pair, total = [left, right], price + cost
            if best is None or total < best[0]:
                best = (total, pair)
        assert best is not None  # noqa: S101  # there is always a way to end a page
        return best[1]

    def _search(self, first: _State) -> list[Page]:
        """Return the best pages from a state to the end."""
        reached: dict[_State, _Reached] = {first: _Reached(0.0, None, None)}
        waiting: list[list[_State]] = [[] for _ in range(self._count + 1)]
        waiting[first[0]].append(first)
        last: _State | None = None
        for row in range(first[0], self._count + 1):
            for state in waiting[row]:  # grows: a page may hold nothing but the end of a note
                if self._is_done(state):
                    last = state if last is None or reached[state].cost < reached[last].cost else last
                    continue
                for page, price in self._ends(state):
                    following = self._following(state, page)
                    total = reached[state].cost + price + self._balance(state, page)
                    known = reached.get(following)
                    if known is None:
                        waiting[page.end].append(following)
                    if known is None or total < known.cost:
                        reached[following] = _Reached(total, page, state)
        return self._way(reached, last)

    @staticmethod
    def _way(reached: dict[_State, _Reached], last: _State | None) -> list[Page]:
        pages: list[Page] = []
        while last is not None:
            step = reached[last]
            if step.page is not None:
                pages.append(step.page)
            last = step.before
        pages.reverse()
        return pages

    def _following(self, state: _State, page: Page) -> _State:
        if not self._frame.is_facing:
            return (page.end, page.note_end, 0, 0)
        is_left = state[2] == 1  # the first page is a right one; then left and right take turns
        short = self._short(page) if is_left and page.end < self._count else 0
        return (page.end, page.note_end, 1 - state[2], min(short, 3))

    def _balance(self, state: _State, page: Page) -> float:
        """What it costs that a right page ends on another line than the left one beside it."""
        if not self._frame.is_facing or state[2] == 1 or page.start == 0 or page.end == self._count:
            return 0.0
        difference: int = min(self._short(page), 3) - state[3]
        return _UNEQUAL * difference * difference

    def _short(self, page: Page) -> int:
        """How many lines a page could still take."""
        if page.note_end > page.note_start:
            return 0
        rows = self._rows
        used = rows.bottoms[page.end - 1] - rows.tops[page.start] + rows.heads[page.start] if page.end else 0.0
        return max(self._full - round(used / self._frame.line), 0)

    def _ends(self, state: _State) -> list[tuple[Page, float]]:
        """Return the pages that may begin with a state, and their costs: the fullest, and a few that are shorter."""
        start, note, _, _ = state
        rows, height = self._rows, self._frame.height
        if start == self._count:
            page = self._with_notes(start, start, note, height)
            return [(page, 0.0)] if page is not None else []
        origin = rows.tops[start] - rows.heads[start]
        fullest = bisect_right(rows.bottoms, origin + height + _SLACK, start)
        found: list[tuple[Page, float]] = []
        good = 0
        for end in range(max(fullest, start + 1), start, -1):
            page = self._with_notes(start, end, note, height - (rows.bottoms[end - 1] - origin))
            if page is None:
                continue
            found.append((page, self._price(page)))
            good += page.cost < NEVER
            if good == _ENOUGH or (len(found) == _LOOK_BACK and good):
                break
        if not found:  # not even one row fits beside the notes: it stands alone, and they follow
            found.append((self._forced(start, note), NEVER))
        return found

    def _forced(self, start: int, note: int) -> Page:
        carried = self._with_notes(start, start, note, self._frame.height)
        if carried is not None and carried.note_end > note:
            return carried
        return Page(start, start + 1, note, note, NEVER)

    def _price(self, page: Page) -> float:
        if page.end == self._count:
            is_lonely = page.start > 0 and page.end - page.start < 3
            return _LONELY if is_lonely else 0.0
        short = self._short(page)
        split = _SPLIT_NOTE if page.note_end < self._rows.notes[page.end] else 0.0
        return page.cost + _SHORT * short * short + split

    def _with_notes(self, start: int, end: int, note: int, left: float) -> Page | None:
        """Return the page with as much of its notes as fits, None when too little does."""
        rows = self._rows
        cost = rows.costs[end] if end < self._count else 0.0
        wanted = rows.notes[end]
        if wanted <= note:
            return Page(start, end, note, note, cost)
        room = left - self._frame.note_space
        last = bisect_right(rows.note_bottoms, rows.note_tops[note] + room + _SLACK, note, wanted)
        if last < wanted:
            opening = rows.note_starts[bisect_right(rows.note_starts, wanted - 1) - 1]
            if last < min(opening + 2, wanted) and not (start == end and last > note):
                return None
            if wanted - last == 1 and last - 1 > max(note, opening + 1):
                last -= 1  # no last line of a note alone on the next page
        return Page(start, end, note, last, cost)
