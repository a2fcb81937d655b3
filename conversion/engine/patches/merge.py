"""Where the words of a block stand in another version of it: one place, or none. Nothing is ever fuzzy.

The words must stand together with at least one word on each side, or the block's edge, and in one place only: three
words in all, of which characters of scripts without spaces are half. Where these stand in several places, more are
asked for, until one place is left or none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from enum import StrEnum
from typing import NamedTuple

from ..align.tokens import SPACELESS

_EDGE = "\ufdd0"  # no text contains it
_MAX_GUARDS = 12  # words on each side
_MIN_WORDS = 3.0  # that must stand together
_CHARACTER = 0.5  # of a script without spaces, in words
_IS_SPACELESS = re.compile(rf"[{SPACELESS}]")


class Reason(StrEnum):
    """Why a patch does not fit."""

    GONE = "gone"  # its block has no partner
    CHANGED = "changed"  # other words stand there
    SEVERAL = "several"  # its words stand in several places
    MARKS = "marks"  # the words have other marks
    KIND = "kind"  # the block is of another kind, or its attribute has a third value
    TOUCHES = "touches"  # another patch is about the same words
    FAILED = "failed"  # looking for its place raised


class Span(NamedTuple):
    """Words of a block: from `start` to before `end`."""

    start: int
    end: int


class Context(NamedTuple):
    """Words of a base, and where they are in it."""

    words: Sequence[str]
    span: Span


def where(context: Context, wanted: Sequence[str], theirs: Sequence[str]) -> Span | Reason:
    """Return where the `wanted` words stand in `theirs` between the words that surround the context's span. Those of
    the base itself are `wanted` for a patch that is to be applied, those of the patch for one that was adopted."""
    base, other = [_EDGE, *context.words, _EDGE], [_EDGE, *theirs, _EDGE]
    start, end = context.span.start + 1, context.span.end + 1
    reason = Reason.CHANGED
    for guards in range(1, _MAX_GUARDS + 1):
        left, right = base[max(0, start - guards) : start], base[end : end + guards]
        pattern = [*left, *wanted, *right]
        places = list(_occurrences(pattern, other))
        if not places:
            return reason
        is_whole = pattern[0] == pattern[-1] == _EDGE
        if not is_whole and sum(map(_weight, pattern)) < _MIN_WORDS:
            continue
        if len(places) == 1 and _is_unmistakable(base, pattern, start - len(left)):
            at = places[0] + len(left) - 1
            return Span(at, at + len(wanted))
        reason = Reason.SEVERAL
        if len(left) < guards and len(right) < guards:
            break
    return reason


def _weight(word: str) -> float:
    if word == _EDGE:
        return 0
    return _CHARACTER if _IS_SPACELESS.match(word) else 1


def _is_unmistakable(base: Sequence[str], pattern: Sequence[str], place: int) -> bool:
    """Return whether the base has the pattern nowhere else than at its place."""
    return all(found == place for found in _occurrences(pattern, base))


def _occurrences(pattern: Sequence[str], words: Sequence[str]) -> Iterator[int]:
    first, length = pattern[0], len(pattern)
    for place in range(len(words) - length + 1):
        if words[place] == first and words[place : place + length] == pattern:
            yield place
