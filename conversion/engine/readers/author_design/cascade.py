"""What each element of the source wears: its own rules, and what it inherits from elements that the Book leaves out.

A Book has paragraphs, headings, quotations; it has no divisions around them. So what a division bequeaths to its
paragraphs is added to theirs; the boxes of such divisions (their margins, borders and grounds) are lost.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from cssselect2 import Matcher
from cssselect2.tree import ElementWrapper

from ...book.model import AuthorDesign, AuthorFont
from ...findings.model import Severity
from ...gate.xml import Element
from ..assembly.draft import Draft
from ..assembly.xhtml_names import BLOCKS, local_name
from . import fonts
from .sheets import FaceRule, ParsedSheet, parse
from .values import INHERITED, Declaration, declarations, family_name

MAX_DRESSES = 1_500
MAX_ELEMENTS = 300_000
MAX_STYLE_ATTRIBUTE = 4_000
PREFIX = "kept-"
# Elements that the Book keeps as they are: what they wear is inherited in the artifact itself.
_KEPT = frozenset({"hgroup", "blockquote", "ul", "ol", "dl", "table", "pre", "aside", "figure"})
# Elements that the Book keeps without a look of their own: their words wear what these bequeath.
_CELLS = frozenset({"li", "dd", "dt", "td", "th", "tr", "caption"})
# What readers show headings in of their own accord, by the level they have in the source: the Book's may be another.
_HEADINGS = {
    "h1": (2.0, 0.67),
    "h2": (1.5, 0.83),
    "h3": (1.17, 1.0),
    "h4": (1.0, 1.33),
    "h5": (0.83, 1.67),
    "h6": (0.67, 2.33),
}
_OWN_LOOKS: dict[str, list[Declaration]] = {
    name: [("font-size", f"{size:g}em", False), ("margin", f"{space:g}em 0", False), ("font-weight", "bold", False)]
    for name, (size, space) in _HEADINGS.items()
} | {"hgroup": [("font-size", "1em", False), ("margin", "0", False), ("font-weight", "normal", False)]}
_WHOLE = frozenset({"math", "svg"})
_RELATIVE = re.compile(r"(\d*\.?\d+)(em|%)")

type Wear = dict[str, str]  # declarations by property, in the order of the cascade


class StyleTable:
    """The dresses of one book, by name, and its faces.

    `fetch` gives the bytes of a part of the source, or None; `obfuscated` are the parts that are mixed up.
    """

    def __init__(
        self, draft: Draft, fetch: Callable[[str], bytes | None], obfuscated: frozenset[str] = frozenset()
    ) -> None:
        self.dropped = 0
        self._draft = draft
        self._fetch = fetch
        self._obfuscated = obfuscated
        self._names: dict[str, str] = {}  # of a dress, by its rules
        self._sheets: dict[tuple[str, str], ParsedSheet] = {}
        self._matchers: dict[tuple[tuple[str, str], ...], Matcher] = {}
        self._faces: dict[tuple[str, str, str], FaceRule] = {}
        self._pictures: dict[str, None] = {}
        self._elements = 0

    def style_resolver(self, root: Element, sheets: list[tuple[str, str]]) -> StyleResolver:
        """What dresses the elements of one document; `sheets` are texts and the parts they come from."""
        key = tuple((hashlib.sha256(text.encode("utf-8", "replace")).hexdigest(), part) for text, part in sheets)
        if key not in self._matchers:
            self._matchers[key] = self._matcher([self._sheet(*sheet) for sheet in sheets])
        return StyleResolver(self, root, self._matchers[key])

    def _sheet(self, text: str, part: str) -> ParsedSheet:
        if (text, part) not in self._sheets:
            sheet = parse(text, part, self.picture)
            self.dropped += sheet.dropped
            self._sheets[text, part] = sheet
            for face in sheet.faces:
                self._faces.setdefault((face.family, face.weight, face.style), face)
        return self._sheets[text, part]

    @staticmethod
    def _matcher(sheets: list[ParsedSheet]) -> Matcher:
        matcher = Matcher()
        for sheet in sheets:
            for rule in sheet.rules:
                matcher.add_selector(rule.selector, rule.declarations)
        return matcher

    def picture(self, part: str) -> str:
        """The key of a picture of the source that a sheet shows, "" where there is none."""
        data = self._fetch(part) if part else None
        key = self._draft.picture(data, part.rpartition("/")[2]) if data else ""
        if key:
            self._pictures[key] = None
        return key

    def admit(self) -> bool:
        """Whether one more element may be looked at."""
        self._elements += 1
        self.dropped += self._elements == MAX_ELEMENTS
        return self._elements < MAX_ELEMENTS

    def name(self, wears: dict[str, Wear]) -> str:
        """The name of a dress: declarations of the element, and of its pseudo-elements."""
        blocks = (
            (pseudo, "; ".join(f"{name}: {value}" for name, value in wear.items())) for pseudo, wear in wears.items()
        )
        rules = "\n".join(f"{pseudo} {{ {text} }}" for pseudo, text in sorted(blocks) if text)
        if not rules:
            return ""
        if rules not in self._names:
            if len(self._names) >= MAX_DRESSES:
                self.dropped += 1
                return ""
            self._names[rules] = f"{PREFIX}{len(self._names) + 1}"
        return self._names[rules]

    def design(self) -> AuthorDesign | None:
        """All of it, told as findings too; None where nothing was designed."""
        if self.dropped:
            self._draft.count("design.dropped", Severity.INFO, by=self.dropped)
        if not self._names:
            self._draft.tell("design.none", Severity.INFO)
            return None
        kept = self._kept_faces()
        self._draft.tell("design.kept", Severity.INFO, looks=len(self._names), faces=len(kept))
        rules = "\n".join(
            "\n".join(f".{name}{line}" for line in text.split("\n")) for text, name in self._names.items()
        )
        return AuthorDesign(rules, tuple(kept), tuple(self._pictures))

    def _kept_faces(self) -> list[AuthorFont]:
        """The faces that are worn and may be embedded."""
        worn = "\n".join(self._names)
        kept: list[AuthorFont] = []
        for face in self._faces.values():
            family = family_name(face.family)
            if not family or (family not in worn and face.family not in worn):
                continue
            made = self._face(face, sum(len(one.data) for one in kept), len(kept))
            if isinstance(made, bytes):
                kept.append(AuthorFont(family, face.weight, face.style, made))
            else:
                self._draft.count(str(made), Severity.ADVICE, face.family)
        return kept

    def _face(self, face: FaceRule, size: int, count: int) -> bytes | fonts.Refusal:
        data = self._fetch(face.part) or b""
        if count >= fonts.MAX_FACES or size + len(data) > fonts.MAX_FACES_BYTES:
            return fonts.Refusal.TOO_MUCH
        return fonts.embeddable(data, is_obfuscated=face.part in self._obfuscated)


@dataclass(slots=True)
class _Worn:
    """What an element wears itself, by pseudo-element, and what its children inherit unless the Book keeps it."""

    wears: dict[str, Wear]
    bequest: Wear = field(default_factory=dict)


class StyleResolver:
    """Tells what elements of one document wear."""

    def __init__(self, style_table: StyleTable, root: Element, matcher: Matcher) -> None:
        self._style_table = style_table
        self._worn: dict[Element, _Worn] = {}
        self._names: dict[Element, str] = {}
        self._looks = _OWN_LOOKS if matcher.order else {}
        for wrapper in _wrapped(root):
            if not style_table.admit():
                return
            element = wrapper.etree_element
            parent = self._worn.get(wrapper.parent.etree_element) if wrapper.parent is not None else None
            self._worn[element] = self._wear(element, parent, matcher.match(wrapper))

    def of(self, element: Element) -> str:
        """The name of what an element wears, "" for nothing."""
        if element not in self._names:
            worn = self._worn.get(element)
            self._names[element] = self._style_table.name(worn.wears) if worn is not None else ""
        return self._names[element]

    def _wear(self, element: Element, parent: _Worn | None, matches: list[Any]) -> _Worn:
        name = local_name(element)
        wears = _cascaded(self._looks.get(name, []), matches, self._own(element))
        inherited = parent.bequest if parent is not None else {}
        own = wears.get("", {})
        if inherited:
            own = wears[""] = _over(own, inherited)
        if name in _KEPT:
            return _Worn(wears)
        if name in _CELLS:
            wears[""] = own = {key: value for key, value in own.items() if key in INHERITED}
        bequest = {key: value for key, value in own.items() if key in INHERITED}
        if name in BLOCKS and not _holds_blocks(element, name):
            bequest = {}  # its words are inside an element of the artifact, which bequeaths by itself
        return _Worn(wears, bequest)

    def _own(self, element: Element) -> list[Declaration]:
        style = element.get("style")
        if not style:
            return []
        kept, dropped = declarations(str(style)[:MAX_STYLE_ATTRIBUTE], lambda address: "")
        self._style_table.dropped += dropped
        return kept


def _wrapped(root: Element) -> Iterator[ElementWrapper]:
    """Elements as `cssselect2` knows them, parents first; what is inside formulas and drawings has no look."""
    waiting = [ElementWrapper.from_html_root(root)]
    while waiting:
        wrapper = waiting.pop()
        yield wrapper
        if local_name(wrapper.etree_element) not in _WHOLE:
            waiting += wrapper.iter_children()


def _holds_blocks(element: Element, name: str) -> bool:
    return name in ("html", "body") or any(local_name(child) in BLOCKS for child in element.iterchildren())


def _cascaded(looks: list[Declaration], matches: list[Any], own: list[Declaration]) -> dict[str, Wear]:
    """Declarations by pseudo-element: important ones over others, then a style attribute, then what comes later;
    `looks` are below them all."""
    wears: dict[str, Wear] = {}
    layers = [("", looks), *((f"::{pseudo}" if pseudo else "", found) for _, _, pseudo, found in matches), ("", own)]
    for wanted in (False, True):
        for pseudo, found in layers:
            for name, value, is_important in found:
                if is_important is wanted:
                    wear = wears.setdefault(pseudo, {})
                    wear.pop(name, None)
                    wear[name] = value
    return wears


def _over(own: Wear, inherited: Wear) -> Wear:
    """What is worn over what is inherited; relative sizes multiply."""
    merged = {**inherited, **own}
    if "font-size" in own and "font-size" in inherited:
        mine, theirs = (_RELATIVE.fullmatch(wear["font-size"]) for wear in (own, inherited))
        if mine and theirs:
            merged["font-size"] = f"{_share(mine) * _share(theirs):.4g}em"
    return merged


def _share(match: re.Match[str]) -> float:
    return float(match[1]) / (100 if match[2] == "%" else 1)
