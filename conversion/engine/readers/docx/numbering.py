"""Automatic numbers of a DOCX: which list a paragraph belongs to, its value and its printed label."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from ...gate.xml import Element
from ..assembly.numbers import whole
from .names import VAL, W

_STYLES = {
    "decimal": "decimal",
    "decimalZero": "decimal",
    "lowerLetter": "lower-alpha",
    "upperLetter": "upper-alpha",
    "lowerRoman": "lower-roman",
    "upperRoman": "upper-roman",
}
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
class _List:
    abstract: str
    levels: dict[int, Level]
    overrides: dict[int, int]
    begun: set[int] = field(default_factory=set)


class Numbering:
    """Answers about `numbering.xml`, and the running counters of one document."""

    def __init__(self, root: Element | None) -> None:
        self._lists: dict[str, _List] = {}
        self._counters: dict[str, dict[int, int]] = {}
        if root is not None:
            self._index(root)

    def _index(self, root: Element) -> None:
        abstracts = {str(a.get(W + "abstractNumId")): a for a in root.iterchildren(W + "abstractNum")}
        by_style = {
            str(link.get(VAL)): name for name, a in abstracts.items() if (link := a.find(W + "styleLink")) is not None
        }
        levels = {name: _levels(element) for name, element in abstracts.items()}
        for num in root.iterchildren(W + "num"):
            reference = num.find(W + "abstractNumId")
            name = str(reference.get(VAL, "")) if reference is not None else ""
            element = abstracts.get(name)
            link = element.find(W + "numStyleLink") if element is not None else None
            if link is not None:
                name = by_style.get(str(link.get(VAL)), name)
            own, overrides = _overrides(num)
            self._lists[str(num.get(W + "numId"))] = _List(name, {**levels.get(name, {}), **own}, overrides)

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


def _levels(abstract: Element) -> dict[int, Level]:
    found = {}
    for element in abstract.iterchildren(W + "lvl"):
        found[whole(element.get(W + "ilvl", "0"), 0, 0, 8)] = _level(element)
    return found


def _level(element: Element) -> Level:
    def value(tag: str, default: str) -> str:
        child = element.find(W + tag)
        return default if child is None else str(child.get(VAL, default))

    fmt, text, start = value("numFmt", "decimal"), value("lvlText", ""), value("start", "1")
    ordered = fmt not in ("bullet", "none")
    return Level(
        style=_STYLES.get(fmt, "decimal") if ordered else "",
        start=whole(start, 1),
        text=text,
        ordered=ordered,
        silent=not text.strip() or fmt == "none",
    )


def _overrides(num: Element) -> tuple[dict[int, Level], dict[int, int]]:
    levels: dict[int, Level] = {}
    starts: dict[int, int] = {}
    for override in num.iterchildren(W + "lvlOverride"):
        index = whole(override.get(W + "ilvl", "0"), 0, 0, 8)
        own, start = override.find(W + "lvl"), override.find(W + "startOverride")
        if own is not None:
            levels[index] = _level(own)
        if start is not None:
            starts[index] = whole(start.get(VAL, ""), 1)
    return levels, starts


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
