"""The inside of a DOCX paragraph: runs, links, fields, notes, pictures, mathematics."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ...book import clean
from ...book.model import AnyBlock, Inline, InlineImage, LineBreak, NoteRef, Ruby
from ...findings.model import Severity
from ...gate.xml import Element
from ..assembly import symbol_fonts
from ..assembly.fields import Fields
from ..assembly.spans import PLAIN, UNDERLINE, Look, Spans
from .drawings import Rule, choose
from .names import MC, VAL, M, R, W
from .omml import math
from .styles import NO_PROPS, TOGGLES, RunProps

if TYPE_CHECKING:
    from .document import Document, Story

_SKIP = frozenset(
    W + name
    for name in [
        "pPr",
        "rPr",
        "proofErr",
        "lastRenderedPageBreak",
        "del",
        "moveFrom",
        "delText",
        "delInstrText",
        "annotationRef",
        "footnoteRef",
        "endnoteRef",
        "separator",
        "continuationSeparator",
        "bookmarkEnd",
        "permStart",
        "permEnd",
        "sdtPr",
        "sdtEndPr",
        "smartTagPr",
        "customXmlPr",
        "commentRangeStart",
        "commentRangeEnd",
        "pgNum",
        "fldData",
    ]
)
_DELETED = frozenset({W + "del", W + "moveFrom"})


@dataclass(slots=True)
class Content:
    """What one paragraph holds."""

    spans: Spans = field(default_factory=Spans)
    boxes: list[Element | AnyBlock] = field(default_factory=list)
    boxes_first: bool = True
    page_break: bool = False
    rules: int = 0
    silenced: bool = False


class Runs:
    """Reads the paragraphs of one story; open fields reach over their ends."""

    def __init__(self, document: Document, story: Story) -> None:
        self._document = document
        self._story = story
        self._link = ""
        self._direction = ""
        self._symbols = ""
        self.fields = Fields(self._resolve, balanced=story.fields_balanced)
        self._base_flags = 0
        self._base_lang = ""
        self._content = Content()
        self._handlers: dict[object, Callable[[Element], None]] = {
            W + "r": self._run,
            W + "hyperlink": self._hyperlink,
            W + "fldSimple": self._simple_field,
            W + "sdt": self._structured,
            W + "bdo": self._directed,
            W + "dir": self._directed,
            W + "bookmarkStart": self.bookmark,
            M + "oMath": lambda e: self._math(e, display=False),
            M + "oMathPara": self._math_paragraph,
            MC + "AlternateContent": self._alternate,
        }
        self._run_handlers: dict[object, Callable[[Element, Look], None]] = {
            W + "t": self._text,
            W + "tab": lambda _, look: self._content.spans.text(look, "\t"),
            W + "ptab": lambda _, look: self._content.spans.text(look, "\t"),
            W + "br": self._break,
            W + "cr": lambda _, look: self._content.spans.add(look, LineBreak()),
            W + "noBreakHyphen": lambda _, look: self._content.spans.text(look, "\u2011"),
            W + "softHyphen": lambda _, look: self._content.spans.text(look, "\u00ad"),
            W + "sym": self._symbol,
            W + "footnoteReference": lambda e, look: self._note(e, look, "footnote"),
            W + "endnoteReference": lambda e, look: self._note(e, look, "endnote"),
            W + "drawing": self._drawing,
            W + "pict": self._drawing,
            W + "object": self._object,
            W + "ruby": self._ruby,
            W + "commentReference": lambda _, __: self._document.comment(),
            MC + "AlternateContent": self._run_alternate,
        }

    def read(self, paragraph: Element, flags: int, lang: str, pending: list[Inline]) -> Content:
        """The content of `paragraph` under a style with `flags` and `lang`; `pending` anchors go first."""
        self._content = Content()
        for node in pending:
            self._content.spans.add(PLAIN, node)
        self._base_flags, self._base_lang = flags, lang
        self._content.silenced = self.fields.in_contents
        self._children(paragraph)
        self._content.silenced = self._content.silenced or self.fields.in_contents
        return self._content

    def _children(self, element: Element) -> None:
        handlers = self._handlers
        for child in element.iterchildren():
            handler = handlers.get(child.tag)
            if handler is not None:
                handler(child)
            elif child.tag in _SKIP:
                if child.tag in _DELETED:
                    self._document.tracked_change(child)
            else:
                if child.tag == W + "ins" or child.tag == W + "moveTo":
                    self._document.tracked_change(child)
                self._children(child)

    # ------------------------------------------------------------ around runs

    def _hyperlink(self, element: Element) -> None:
        relationship = self._document.package.relationships(self._story.part).get(str(element.get(R + "id", "")))
        target = relationship.target if relationship is not None and relationship.external else ""
        outer, self._link = self._link, self._resolve(target, str(element.get(W + "anchor", "")))
        self._children(element)
        self._link = outer

    def _resolve(self, target: str, bookmark: str) -> str:
        """The href of a link to an address, or to a bookmark of this document; "" when it leads nowhere."""
        if target and not target.startswith("#"):
            address = clean.href(f"{target}#{bookmark}" if bookmark and "#" not in target else target)
            if not address:
                self._document.draft.count("source.link-dropped", Severity.ADVICE, target)
            return address
        name = bookmark or target.lstrip("#")
        if name in self._document.bookmarks:
            return "#" + self._document.draft.anchor(name)
        if name:
            self._document.draft.count("source.link-dead", Severity.ADVICE, name)
        return ""

    def _simple_field(self, element: Element) -> None:
        self.fields.simple(str(element.get(W + "instr", "")))
        self._children(element)
        self.fields.end()

    def _structured(self, element: Element) -> None:
        content = element.find(W + "sdtContent")
        if content is not None:
            self._children(content)

    def _directed(self, element: Element) -> None:
        outer, self._direction = self._direction, "rtl" if element.get(VAL) == "rtl" else "ltr"
        self._children(element)
        self._direction = outer

    def bookmark(self, element: Element) -> None:
        """Mark the place of a bookmark that something links to."""
        anchor = self._document.bookmark(str(element.get(W + "name", "")))
        if anchor is not None:
            self._content.spans.add(PLAIN, anchor)

    def _math(self, element: Element, *, display: bool) -> None:
        if not self.fields.silent:
            self._content.spans.add(Look(href=self._link), math(element, display=display))
            self._content.spans.has_text = True

    def _math_paragraph(self, element: Element) -> None:
        for formula in element.iterchildren(M + "oMath"):
            self._math(formula, display=True)

    def _alternate(self, element: Element) -> None:
        branch = choose(element)
        if branch is not None:
            self._children(branch)

    # ------------------------------------------------------------ runs

    def _run(self, element: Element) -> None:
        props, self._symbols = NO_PROPS, ""
        look: Look | None = None
        fields = self.fields
        for child in element.iterchildren():
            tag = child.tag
            if tag == W + "rPr":
                props = self._story.run_props(child)
                self._symbols = props.symbols
            elif tag == W + "fldChar":
                self._field_mark(child)
                look = None
            elif tag == W + "instrText":
                fields.code(child.text or "")
            elif fields.silent:
                if tag == W + "t" and not fields.in_contents:
                    fields.code(child.text or "")
            else:
                handler = self._run_handlers.get(tag)
                if handler is None:
                    continue
                if look is None:
                    look = self._look(props)
                if look is not _HIDDEN:
                    handler(child, look)
                elif words := "".join(text.text or "" for text in child.iter(W + "t")):
                    self._document.draft.count("source.hidden-text-dropped", Severity.ADVICE, words)

    def _look(self, props: RunProps) -> Look:
        if props is NO_PROPS:
            href = self.fields.href or self._link
            if not (self._base_flags or href or self._base_lang or self._direction):
                return PLAIN
            return Look(self._base_flags, href, self._base_lang, self._direction)
        flags, lang, hidden = self._base_flags, self._base_lang, props.hidden
        if props.style:
            style = self._document.styles.character(props.style)
            flags = (flags ^ (style.flags & TOGGLES)) | (style.flags & ~TOGGLES)
            lang = style.lang or lang
            hidden = hidden or style.hidden
        if hidden:
            return _HIDDEN
        flags = (flags & ~props.off) | props.on
        href = self.fields.href or self._link
        if href:
            flags &= ~UNDERLINE
        direction = self._direction
        if props.rtl:
            lang = props.lang_bidi or lang
        elif props.lang:
            lang = props.lang
        return Look(flags, href, self._document.foreign(lang), direction)

    def _field_mark(self, element: Element) -> None:
        kind = element.get(W + "fldCharType")
        if kind == "begin":
            self.fields.begin()
        elif kind == "separate":
            self.fields.separate()
            if self.fields.in_contents and not self._content.silenced:
                self._content.silenced = True
                self._document.draft.count("source.contents-dropped", Severity.INFO)
        elif kind == "end":
            self.fields.end()

    def _text(self, element: Element, look: Look) -> None:
        if element.text:
            text = symbol_fonts.translate(element.text, self._symbols) if self._symbols else element.text
            self._content.spans.text(look, clean.text(text))

    def _break(self, element: Element, look: Look) -> None:
        kind = element.get(W + "type", "textWrapping")
        if kind in ("page", "column"):
            self._content.page_break = True
            if self._content.spans.has_text:
                self._content.spans.text(look, " ")
        else:
            self._content.spans.add(look, LineBreak())

    def _symbol(self, element: Element, look: Look) -> None:
        try:
            code = int(str(element.get(W + "char", "0")), 16)
        except ValueError:
            return
        font = str(element.get(W + "font", ""))
        if 0xF000 <= code <= 0xF0FF or (code < 0x100 and symbol_fonts.is_symbol_font(font)):
            value = symbol_fonts.shown(code, font)
        else:
            value = clean.text(chr(code)) if 0 < code < 0x110000 else ""
        if value:
            self._content.spans.text(look, value)

    def _note(self, element: Element, look: Look, kind: str) -> None:
        note_id = self._document.note(kind, str(element.get(W + "id", "")))
        if note_id:
            self._content.spans.add(Look(href="", lang=look.lang), NoteRef(note_id))

    def _drawing(self, element: Element, look: Look) -> None:
        for found in self._document.drawings.read(element, self._story.part):
            if isinstance(found, InlineImage):
                self._content.spans.add(Look(href=look.href), found)
            elif isinstance(found, Rule):
                self._content.rules += 1
            else:
                self._content.boxes_first = self._content.boxes_first and not self._content.spans.has_text
                self._content.boxes.append(found)

    def _object(self, element: Element, look: Look) -> None:
        """An embedded object is left out; its preview picture, if there is one, stands for it."""
        self._document.draft.count("source.embedded-dropped", Severity.PROBLEM)
        self._drawing(element, look)

    def _ruby(self, element: Element, look: Look) -> None:
        base, above = element.find(W + "rubyBase"), element.find(W + "rt")
        texts = [
            "".join(t.text or "" for t in part.iter(W + "t")) if part is not None else "" for part in (base, above)
        ]
        if texts[0]:
            self._content.spans.add(look, Ruby([(clean.text(texts[0]), clean.text(texts[1]))]))
            self._content.spans.has_text = True

    def _run_alternate(self, element: Element, look: Look) -> None:
        branch = choose(element)
        if branch is None:
            return
        for child in branch.iterchildren():
            handler = self._run_handlers.get(child.tag)
            if handler is not None:
                handler(child, look)


_HIDDEN = Look(flags=-1)
