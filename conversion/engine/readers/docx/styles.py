"""Style sheets of a DOCX: what a paragraph style means, and how runs come to be bold or italic.

Word counts bold, italic, small caps and strike as toggles: a character style inside a paragraph style
switches them over, direct formatting sets them. Styles inherit along `basedOn`.
"""

from __future__ import annotations

from dataclasses import dataclass

from ...book import clean
from ...book.model import Align
from ...gate.xml import Element
from ..assembly.numbers import whole
from ..assembly.spans import CODE, EMPHASIS, SMALL_CAPS, STRIKE, STRONG, SUB, SUP, UNDERLINE
from ..assembly.style_names import Kind, heading_level, kind_of
from ..assembly.symbol_fonts import is_symbol_font
from .names import VAL, W

TOGGLES = STRONG | EMPHASIS | SMALL_CAPS | STRIKE
_TOGGLE_TAGS = {
    W + "b": STRONG,
    W + "i": EMPHASIS,
    W + "smallCaps": SMALL_CAPS,
    W + "strike": STRIKE,
    W + "dstrike": STRIKE,
}
_OFF = frozenset({"0", "false", "off"})
_MAX_CHAIN = 30
DEFAULT_SIZE = 20  # half points, of a document that names none


@dataclass(frozen=True, slots=True)
class RunProps:
    """One `w:rPr`: flags switched on and off, languages by script, and whether the text is hidden."""

    on: int = 0
    off: int = 0
    lang: str = ""
    lang_bidi: str = ""
    lang_asian: str = ""
    rtl: bool = False
    hidden: bool = False
    style: str = ""
    symbols: str = ""  # the name of a font whose letters are signs


NO_PROPS = RunProps()


@dataclass(frozen=True, slots=True)
class ParagraphStyle:
    """A resolved paragraph style. Indents in twentieths of a point."""

    kind: Kind = Kind.BODY
    level: int = 0
    flags: int = 0
    lang: str = ""
    align: Align | None = None
    direction: str = ""
    num_id: str = ""
    num_level: int = 0
    indent_left: int = 0
    indent_right: int = 0
    size: int = DEFAULT_SIZE  # of type, in half points


@dataclass(frozen=True, slots=True)
class CharacterStyle:
    flags: int = 0
    lang: str = ""
    hidden: bool = False


class Styles:
    """Lookups into one `styles.xml`; every answer is computed once."""

    def __init__(self, root: Element | None) -> None:
        self._elements: dict[str, Element] = {}
        self.default_paragraph = ""
        self.default_lang = ""
        self.default_size = DEFAULT_SIZE
        self.header_row_styles: set[str] = set()
        self._paragraphs: dict[str, ParagraphStyle] = {}
        self._characters: dict[str, CharacterStyle] = {}
        if root is not None:
            self._index(root)

    def _index(self, root: Element) -> None:
        for style in root.iter(W + "style"):
            style_id = str(style.get(W + "styleId", ""))
            self._elements.setdefault(style_id, style)
            if style.get(W + "type") == "paragraph" and style.get(W + "default") in ("1", "true", "on"):
                self.default_paragraph = style_id
            if any(c.get(W + "type") == "firstRow" and len(c) for c in style.iterchildren(W + "tblStylePr")):
                self.header_row_styles.add(style_id)
        self.default_size = size_of(root.find(f"{W}docDefaults/{W}rPrDefault/{W}rPr")) or DEFAULT_SIZE
        lang = root.find(f"{W}docDefaults/{W}rPrDefault/{W}rPr/{W}lang")
        if lang is not None:
            self.default_lang = clean.language(str(lang.get(VAL, "")))

    def paragraph(self, style_id: str) -> ParagraphStyle:
        """The paragraph style `style_id`, or the document's default for "" and unknown ids."""
        style_id = style_id if style_id in self._elements else self.default_paragraph
        if style_id not in self._paragraphs:
            self._paragraphs[style_id] = self._resolve_paragraph(style_id)
        return self._paragraphs[style_id]

    def character(self, style_id: str) -> CharacterStyle:
        """The character style `style_id`; an empty one for unknown ids."""
        if style_id not in self._characters:
            self._characters[style_id] = self._resolve_character(style_id)
        return self._characters[style_id]

    def _chain(self, style_id: str) -> list[Element]:
        """The style and its ancestors, nearest first; cycles end."""
        chain: list[Element] = []
        seen: set[str] = set()
        while style_id and style_id not in seen and len(chain) < _MAX_CHAIN:
            seen.add(style_id)
            element = self._elements.get(style_id)
            if element is None:
                break
            chain.append(element)
            based = element.find(W + "basedOn")
            style_id = str(based.get(VAL, "")) if based is not None else ""
        return chain

    def _resolve_paragraph(self, style_id: str) -> ParagraphStyle:
        chain = self._chain(style_id)
        kind, level = _kind_and_level(chain)
        props = _merge_chain([run_props(style.find(W + "rPr")) for style in chain])
        ppr = [found for style in chain if (found := style.find(W + "pPr")) is not None]
        num = next((n for p in ppr if (n := p.find(W + "numPr")) is not None), None)
        num_id, num_level = num_pr(num)
        left, right = indents(next((i for p in ppr if (i := p.find(W + "ind")) is not None), None))
        return ParagraphStyle(
            kind=kind,
            level=level,
            flags=props.on if kind is Kind.BODY else 0,
            lang=props.lang,
            align=next((a for p in ppr if (a := alignment(p.find(W + "jc"))) is not None), None),
            direction=next((d for p in ppr if (d := direction(p.find(W + "bidi")))), ""),
            num_id=num_id,
            num_level=num_level if num_level >= 0 else max(level - 1, 0),
            indent_left=left,
            indent_right=right,
            size=next((s for style in chain if (s := size_of(style.find(W + "rPr")))), self.default_size),
        )

    def _resolve_character(self, style_id: str) -> CharacterStyle:
        chain = self._chain(style_id)
        props = _merge_chain([run_props(style.find(W + "rPr")) for style in chain])
        names = {_name(style) for style in chain}
        code = CODE if names & {"verbatim char", "html code", "source code", "html typewriter", "source text"} else 0
        link = UNDERLINE if names & {"hyperlink", "followedhyperlink", "internet link"} else 0
        return CharacterStyle((props.on | code) & ~link, props.lang, props.hidden)


