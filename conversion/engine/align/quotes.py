"""Find a quotation by its words and what stood around it: only for what has no map, such as imported notes.

Fuzzy, and it refuses: below `ENOUGH`, or where two places are as good, nothing is found. Other words than the reader's
are worse than none.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from typing import NamedTuple

from ..edition_text import fold, normalised
from .places import Position
from .tokens import Tokens, Vocabulary

ENOUGH = 0.75
CANDIDATES = 200
CONTEXT = 32  # characters on either side
_QUOTE_WEIGHT, _CONTEXT_WEIGHT = 50, 20
_EQUAL = 0.02  # of the score: two places as good
_RAREST = 12  # words of a quotation that are looked up


class Found(NamedTuple):
    start: Position
    end: Position
    score: float


class QuoteFinder:
    """Finds quotations in the blocks of an edition. Make one for all notes of an import."""

    def __init__(self, blocks: Sequence[str]) -> None:
        self._vocabulary = Vocabulary()
        self._tokens = Tokens(blocks, self._vocabulary)
        self._keys = [key for keys in self._tokens.keys for key in keys]
        self._places: defaultdict[int, list[int]] = defaultdict(list)
        for number, key in enumerate(self._keys):
            self._places[key].append(number)

    def find(self, exact: str, prefix: str = "", suffix: str = "") -> Found | None:
        """Return where the quotation stands, judged by its words and the words before and after it."""
        exact, prefix, suffix = map(normalised, (exact, prefix, suffix))
        quote = [word.key for word in self._vocabulary.words(exact)]
        if not quote or not self._keys:
            return None
        scored = [self._scored(*bounds, exact, prefix, suffix) for bounds in self._candidates(quote, prefix, suffix)]
        best = sorted(scored, key=lambda found: (-found.score, found.start))
        if not best or best[0].score < ENOUGH:
            return None
        elsewhere = [found for found in best[1:] if found.start >= best[0].end or found.end <= best[0].start]
        if elsewhere and best[0].score - elsewhere[0].score < _EQUAL:
            return None
        return best[0]

    def _candidates(self, quote: list[int], prefix: str, suffix: str) -> list[tuple[int, int]]:
        """Return numbers of first and last words of at most `CANDIDATES` places, the likeliest first."""
        votes = self._votes(quote)
        before = [word.key for word in self._vocabulary.words(prefix)][-1:]
        after = [word.key for word in self._vocabulary.words(suffix)][:1]

        def likelihood(start: int) -> int:
            end = start + len(quote)
            return votes[start] * 2 + (self._keys[start - 1 : start] == before) + (self._keys[end : end + 1] == after)

        starts = sorted(votes, key=lambda start: (-likelihood(start), start))[:CANDIDATES]
        return list(dict.fromkeys(bounds for start in starts for bounds in self._bounds(start, quote)))

    def _votes(self, quote: list[int]) -> Counter[int]:
        """Count for each place how many of the quotation's rarest words stand where they would."""
        known = sorted((len(self._places[key]), index) for index, key in enumerate(quote) if key in self._places)[
            :_RAREST
        ]
        votes: Counter[int] = Counter()
        for _, index in known:
            votes.update(number - index for number in self._places[quote[index]] if number >= index)
        return votes

    def _bounds(self, start: int, quote: list[int]) -> Iterator[tuple[int, int]]:
        """Yield the first and the last word near a place that are words of the quotation."""
        slack = len(quote) // 4 + 1 if len(quote) > 1 else 0
        low = max(0, start - slack)
        near = self._keys[low : start + len(quote) + slack]
        if near[start - low : start - low + len(quote)] == quote:
            yield start, start + len(quote) - 1
            return
        matches = SequenceMatcher(None, quote, near, autojunk=False).get_matching_blocks()[:-1]
        if matches:
            first, last = matches[0], matches[-1]
            end = last.b + last.size - 1 + min(len(quote) - last.a - last.size, len(near) - last.b - last.size)
            yield low + max(0, first.b - first.a), low + end

    def _scored(self, first: int, last: int, exact: str, prefix: str, suffix: str) -> Found:
        block, word = self._tokens.word(first)
        last_block, last_word = self._tokens.word(last)
        start, end = Position(block, word.start), Position(last_block, last_word.end)
        parts = [(_QUOTE_WEIGHT, exact.strip(), self._between(start, end))]
        if prefix := prefix[-CONTEXT:]:
            parts.append((_CONTEXT_WEIGHT, prefix, self._before(start)[-len(prefix) :]))
        if suffix := suffix[:CONTEXT]:
            parts.append((_CONTEXT_WEIGHT, suffix, self._after(end)[: len(suffix)]))
        score = sum(weight * _likeness(wanted, got) for weight, wanted, got in parts)
        return Found(start, end, score / sum(weight for weight, _, _ in parts))

    def _between(self, start: Position, end: Position) -> str:
        texts = list(self._tokens.texts[start.block : end.block + 1])
        texts[-1] = texts[-1][: end.offset]
        texts[0] = texts[0][start.offset :]
        return " ".join(texts)

    def _before(self, start: Position) -> str:
        text, block = self._tokens.texts[start.block][: start.offset], start.block
        while len(text) < CONTEXT and block:
            block -= 1
            text = f"{self._tokens.texts[block]} {text}"
        return text.rstrip()[-CONTEXT:]

    def _after(self, end: Position) -> str:
        text, block = self._tokens.texts[end.block][end.offset :], end.block
        while len(text) < CONTEXT and block + 1 < len(self._tokens.texts):
            block += 1
            text = f"{text} {self._tokens.texts[block]}"
        return text.lstrip()[:CONTEXT]


def find_quote(blocks: Sequence[str], exact: str, prefix: str = "", suffix: str = "") -> Found | None:
    """Find one quotation: see `QuoteFinder`."""
    return QuoteFinder(blocks).find(exact, prefix, suffix)


def _likeness(wanted: str, got: str) -> float:
    one, other = _letters(wanted), _letters(got)
    return 1.0 if one == other else SequenceMatcher(None, one, other, autojunk=False).ratio()


def _letters(text: str) -> str:
    """Return what is compared: folded, without the marks at the edges, which belong to the range or not."""
    return fold(text).strip(" '\".,;:!?-…。、，！？")
