"""Words of a block's text, as people copy or select them: where they stand, and how they are found again.

Notes' marks, formulas and pictures are one sign in a text; nobody can type them, so they are not looked at. Blanks are
alike, however they are written.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from publishing.comments.errors import WordsNotFound, WordsSeveralTimes

_SIGN = "\ufffc"
_AROUND = 32  # characters before and after a quotation
_NEAR = 12
_MIN_WORDS = 3  # of a quotation with what is around it; fewer may stand anywhere


class Range(NamedTuple):
    """Characters of a text."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Quote:
    """Words of a block, and what stood before and after them; nothing at the edge of the block."""

    before: str
    words: str
    after: str


def find(text: str, words: str, before: str = "") -> Range:
    """Return where the words stand; all of the text for no words. `before` says which, if they stand there more than
    once. Raises WordsNotFound, WordsSeveralTimes."""
    plain, origins = _without_signs(text)
    if not words.split():
        words = plain
    found = list(re.finditer(_loose(words), plain)) if words.split() else []
    if len(found) > 1 and before.split():
        found = [one for one in found if re.search(f"{_loose(before)}\\s*$", plain[: one.start()])]
    if not found:
        raise WordsNotFound
    if len(found) > 1:
        raise WordsSeveralTimes
    return Range(origins[found[0].start()], origins[found[0].end() - 1] + 1)


def quote_of(text: str, place: Range) -> Quote:
    """Return the words of a text with what stands around them."""
    before, _ = _without_signs(text[: place.start])
    words, _ = _without_signs(text[place.start : place.end])
    after, _ = _without_signs(text[place.end :])
    return Quote(before[-_AROUND:], words, after[:_AROUND])


def find_again(texts: Mapping[str, str], quote: Quote, own: Collection[str] = ()) -> tuple[str, Range] | None:
    """Return the one place of the texts, by their blocks' ids, where a quotation stands as it did. `own` are blocks
    that became of the one it was taken from: there, what is around it may have changed on one side, or on both if there
    are words enough. None where it stands nowhere, or nobody can tell which place was meant."""
    left, right = _left(quote.before), _right(quote.after)
    near_left, near_right = _left(quote.before, _NEAR), _right(quote.after, _NEAR)
    mine = {block: texts[block] for block in own if block in texts}
    tries: list[tuple[Mapping[str, str], str, str]]
    tries = [(mine, left, right), (mine, near_left, ""), (mine, "", near_right)]
    tries += [(mine, "", "")] if len(quote.words.split()) >= _MIN_WORDS else []
    if len(f"{quote.before}{quote.words}{quote.after}".split()) >= _MIN_WORDS:
        tries.append((texts, left, right))
    for among, head, tail in tries:
        pattern = re.compile(f"{head}(?P<words>{re.escape(quote.words)}){tail}")
        found = [(block, place) for block, text in among.items() for place in _ranges(text, quote.words, pattern)]
        if found:
            return found[0] if len(found) == 1 else None
    return None


def _left(before: str, most: int = _AROUND) -> str:
    """Return the pattern of what stands before a quotation; the edge of the block where that is less."""
    return ("" if len(before) >= most else r"^\s*") + re.escape(before[-most:])


def _right(after: str, most: int = _AROUND) -> str:
    return re.escape(after[:most]) + ("" if len(after) >= most else r"\s*$")


def _ranges(text: str, words: str, pattern: re.Pattern[str]) -> list[Range]:
    plain, origins = _without_signs(text)
    if not words.strip() or words not in plain:
        return []
    spans = [one.span("words") for one in pattern.finditer(plain)]
    return [Range(origins[start], origins[end - 1] + 1) for start, end in spans]


def _loose(text: str) -> str:
    return r"\s+".join(re.escape(part) for part in text.split())


def _without_signs(text: str) -> tuple[str, list[int]]:
    """Return a text as people read it, with line breaks as blanks, and where each of its characters stood."""
    origins = [at for at, character in enumerate(text) if character != _SIGN]
    return "".join(text[at] for at in origins).replace("\u2028", " "), origins
