"""Paragraphs to lines for one measure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from .breaking import HYPHEN, Points, Shape, plain_points, total_fit
from .shaped_text import Para, Segment, Side
from .words import Division, Lexicon, Word

_CHOP = 400.0  # what it costs to end a line inside a word that is wider than the measure
_TOUCH = 15.0  # ... or after a dash inside a word
_BOUND = 100_000.0  # ... at a space that binds
_LOOSEST = 1.3  # with hyphens, lines need not be looser


@dataclass(slots=True)
class Line:
    """Words of a segment from (word, letter) to (word, letter): the letters of the last word before the second place
    belong to the line. `room` is the width there is and `left` where it begins, in em of the paragraph; `natural` is
    the width of its words with their spaces, and `spaces` that of the spaces in it. A negative letter is a place inside
    a word where no hyphen is put."""

    segment: Segment
    start: tuple[int, int]
    end: tuple[int, int]
    room: float
    left: float
    natural: float
    spaces: float
    is_last: bool

    @property
    def is_hyphenated(self) -> bool:
        return self.end[1] > 0


class Breaker:
    """Breaks paragraphs for one target. `measure` is the width of the page in em of running text."""

    def __init__(self, lexicon: Lexicon, measure: float, *, is_justified: bool, is_hyphenated: bool) -> None:
        self._lexicon = lexicon
        self._measure = measure
        self._is_justified = is_justified
        self._is_hyphenated = is_hyphenated

    def break_para(self, para: Para, scale: float = 1.0, *, first: tuple[float, ...] = ()) -> list[Line]:
        """Return the lines of a paragraph. `scale` multiplies its size; `first` are rooms of its first lines, in em of
        the paragraph, where an initial stands beside them."""
        style = para.style
        room = (self._measure - style.left - style.right) / (style.size * scale)
        is_justified = style.side is Side.TEXT and self._is_justified
        may_divide = style.is_hyphenated and self._is_hyphenated
        lines: list[Line] = []
        for number, segment in enumerate(para.segments):
            indent = style.indent if not number else 0.0
            inner = room - segment.left
            rooms = first if first and not number else (inner - indent,)
            shape = Shape(inner - segment.hang, rooms, is_justified)
            lines += self._break(segment, shape, para.lang if may_divide else None, room)
        return lines

    def _break(self, segment: Segment, shape: Shape, language: str | None, room: float) -> list[Line]:
        if segment.plain is None:
            segment.settle()
            segment.plain = _plain(segment)
        points = segment.plain
        ends: list[int] | None
        if segment.widest > shape.measure:
            points = _chopped(segment, shape.measure, self._lexicon)
            ends = total_fit(points, shape, is_last_try=True)
        else:
            ends = total_fit(points, shape, is_last_try=language is None)
            if ends is None:
                if segment.divided is None:
                    segment.divided = _divided(segment, self._lexicon, language or "")
                points = segment.divided
                ends = total_fit(points, shape, is_last_try=True)
        return _lines(segment, points, ends or [len(points.start) - 1], shape, room)


def _lines(segment: Segment, points: Points, ends: list[int], shape: Shape, room: float) -> list[Line]:
    at = points.at
    starts, stops, start_gaps, stop_gaps = points.start, points.end, points.start_gaps, points.end_gaps
    lines: list[Line] = []
    start, begin = (0, 0), 0
    last = ends[-1]
    first, count = shape.first, len(shape.first)
    here = shape.measure
    for number, end in enumerate(ends):
        stop = at[end] if at is not None else (end, 0)
        here = first[number] if number < count else shape.measure
        natural, spaces = stops[end] - starts[begin], stop_gaps[end] - start_gaps[begin]
        lines.append(Line(segment, start, stop, here, room - here, natural, spaces, end == last))
        start, begin = stop, end
    return lines


def _plain(segment: Segment) -> Points:
    """The points between words."""
    points = plain_points([word.width for word in segment.words], segment.gaps)
    if segment.bound or 0.0 in segment.gaps[:-1]:
        points.cost = [0.0, *(_price(segment, at) for at in range(len(segment.gaps)))]
    return points


def _price(segment: Segment, at: int) -> float:
    """What it costs to end a line after a word."""
    if at in segment.bound:
        return _BOUND
    return 0.0 if segment.gaps[at] else _TOUCH


def _divided(segment: Segment, lexicon: Lexicon, language: str) -> Points:
    """The points between words and those inside them where a hyphen may stand."""
    divisions = lexicon.divisions
    ways = [
        word.ways
        if word.ways is not None and word.language == language
        else divisions(word, word.mark.lang or language)
        for word in segment.words
    ]
    return _points(segment, ways, HYPHEN)


def _chopped(segment: Segment, measure: float, lexicon: Lexicon) -> Points:
    """The points between words, and between all letters of words that are wider than the measure."""
    ways = [
        [(-letter, before, word.width - before) for letter, before in _cuts(word, lexicon)]
        if word.width > measure and word.look is not None
        else ()
        for word in segment.words
    ]
    return _points(segment, ways, _CHOP)


def _points(segment: Segment, ways: Sequence[Sequence[Division]], price: float) -> Points:
    """The points between words and those inside them."""
    start, end, start_gaps, end_gaps, cost = [0.0], [0.0], [0.0], [0.0], [0.0]
    at = [(0, 0)]
    position = spaces = 0.0
    bound = segment.bound
    for number, (word, gap, inside) in enumerate(zip(segment.words, segment.gaps, ways, strict=True)):
        stop = position + word.width
        if inside:
            for place, before, after in inside:
                start.append(stop - after)
                end.append(position + before)
                at.append((number, place))
            count = len(inside)
            start_gaps += [spaces] * count
            end_gaps += [spaces] * count
            cost += [price] * count
        position = stop + gap
        start.append(position)
        end.append(stop)
        end_gaps.append(spaces)
        spaces += gap
        start_gaps.append(spaces)
        at.append((number + 1, 0))
        cost.append(_BOUND if number in bound else (0.0 if gap else _TOUCH))
    return Points(start, end, start_gaps, end_gaps, at, cost, _LOOSEST)


def _cuts(word: Word, lexicon: Lexicon) -> list[tuple[int, float]]:
    """The places between the letters of a word, with the width before each."""
    widths = [lexicon.part(word, at, at + 1, has_hyphen=False).width for at in range(len(word.text))]
    total = sum(widths) or 1.0
    sums = [width * word.width / total for width in accumulate(widths)]
    return list(enumerate(sums[:-1], start=1))


def words_of(line: Line, lexicon: Lexicon) -> tuple[list[Word], list[float]]:
    """Return the words of a line, the first and last as far as they belong to it, and the gaps after them."""
    segment = line.segment
    (first, letter), (last, stop) = line.start, line.end
    words = segment.words[first:last]
    gaps = segment.gaps[first:last]
    if letter and words:
        whole = words[0]
        words[0] = lexicon.part(whole, abs(letter), len(whole.text), has_hyphen=False)
    if stop:
        whole = segment.words[last]
        begin = abs(letter) if first == last else 0
        words.append(lexicon.part(whole, begin, abs(stop), has_hyphen=stop > 0))
        gaps.append(0.0)
    if gaps:
        gaps[-1] = 0.0
    return words, gaps
