"""Automatic numbers of a word processor: which list a paragraph belongs to, its value and its printed label."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

_PLACE = re.compile(r"%([1-9])")
_ROMAN = ((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"))
_ROMAN_LOW = ((10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))


@dataclass(frozen=True, slots=True)
class Level:
    """One level of a list as defined. `style` is "" for bullets; `silent` levels print nothing."""

    style: str = ""
    start: int = 1
    text: str = ""
    ordered: bool = False
    silent: bool = False


@dataclass(slots=True)
class NumberedList:
    """A list as paragraphs name it: the definition it counts with, its levels, and where it begins anew."""

    abstract: str
    levels: dict[int, Level]
    overrides: dict[int, int]
    begun: set[int] = field(default_factory=set)


class Numbering:
    """Answers about the lists of one document, by their ids, and its running counters."""

    def __init__(self, lists: Mapping[str, NumberedList]) -> None:
        self._lists = lists
        self._counters: dict[str, dict[int, int]] = {}

    def level(self, num_id: str, level: int) -> Level | None:
        """How level `level` of list `num_id` is numbered, or None when there is no such list."""
        found = self._lists.get(num_id)
        return None if found is None else found.levels.get(level, Level())

    def key(self, num_id: str) -> str:
        """Lists of one key continue each other."""
        found = self._lists.get(num_id)
        return num_id if found is None or found.overrides else f"abstract-{found.abstract}"

    def advance(self, num_id: str, level: int) -> int:
        """Count one more paragraph at `level` and give its value."""
        found = self._lists[num_id]
        counters = self._counters.setdefault(found.abstract, {})
        if level in found.overrides and level not in found.begun:
            found.begun.add(level)
            counters[level] = found.overrides[level]
        else:
            default = found.levels.get(level, Level()).start
            counters[level] = counters[level] + 1 if level in counters else default
        for deeper in [other for other in counters if other > level]:
            del counters[deeper]
        return counters[level]

    def label(self, num_id: str, level: int) -> str:
        """The printed number of the paragraph counted last, such as "2.1" or "Chapter IV"."""
        found = self._lists[num_id]
        counters = self._counters.get(found.abstract, {})
        definition = found.levels.get(level, Level())
        if not definition.ordered:
            return ""

        def value(match: re.Match[str]) -> str:
            place = int(match.group(1)) - 1
            other = found.levels.get(place, Level())
            return format_number(counters.get(place, other.start), other.style)

        return _PLACE.sub(value, definition.text).strip()


def format_number(value: int, style: str) -> str:
    """`value` in a list style of the Book: "iv" for 4 in lower-roman."""
    if style.endswith("roman") and 0 < value < 4000:
        text = ""
        for size, letters in _ROMAN + _ROMAN_LOW:
            text += letters * (value // size)
            value %= size
        return text if style.startswith("lower") else text.upper()
    if style.endswith("alpha") and value > 0:
        letter = chr(ord("a") + (value - 1) % 26) * min((value - 1) // 26 + 1, 10)
        return letter if style.startswith("lower") else letter.upper()
    return str(value)
