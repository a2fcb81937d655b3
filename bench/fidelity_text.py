"""Words with marks, and how two rows of them are held against each other: part of `bench/fidelity.py`.

A `Tape` takes text as it comes, piece by piece, and gives words, each with the marks (emphasis, link, heading ...) of
the pieces it stands in. `match` finds which words of one row are those of another, in order: between runs of words
that come once in both, which cut a long book into short stretches, difflib does the rest.
"""

from __future__ import annotations

import difflib
import re
import unicodedata
from bisect import bisect_left
from collections import Counter
from dataclasses import dataclass, field

EMPHASIS, STRONG, CODE, LINK, HEADING, ITEM, CELL, FRONT = (1 << n for n in range(8))
MARKS = {"emphasis": EMPHASIS, "strong": STRONG, "code": CODE, "link": LINK, "heading": HEADING, "cell": CELL}
COUNTS = ("notes", "links", "images", "tables", "headings", "items", "formulas")
_LETTER = r"[\u3005-\u3007\u3040-\u30ff\u3400-\u9fff]"  # a word of its own, where no spaces are written
_WORD = re.compile(rf"{_LETTER}|[^\W_]+")
_SOFT_WORD = re.compile(rf"{_LETTER}|[^\W_]+(?:\u00ad+[^\W_]+)*")
_SHINGLE = 4
_LONGEST_PLAIN = 3000  # words that difflib may compare without being cut first

type Word = tuple[str, int]


class Tape:
    """Text as it comes, with the marks it stands under."""

    def __init__(self) -> None:
        self._pieces: list[str] = []
        self._marks: list[int] = []

    def add(self, text: str, marks: int) -> None:
        if text:
            self._pieces.append(text)
            self._marks.append(marks)

    def gap(self) -> None:
        """A word ends here at the latest."""
        self.add(" ", 0)

    def words(self) -> list[Word]:
        text = "".join(self._pieces)
        ends: list[int] = []
        at = 0
        for piece in self._pieces:
            at += len(piece)
            ends.append(at)
        found: list[Word] = []
        piece_at = 0
        for found_word in (_SOFT_WORD if "\u00ad" in text else _WORD).finditer(text):
            start, end, word = found_word.start(), found_word.end(), found_word.group().replace("\u00ad", "")
            while ends[piece_at] <= start:
                piece_at += 1
            marks, reach = self._marks[piece_at], piece_at
            while ends[reach] < end:
                reach += 1
                marks |= self._marks[reach]
            found.append((unicodedata.normalize("NFKC", word), marks & ~STRONG if marks & HEADING else marks))
        return found


@dataclass
class Opinion:
    """What someone found in a book: words in order, words of its notes in order of reference, and counts."""

    words: list[Word]
    notes: list[Word] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)


@dataclass
class Comparison:
    """How much of `source` is in `result`. Differences are pairs of a kind and the words around them."""

    words: int = 0
    lost: int = 0
    extra: int = 0
    marked: Counter[str] = field(default_factory=Counter)
    unmarked: Counter[str] = field(default_factory=Counter)  # marked in the source, not in the result
    counts: dict[str, tuple[int, int]] = field(default_factory=dict)
    differences: list[tuple[str, str]] = field(default_factory=list)

    def amounts(self) -> dict[str, int]:
        """How large the difference of each kind is; kinds without one are absent."""
        found = {"words-lost": self.lost, "words-extra": self.extra}
        found |= {f"{kind}-lost": amount for kind, amount in self.unmarked.items()}
        for kind, (wanted, got) in self.counts.items():
            found[f"{kind}-lost"] = max(found.get(f"{kind}-lost", 0), wanted - got)
        return {kind: amount for kind, amount in found.items() if amount > 0}


def compare(source: Opinion, result: Opinion) -> Comparison:
    """Hold the words, the words of notes, the marks and the counts of two opinions against each other."""
    made = Comparison(words=len(source.words) + len(source.notes))
    lost = _compare_rows(source.words, result.words, made)
    if source.notes or not result.notes:
        _compare_rows(source.notes, result.notes, made)
    else:
        _take_notes(lost, result, made)
    for kind in COUNTS:
        made.counts[kind] = (source.counts[kind], result.counts[kind])
    return made


def _take_notes(lost: Counter[str], result: Opinion, made: Comparison) -> None:
    """Where the source is not known to have notes, they are words of its text, with a number before each and one at
    its reference."""
    moved = lost & Counter(word for word, _ in result.notes)
    left = lost - moved
    numbers = sum(amount for word, amount in left.items() if len(word) <= 3 and not word.isalpha())
    made.lost -= moved.total() + min(numbers, 2 * result.counts["notes"])
    made.extra += len(result.notes) - moved.total()


