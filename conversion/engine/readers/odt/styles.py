"""Styles of an ODT: named ones of `styles.xml`, automatic ones of `content.xml`, and list styles."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ...book import clean
from ...book.model import Align
from ...gate.xml import Element
from ..assembly.numbers import whole
from ..assembly.spans import CODE, EMPHASIS, SMALL_CAPS, STRIKE, STRONG, SUB, SUP, UNDERLINE
from ..assembly.style_names import Kind, heading_level, kind_of
from .names import DRAW, FO, STYLE, TEXT

_MAX_CHAIN = 30
DEFAULT_SIZE = 24.0  # half points
MAX_SIZE = 5000.0
_SIZE = re.compile(r"(\d{1,6}(?:\.\d{1,6})?)(cm|mm|in|pt|px|pc|%)")
_ENCODED = re.compile(r"_([0-9a-f]{1,4})_")
_LENGTH = re.compile(r"(-?\d+(?:\.\d+)?)(cm|mm|in|pt|px|pc)?")
_TWIPS = {"cm": 567.0, "mm": 56.7, "in": 1440.0, "pt": 20.0, "px": 15.0, "pc": 240.0, None: 0.0}
_ALIGN = {"center": Align.CENTER, "end": Align.END, "right": Align.END}
_FORMATS = {"1": "decimal", "a": "lower-alpha", "A": "upper-alpha", "i": "lower-roman", "I": "upper-roman"}
_CODE_STYLES = frozenset({"source text", "teletype", "source code", "verbatim char", "user entry"})


@dataclass(frozen=True, slots=True)
class Looks:
    """A resolved style; flags as in `spans`, indent in twentieths of a point."""

    kind: Kind = Kind.BODY
    level: int = 0
    on: int = 0
    off: int = 0
    lang: str = ""
    hidden: bool = False
    align: Align = Align.AUTO
    direction: str = ""
    indent: int = 0
    page_break: bool = False
    list_style: str = ""
    size: float = 0  # of type, in half points; 0 where no style sets one


NO_LOOKS = Looks()


class Styles:
    """Lookups by family and name; every answer is computed once."""

    def __init__(self, roots: list[Element]) -> None:
        self._elements: dict[tuple[str, str], Element] = {}
        self._lists: dict[str, dict[int, Element]] = {}
        self._cache: dict[tuple[str, str], Looks] = {}
        self.default_lang = ""
        self.default_size = DEFAULT_SIZE
        for root in roots:
            self._index(root)

    def _index(self, root: Element) -> None:
        for style in root.iter(STYLE + "style"):
            key = (str(style.get(STYLE + "family", "")), str(style.get(STYLE + "name", "")))
            self._elements[key] = style
        for style in root.iter(TEXT + "list-style"):
            levels = {}
            for level in style.iterchildren():
                levels[whole(level.get(TEXT + "level", ""), 0)] = level
            self._lists[str(style.get(STYLE + "name", ""))] = levels
        for style in root.iter(STYLE + "default-style"):
            if style.get(STYLE + "family") == "paragraph":
                properties = style.find(STYLE + "text-properties")
                self.default_lang = _lang(properties) or self.default_lang
                self.default_size = _size(properties, DEFAULT_SIZE)

    def looks(self, family: str, name: str) -> Looks:
        """The style `name` of "paragraph" or "text"."""
        key = (family, name)
        if key not in self._cache:
            self._cache[key] = self._resolve(family, name)
        return self._cache[key]

    def _resolve(self, family: str, name: str) -> Looks:
        chain: list[Element] = []
        seen: set[str] = set()
        while name and name not in seen and len(chain) < _MAX_CHAIN:
            seen.add(name)
            style = self._elements.get((family, name))
            if style is None:
                break
            chain.append(style)
            name = str(style.get(STYLE + "parent-style-name", ""))
        looks = NO_LOOKS
        for style in reversed(chain):
            looks = _over(style, looks)
        kind, level = _kind(chain)
        names = {_display_name(style) for style in chain}
        on = looks.on | (CODE if family == "text" and names & _CODE_STYLES else 0)
        if family == "paragraph" and kind is not Kind.BODY:
            on = 0
        return Looks(
            kind,
            level,
            on & ~(UNDERLINE if "internet link" in names else 0),
            looks.off,
            looks.lang,
            looks.hidden,
            looks.align,
            looks.direction,
            looks.indent,
            looks.page_break,
            next((str(s.get(STYLE + "list-style-name")) for s in chain if s.get(STYLE + "list-style-name")), ""),
            looks.size,
        )

    def list_level(self, name: str, level: int) -> tuple[bool, str, int]:
        """Whether level `level` (from 1) of a list style is ordered, its number format, and where it starts."""
        element = self._lists.get(name, {}).get(level)
        if element is None or element.tag != TEXT + "list-level-style-number":
            return False, "", 1
        form = str(element.get(STYLE + "num-format", ""))
        return bool(form), _FORMATS.get(form, "decimal"), whole(element.get(TEXT + "start-value", "1"), 1)

    def is_decorative(self, frame: Element) -> bool:
        """Whether a frame is marked as decorative. LibreOffice says so in its style, in a namespace of its own until
        OpenDocument has the attribute."""
        style = self._elements.get(("graphic", str(frame.get(DRAW + "style-name", ""))))
        found = style.find(STYLE + "graphic-properties") if style is not None else None
        marks = [*frame.attrib.items(), *(found.attrib.items() if found is not None else ())]
        return any(str(name).endswith("}decorative") and value == "true" for name, value in marks)


def _display_name(style: Element) -> str:
    name = str(style.get(STYLE + "display-name") or style.get(STYLE + "name") or "")
    return _ENCODED.sub(lambda match: chr(int(match.group(1), 16)), name).replace("_", " ").lower()


def _kind(chain: list[Element]) -> tuple[Kind, int]:
    for style in chain:
        name = _display_name(style)
        found = kind_of(name)
        if found is not None:
            return found, 0
        level = heading_level(name)
        if level:
            return Kind.HEADING, min(level, 6)
    return Kind.BODY, 0


def _over(style: Element, base: Looks) -> Looks:
    """The settings of one style element on top of `base`."""
    text = style.find(STYLE + "text-properties")
    paragraph = style.find(STYLE + "paragraph-properties")
    on, off = _flags(text)
    align = base.align
    direction, indent, page_break = base.direction, base.indent, False
    if paragraph is not None:
        if paragraph.get(FO + "text-align") is not None:
            align = _ALIGN.get(str(paragraph.get(FO + "text-align")), Align.AUTO)
        mode = str(paragraph.get(STYLE + "writing-mode", ""))
        direction = {"rl-tb": "rtl", "lr-tb": "ltr"}.get(mode, direction)
        match = _LENGTH.match(str(paragraph.get(FO + "margin-left", "")))
        if match:
            indent = round(float(match.group(1)) * _TWIPS[match.group(2)])
        page_break = paragraph.get(FO + "break-before") == "page"
    hidden = base.hidden or (text is not None and text.get(TEXT + "display") == "none")
    return Looks(
        on=on | (base.on & ~off),
        off=off | (base.off & ~on),
        lang=_lang(text) or base.lang,
        hidden=hidden,
        align=align,
        direction=direction,
        indent=indent,
        page_break=page_break or bool(style.get(STYLE + "master-page-name")),
        size=_size(text, base.size),
    )


def _size(text: Element | None, base: float) -> float:
    """The size of type that properties set on top of `base`."""
    match = _SIZE.fullmatch(str(text.get(FO + "font-size", ""))) if text is not None else None
    if match is None:
        return base
    number = min(float(match.group(1)), MAX_SIZE)
    if match.group(2) == "%":
        return (base or DEFAULT_SIZE) * number / 100
    return number * _TWIPS[match.group(2)] / 10


def _flags(text: Element | None) -> tuple[int, int]:
    if text is None:
        return 0, 0
    on = off = 0
    weight = text.get(FO + "font-weight")
    for flag, value, plain in (
        (EMPHASIS, text.get(FO + "font-style"), ("normal",)),
        (STRONG, weight, ("normal", "100", "200", "300", "400", "500")),
        (SMALL_CAPS, text.get(FO + "font-variant"), ("normal",)),
        (UNDERLINE, text.get(STYLE + "text-underline-style"), ("none",)),
        (STRIKE, text.get(STYLE + "text-line-through-style"), ("none",)),
    ):
        if value is not None:
            on, off = (on, off | flag) if value in plain else (on | flag, off)
    position = str(text.get(STYLE + "text-position", "")).split()
    if position:
        raised = float(position[0].rstrip("%")) if re.fullmatch(r"-?\d+(\.\d+)?%", position[0]) else 0.0
        if position[0] == "super" or raised > 0:
            on |= SUP
        elif position[0] == "sub" or raised < 0:
            on |= SUB
        else:
            off |= SUP | SUB
    return on, off


def _lang(text: Element | None) -> str:
    if text is None:
        return ""
    code, country = str(text.get(FO + "language", "")), str(text.get(FO + "country", ""))
    if code in ("", "none", "zxx"):
        return ""
    return clean.language(f"{code}-{country}" if country not in ("", "none") else code)