def _name(style: Element) -> str:
    name = style.find(W + "name")
    return str(name.get(VAL, "")).strip().lower() if name is not None else ""


def _kind_and_level(chain: list[Element]) -> tuple[Kind, int]:
    outline: int | None = None
    for style in chain:
        name = _name(style)
        named_level = heading_level(name)
        found = style.find(f"{W}pPr/{W}outlineLvl")
        if outline is None and found is not None:
            outline = whole(found.get(VAL), 9)
        kind = kind_of(name)
        if kind is not None:
            return kind, 0
        if named_level or (outline is not None and outline < 9):
            level = outline + 1 if outline is not None and outline < 9 else named_level
            return Kind.HEADING, min(level, 6)
    return Kind.BODY, 0


def _merge_chain(chain: list[RunProps]) -> RunProps:
    """Nearest setting wins."""
    on = off = 0
    lang = ""
    hidden = False
    for props in chain:
        on |= props.on & ~off
        off |= props.off & ~on
        lang = lang or props.lang
        hidden = hidden or props.hidden
    return RunProps(on=on, off=off, lang=lang, hidden=hidden)


def run_props(element: Element | None) -> RunProps:
    """What one `w:rPr` says."""
    if element is None or len(element) == 0:
        return NO_PROPS
    on = off = 0
    values: dict[str, str] = {}
    for child in element.iterchildren():
        tag = child.tag
        flag = _TOGGLE_TAGS.get(str(tag))
        value = str(child.get(VAL, ""))
        if flag:
            if value in _OFF:
                off |= flag
            else:
                on |= flag
        else:
            values[str(tag)] = value
    on |= _more_flags(values)
    if values.get(W + "u") == "none":
        off |= UNDERLINE
    if values.get(W + "vertAlign") == "baseline":
        off |= SUB | SUP
    lang = element.find(W + "lang") if W + "lang" in values else None
    return RunProps(
        on=on,
        off=off & ~on,
        lang=clean.language(values.get(W + "lang", "")),
        lang_bidi=clean.language(str(lang.get(W + "bidi", ""))) if lang is not None else "",
        lang_asian=clean.language(str(lang.get(W + "eastAsia", ""))) if lang is not None else "",
        rtl=_set(values, W + "rtl"),
        hidden=_set(values, W + "vanish") and W + "specVanish" not in values,
        style=values.get(W + "rStyle", ""),
        symbols=_symbol_font(element) if W + "rFonts" in values else "",
    )


def _symbol_font(element: Element) -> str:
    fonts = element.find(W + "rFonts")
    name = str(fonts.get(W + "ascii") or fonts.get(W + "hAnsi") or "") if fonts is not None else ""
    return name if is_symbol_font(name) else ""


def _set(values: dict[str, str], tag: str) -> bool:
    return tag in values and values[tag] not in _OFF


def _more_flags(values: dict[str, str]) -> int:
    flags = 0
    if values.get(W + "u", "none") not in ("none", ""):
        flags |= UNDERLINE
    flags |= {"superscript": SUP, "subscript": SUB}.get(values.get(W + "vertAlign", ""), 0)
    # Raised or lowered by hand, and set smaller: that is how some programs write superior figures.
    raised = whole(values.get(W + "position"), 0, -999)
    if abs(raised) >= 4 and W + "sz" in values:
        flags |= SUP if raised > 0 else SUB
    return flags


def size_of(element: Element | None) -> int:
    """The size of type that a `w:rPr` sets, in half points; 0 where it sets none."""
    size = element.find(W + "sz") if element is not None else None
    return whole(size.get(VAL), 0, 0, 3276) if size is not None else 0


def alignment(jc: Element | None) -> Align | None:
    """The alignment of a `w:jc`, or None without one."""
    if jc is None:
        return None
    return {"center": Align.CENTER, "right": Align.END, "end": Align.END}.get(str(jc.get(VAL)), Align.AUTO)


def direction(bidi: Element | None) -> str:
    """The direction a `w:bidi` sets, or ""."""
    return "" if bidi is None else "ltr" if bidi.get(VAL) in _OFF else "rtl"


def num_pr(element: Element | None) -> tuple[str, int]:
    """List id and level (0 to 8; -1 when not given) of a `w:numPr`."""
    if element is None:
        return "", -1
    num, level = element.find(W + "numId"), element.find(W + "ilvl")
    num_id = str(num.get(VAL, "")) if num is not None else ""
    return num_id, whole(level.get(VAL), 0, 0, 8) if level is not None else -1


def indents(ind: Element | None) -> tuple[int, int]:
    """Left and right indents in twentieths of a point; a hanging first line takes its width off the left."""
    if ind is None:
        return 0, 0
    left = whole(ind.get(W + "left", ind.get(W + "start", 0)), 0, -9999)
    right = whole(ind.get(W + "right", ind.get(W + "end", 0)), 0, -9999)
    return left - whole(ind.get(W + "hanging", 0), 0), right
