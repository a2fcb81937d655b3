"""The little of CSS that carries meaning: italic, bold, small caps, alignment, hidden, direction, indents.

Only rules whose selector is one element name, one class, or both are read. Nothing of a style sheet
reaches an artifact; it only tells which words are emphasised.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from ...book.model import Align
from ..assembly.spans import EMPHASIS, SMALL_CAPS, STRIKE, STRONG, SUB, SUP, UNDERLINE

MAX_BYTES = 500_000
MAX_RULES = 20_000
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_SELECTOR = re.compile(r"([a-z][a-z0-9]*)?(?:\.([\w-]+))?", re.IGNORECASE)
_LENGTH = re.compile(r"(-?\d+(?:\.\d+)?)(em|rem|px|pt|%)?")
_EM = {"em": 1.0, "rem": 1.0, "px": 1 / 16, "pt": 1 / 12, "%": 0.35, None: 0.0}


@dataclass(frozen=True, slots=True)
class Style:
    """What declarations say; flags as in `spans`."""

    on: int = 0
    off: int = 0
    align: Align | None = None
    hidden: bool = False
    direction: str = ""
    indent: int = 0  # steps of one em
    vertical: bool = False
    unquoted: bool = False  # a quotation that shows no marks
    size: float = 0  # of type, in half points; 0 where it says nothing
    scale: float = 1  # or a share of the size around it

    def over(self, other: Style) -> Style:
        """This style where it says something, `other` elsewhere."""
        return Style(
            on=self.on | (other.on & ~self.off),
            off=self.off | (other.off & ~self.on),
            align=other.align if self.align is None else self.align,
            hidden=self.hidden or other.hidden,
            direction=self.direction or other.direction,
            indent=self.indent or other.indent,
            vertical=self.vertical or other.vertical,
            unquoted=self.unquoted or other.unquoted,
            size=other.size if not self.size and self.scale == 1 else self.size,
            scale=other.scale if not self.size and self.scale == 1 else self.scale,
        )


NO_STYLE = Style()


class Sheet:
    """Rules by (element, class)."""

    def __init__(self) -> None:
        self._rules: dict[tuple[str, str], Style] = {}
        self._cache: dict[tuple[str, str], Style] = {}

    def add(self, text: str) -> None:
        """Read a style sheet on top of what is there."""
        text = _COMMENT.sub("", text[:MAX_BYTES])
        for count, chunk in enumerate(text.split("}")):
            if count > MAX_RULES:
                return
            head, brace, body = chunk.rpartition("{")
            if not brace:
                continue
            if "{" in head or "@" in head:  # first rule inside an at-rule
                head = head.rpartition("{")[2]
                if not head.strip() or "@" in head:
                    continue
            style = declarations(body)
            if style != NO_STYLE:
                self._enter(head, style)

    def extended(self, other: Sheet) -> Sheet:
        """This sheet with the rules of `other` on top."""
        for key, style in other._rules.items():
            self._rules[key] = style.over(self._rules.get(key, NO_STYLE))
        self._cache.clear()
        return self

    def _enter(self, head: str, style: Style) -> None:
        for selector in head.split(",")[:200]:
            match = _SELECTOR.fullmatch(selector.strip())
            if match and (match.group(1) or match.group(2)):
                key = ((match.group(1) or "").lower(), match.group(2) or "")
                self._rules[key] = style.over(self._rules.get(key, NO_STYLE))

    def of(self, name: str, class_value: str) -> Style:
        """The style of an element by its name and class attribute."""
        if not self._rules:
            return NO_STYLE
        key = (name, class_value)
        found = self._cache.get(key)
        if found is None:
            found = self._rules.get((name, ""), NO_STYLE)
            for single in class_value.split():
                found = self._rules.get(("", single), NO_STYLE).over(found)
                found = self._rules.get((name, single), NO_STYLE).over(found)
            self._cache[key] = found
        return found


def declarations(body: str) -> Style:
    """The style that a block of declarations describes."""
    style = NO_STYLE
    for line in body.split(";")[:100]:
        name, colon, value = line.partition(":")
        if colon:
            style = _declare(style, name.strip().lower(), value.strip().lower().removesuffix("!important").strip())
    return style


_KEYWORDS: dict[tuple[str, str], tuple[int, int]] = {
    ("font-style", "italic"): (EMPHASIS, 0),
    ("font-style", "oblique"): (EMPHASIS, 0),
    ("font-style", "normal"): (0, EMPHASIS),
    ("font-weight", "bold"): (STRONG, 0),
    ("font-weight", "bolder"): (STRONG, 0),
    ("font-weight", "600"): (STRONG, 0),
    ("font-weight", "700"): (STRONG, 0),
    ("font-weight", "800"): (STRONG, 0),
    ("font-weight", "900"): (STRONG, 0),
    ("font-weight", "normal"): (0, STRONG),
    ("font-weight", "400"): (0, STRONG),
    ("font-variant", "small-caps"): (SMALL_CAPS, 0),
    ("font-variant", "all-small-caps"): (SMALL_CAPS, 0),
    ("font-variant-caps", "small-caps"): (SMALL_CAPS, 0),
    ("font-variant", "normal"): (0, SMALL_CAPS),
    ("text-decoration", "underline"): (UNDERLINE, 0),
    ("text-decoration", "line-through"): (STRIKE, 0),
    ("text-decoration", "none"): (0, UNDERLINE | STRIKE),
    ("vertical-align", "super"): (SUP, 0),
    ("vertical-align", "sub"): (SUB, 0),
    ("vertical-align", "baseline"): (0, SUP | SUB),
}
_ALIGN = {"center": Align.CENTER, "right": Align.END, "end": Align.END}


_SIZES = {"xx-large": 48.0, "x-large": 36.0, "large": 28.8, "medium": 24.0, "small": 21.3, "x-small": 18.0}
_SCALES = {"larger": 1.2, "smaller": 0.83}
_HALF_POINTS = {"px": 1.5, "pt": 2.0, "rem": 24.0}
_SIZE = re.compile(r"(\d{1,5}(?:\.\d{1,9})?)(em|rem|px|pt|%)")


def _sized(style: Style, value: str) -> Style:
    if value in _SIZES or value in _SCALES:
        return replace(style, size=_SIZES.get(value, 0), scale=_SCALES.get(value, 1))
    match = _SIZE.fullmatch(value)
    if match is None:
        return style
    number, unit = float(match.group(1)), match.group(2)
    if unit in _HALF_POINTS:
        return replace(style, size=number * _HALF_POINTS[unit], scale=1)
    return replace(style, size=0, scale=number if unit == "em" else number / 100)


def _declare(style: Style, name: str, value: str) -> Style:
    flags = _KEYWORDS.get((name, value))
    if flags is not None:
        return Style(*flags).over(style)
    if name.endswith(("text-emphasis", "text-emphasis-style")):  # dots beside the letters, as Japanese has it
        return Style(*((0, 0) if value in ("none", "initial") else (EMPHASIS, 0))).over(style)
    if name == "text-align":
        return replace(style, align=_ALIGN.get(value, Align.AUTO))
    if name == "display":
        return replace(style, hidden=value == "none")
    if name in ("margin-left", "padding-left", "text-indent") and (match := _LENGTH.match(value)):
        steps = round(float(match.group(1)) * _EM[match.group(2)])
        return replace(style, indent=max(style.indent, min(max(steps, 0), 12)))
    if name == "font-size":
        style = _sized(style, value)
    elif name == "quotes" and value == "none":
        style = replace(style, unquoted=True)
    elif name == "direction" and value in ("rtl", "ltr"):
        style = replace(style, direction=value)
    elif name.endswith("writing-mode") and value.startswith(("vertical", "tb")):
        style = replace(style, vertical=True)
    return style