def _compare_rows(wanted: list[Word], got: list[Word], made: Comparison) -> Counter[str]:
    """Returns the lost words."""
    lost: Counter[str] = Counter()
    left, right = 0, 0
    blocks = match([w for w, _ in wanted], [w for w, _ in got])
    for at, other, length in [*blocks, (len(wanted), len(got), 0)]:
        extra = [word for word, marks in got[right:other] if not marks & FRONT]
        made.lost += at - left
        lost.update(word for word, _ in wanted[left:at])
        made.extra += len(extra)
        if at > left:
            made.differences.append(("words-lost", _quote(wanted, left, at)))
        if extra:
            made.differences.append(("words-extra", _quote(got, right, other)))
        for step in range(length):
            _compare_marks(wanted, at + step, got[other + step][1], made)
        left, right = at + length, other + length
    return lost


def _compare_marks(wanted: list[Word], at: int, got: int, made: Comparison) -> None:
    marks = wanted[at][1]
    if not marks:
        return
    for kind, mark in MARKS.items():
        if marks & mark:
            made.marked[kind] += 1
            if not got & mark and not (mark == STRONG and got & HEADING):  # a heading is bold by itself
                made.unmarked[kind] += 1
                made.differences.append((f"{kind}-lost", _quote(wanted, at, at + 1)))


def _quote(row: list[Word], start: int, end: int) -> str:
    words = [word for word, _ in row]
    inside = words[start:end] if end - start < 30 else [*words[start : start + 15], "...", *words[end - 8 : end]]
    return f"{' '.join(words[max(0, start - 4) : start])} [{' '.join(inside)}] {' '.join(words[end : end + 4])}"


def match(left: list[str], right: list[str]) -> list[tuple[int, int, int]]:
    """Blocks (start in left, start in right, length) of equal words, rising in both."""
    matcher = _Matcher(left, right)
    matcher.whole()
    return matcher.found


class _Matcher:
    def __init__(self, left: list[str], right: list[str]) -> None:
        self.left, self.right = left, right
        self.found: list[tuple[int, int, int]] = []

    def whole(self) -> None:
        """Everything, cut at anchors."""
        end = 0
        shorter = min(len(self.left), len(self.right))
        while end < shorter and self.left[-end - 1] == self.right[-end - 1]:
            end += 1
        last = (len(self.left) - end, len(self.right) - end)
        start = (0, 0)
        for place in [*_anchors(self.left, self.right), last]:
            if start[0] <= place[0] <= last[0] and start[1] <= place[1] <= last[1]:
                self._between(start, place)
                start = place
        if end:
            self.found.append((*last, end))

    def _between(self, start: tuple[int, int], end: tuple[int, int]) -> None:
        """Equal words at the start, then difflib for what is left before the end."""
        (a, c), (b, d) = start, end
        step = 0
        while a + step < b and c + step < d and self.left[a + step] == self.right[c + step]:
            step += 1
        if step:
            self.found.append((a, c, step))
        ours, theirs = self.left[a + step : b], self.right[c + step : d]
        if not ours or not theirs:
            return
        is_long = len(ours) + len(theirs) > _LONGEST_PLAIN
        for block in difflib.SequenceMatcher(None, ours, theirs, autojunk=is_long).get_matching_blocks():
            if block.size:
                self.found.append((a + step + block.a, c + step + block.b, block.size))


def _anchors(left: list[str], right: list[str]) -> list[tuple[int, int]]:
    """Places of runs of words that come once in both rows, in an order that rises in both."""
    here, there = _single(left), _single(right)
    pairs = sorted((place, there[run]) for run, place in here.items() if run in there)
    tails: list[int] = []
    chains: list[int] = []
    before: list[int] = []
    for index, (_, place) in enumerate(pairs):
        length = bisect_left(tails, place)
        before.append(chains[length - 1] if length else -1)
        tails[length : length + 1] = [place]
        chains[length : length + 1] = [index]
    path: list[tuple[int, int]] = []
    index = chains[-1] if chains else -1
    while index >= 0:
        path.append(pairs[index])
        index = before[index]
    return path[::-1]


def _single(row: list[str]) -> dict[tuple[str, ...], int]:
    seen: dict[tuple[str, ...], int] = {}
    for place in range(len(row) - _SHINGLE + 1):
        run = tuple(row[place : place + _SHINGLE])
        seen[run] = -1 if run in seen else place
    return {run: place for run, place in seen.items() if place >= 0}
