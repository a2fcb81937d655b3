"""The inside of an ODT paragraph: spans, links, notes, pictures, formulas, fields."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable
from typing import TYPE_CHECKING
from urllib.parse import unquote

from ...book import clean
from ...book.model import Anchor, InlineImage, LineBreak, NoteRef, Ruby
from ...findings.model import Severity
from ...gate import xml
from ...gate.xml import Element
from ..assembly.numbers import whole
from ..assembly.spans import PLAIN, UNDERLINE, Look, Spans
from ..html.mathml import rebuild
from .names import DRAW, MATH, OFFICE, SVG, TEXT, XLINK, XML_ID

if TYPE_CHECKING:
    from .document import Document

_SPACES = re.compile(r"[ \t\r\n]+")
_MAX_SPACES = 200
_SKIPPED = frozenset(
    {
        TEXT + "note-citation",
        TEXT + "change",
        TEXT + "change-start",
        TEXT + "change-end",
        TEXT + "bookmark-end",
        TEXT + "reference-mark-end",
        TEXT + "page-number",
        TEXT + "page-count",
        TEXT + "hidden-text",
        TEXT + "hidden-paragraph",
        TEXT + "alphabetical-index-mark",
        TEXT + "toc-mark",
        TEXT + "soft-page-break",
        OFFICE + "annotation-end",
        OFFICE + "event-listeners",
    }
)


class Inlines:
    """Reads one paragraph at a time into `spans`; text boxes found on the way wait in `boxes`."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self.spans = Spans()
        self.boxes: list[Element] = []
        self._after_space = True
        self._handlers: dict[object, Callable[[Element, Look], None]] = {
            TEXT + "span": self._span,
            TEXT + "a": self._link,
            TEXT + "s": self._blanks,
            TEXT + "tab": lambda _, look: self._words("\t", look),
            TEXT + "line-break": self._break,
            TEXT + "note": self._note,
            TEXT + "bookmark": self._bookmark,
            TEXT + "bookmark-start": self._bookmark,
            TEXT + "reference-mark": self._bookmark,
            TEXT + "reference-mark-start": self._bookmark,
            TEXT + "bookmark-ref": self._reference,
            TEXT + "reference-ref": self._reference,
            TEXT + "ruby": self._ruby,
            DRAW + "frame": self._frame,
            DRAW + "custom-shape": self._shape,
            DRAW + "rect": self._shape,
            OFFICE + "annotation": self._comment,
        }

    def read(self, element: Element, look: Look) -> Spans:
        """The content of a paragraph or heading."""
        self.spans, self.boxes, self._after_space = Spans(), [], True
        self._children(element, look)
        return self.spans

    def _children(self, element: Element, look: Look) -> None:
        if element.text:
            self._words(element.text, look)
        for child in element.iterchildren():
            handler = self._handlers.get(child.tag)
            if handler is not None:
                handler(child, look)
            elif child.tag not in _SKIPPED:
                self._children(child, look)
            if child.tail:
                self._words(child.tail, look)

    def _words(self, value: str, look: Look) -> None:
        """White space in an ODT is one space; more of it has elements of its own."""
        value = _SPACES.sub(" ", value) if value != "\t" else value
        if self._after_space and value[:1] == " ":
            value = value[1:]
        if value:
            self.spans.text(look, clean.text(value))
            self._after_space = value[-1] == " "

    def _span(self, element: Element, look: Look) -> None:
        style = self._document.styles.looks("text", str(element.get(TEXT + "style-name", "")))
        if style.hidden:
            self._document.draft.count("source.hidden-text-dropped", Severity.ADVICE)
            return
        flags = (look.flags & ~style.off) | style.on
        lang = self._document.foreign(style.lang) if style.lang else look.lang
        self._children(element, look._replace(flags=flags & ~UNDERLINE if look.href else flags, lang=lang))

    def _link(self, element: Element, look: Look) -> None:
        href = self._document.href(str(element.get(XLINK + "href", "")))
        self._children(element, look._replace(href=href))

    def _blanks(self, element: Element, look: Look) -> None:
        self.spans.text(look, " " * whole(element.get(TEXT + "c", "1"), 1, 1, _MAX_SPACES))
        self._after_space = False

    def _break(self, _: Element, look: Look) -> None:
        self.spans.add(look, LineBreak())
        self._after_space = True

    def _bookmark(self, element: Element, look: Look) -> None:
        name = str(element.get(TEXT + "name") or element.get(XML_ID) or "")
        anchor = self._document.bookmark(name)
        if anchor:
            self.spans.add(PLAIN, Anchor(anchor))
        if element.tag == TEXT + "reference-mark":
            self._children(element, look)

    def _reference(self, element: Element, look: Look) -> None:
        href = self._document.href("#" + str(element.get(TEXT + "ref-name", "")))
        self._children(element, look._replace(href=href))

    def _note(self, element: Element, look: Look) -> None:
        note_id = self._document.note(element)
        if note_id:
            self.spans.add(Look(lang=look.lang), NoteRef(note_id))
            self._after_space = False

    def _comment(self, *_: object) -> None:
        self._document.draft.count("source.comments-dropped", Severity.ADVICE)

    def _ruby(self, element: Element, look: Look) -> None:
        base, above = element.find(TEXT + "ruby-base"), element.find(TEXT + "ruby-text")
        texts = ["".join(str(t) for t in part.itertext()) if part is not None else "" for part in (base, above)]
        if texts[0].strip():
            self.spans.add(look, Ruby([(clean.text(texts[0]), clean.text(texts[1]))]))
            self.spans.has_text = True

    # ------------------------------------------------------------ frames

    def _shape(self, element: Element, look: Look) -> None:
        if any(True for _ in element.iterchildren(TEXT + "p", TEXT + "list")):
            self.boxes.append(element)

    def _frame(self, element: Element, look: Look) -> None:
        alt = ""
        for name in ("desc", "title"):
            found = element.find(SVG + name)
            alt = alt or (clean.title(found.text or "", 1000) if found is not None else "")
        for child in element.iterchildren():
            if child.tag == DRAW + "text-box":
                self.boxes.append(child)
                return
            if child.tag == DRAW + "object" and self._formula(child, look):
                return
            if child.tag in (DRAW + "object", DRAW + "object-ole", DRAW + "plugin", DRAW + "applet"):
                self._document.draft.count("source.embedded-dropped", Severity.PROBLEM)
            elif child.tag == DRAW + "image":
                is_decorative = not alt and self._document.styles.is_decorative(element)
                if self._image(str(child.get(XLINK + "href", "")), alt, look, is_decorative=is_decorative):
                    return

    def _image(self, href: str, alt: str, look: Look, *, is_decorative: bool) -> bool:
        part = posixpath.normpath(unquote(href.removeprefix("./")))
        if part not in self._document.archive:
            if href:
                self._document.draft.count("source.image-remote", Severity.PROBLEM, alt or href)
            return False
        asset = self._document.draft.picture(self._document.archive.read(part), posixpath.basename(part))
        if asset:
            self.spans.add(Look(href=look.href), InlineImage(asset, alt, decorative=is_decorative))
            self._after_space = False
        return bool(asset)

    def _formula(self, element: Element, look: Look) -> bool:
        """A formula is an object that holds MathML, inside or in a part of its own."""
        root = element.find(MATH + "math")
        part = posixpath.join(str(element.get(XLINK + "href", "")).removeprefix("./"), "content.xml")
        if root is None and part in self._document.archive:
            found = xml.parse(self._document.archive.read(part), part)
            root = found if found.tag == MATH + "math" else None
        formula = rebuild(root) if root is not None else None
        if formula is None:
            return False
        self.spans.add(Look(href=look.href), formula)
        self.spans.has_text = True
        return True
