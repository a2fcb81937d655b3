"""The lists of a DOCX, as its `numbering.xml` defines them."""

from __future__ import annotations

from ...gate.xml import Element
from ..assembly.numbering import Level, NumberedList, Numbering
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


def numbering(root: Element | None) -> Numbering:
    """The lists of the part; none without one."""
    lists: dict[str, NumberedList] = {}
    if root is None:
        return Numbering(lists)
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
        lists[str(num.get(W + "numId"))] = NumberedList(name, {**levels.get(name, {}), **own}, overrides)
    return Numbering(lists)


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
