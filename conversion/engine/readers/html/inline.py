"""The inside of an XHTML block: words, emphasis, links, notes, pictures, ruby, formulas."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

from lxml import etree

from ...book import clean, language
from ...book.model import Align, Anchor, Inline, InlineImage, LineBreak, NoteRef, PageMark, Ruby
from ...findings.model import Severity
from ...gate.xml import Element
from ..assembly.spans import CODE, EMPHASIS, PLAIN, SMALL_CAPS, STRIKE, STRONG, SUB, SUP, UNDERLINE, Look, Spans
from ..assembly.xhtml_names import ACTIVE, MEDIA, SILENT, XLINK_HREF, classes, language_of, local_name, types
from .css import NO_STYLE, Style, declarations
from .pages import Page, Site

_TAG_FLAGS = {
    "em": EMPHASIS,
    "i": EMPHASIS,
    "cite": EMPHASIS,
    "dfn": EMPHASIS,
    "var": EMPHASIS,
    "strong": STRONG,
    "b": STRONG,
    "u": UNDERLINE,
    "ins": UNDERLINE,
    "s": STRIKE,
    "del": STRIKE,
    "strike": STRIKE,
    "sub": SUB,
    "sup": SUP,
    "code": CODE,
    "kbd": CODE,
    "samp": CODE,
    "tt": CODE,
}
# Looks that Markdown, pandoc and Gutenberg's tools write as a class, with or without a style sheet.
_CLASS_FLAGS = {"smallcaps": SMALL_CAPS, "small-caps": SMALL_CAPS, "smcap": SMALL_CAPS, "underline": UNDERLINE}
_NO_ALT = frozenset({"image", "picture", "img", "photo", "graphic"})  # what programs write for want of a text
_NOT_SEEN = frozenset({"presentation", "none"})
_CJK = "\u3000-\u30ff\u3400-\u9fff\uff00-\uffef"
_CJK_GAP = re.compile(rf"(?<=[{_CJK}])[ \t]*[\r\n]\s*(?=[{_CJK}])")
_SPACES = re.compile(r"[ \t\r\n\f]+")
_VERSE_INDENT = re.compile(r"(?:^|\s)i(?:ndent-?)?(\d{1,2})(?:\s|$)")
MAX_DEPTH = 110
DEFAULT_SIZE = 24.0  # half points
_BIG = 1.2
_FONT_SIZES = {"1": 15.0, "2": 19.2, "3": 24.0, "4": 27.0, "5": 36.0, "6": 48.0, "7": 72.0} | {
    "+1": 27.0,
    "+2": 36.0,
    "+3": 48.0,
    "+4": 72.0,
}


class Context(NamedTuple):
    """What surrounds a piece of the document."""

    look: Look = PLAIN
    align: Align = Align.AUTO
    lang: str = ""  # of the block, when foreign to the document
    direction: str = ""
    pre: bool = False
    role: str = ""
    verse: bool = False
    dress: str = ""
    depth: int = 0


class Line:
    """The inline content of one block being gathered."""

    __slots__ = ("after_space", "spans")

    def __init__(self) -> None:
        self.spans = Spans()
        self.after_space = True

    def words(self, look: Look, value: str, *, pre: bool) -> None:
        """Append text; outside of `pre`, white space is one space and none at the start."""
        if pre:
            self.spans.text(look, clean.text(value))
            return
        value = _SPACES.sub(" ", _CJK_GAP.sub("", value) if "\n" in value else value)
        if self.after_space and value[:1] == " ":
            value = value[1:]
        if value:
            self.spans.text(look, clean.text(value))
            self.after_space = value[-1] == " "

    def node(self, look: Look, node: Inline) -> None:
        """Append a node that is not words."""
        self.spans.add(look, node)
        if isinstance(node, LineBreak):
            self.after_space = True
        elif not isinstance(node, Anchor | PageMark):
            self.after_space = False


class Inliner:
    """Reads inline elements of one page."""

    def __init__(self, site: Site, page: Page, own_language: str) -> None:
        self._site = site
        self._page = page
        self._own_language = own_language
        self._placed: set[str] = set()
        self._handlers: dict[str, Callable[[Element, Line, Context], None]] = {
            "br": lambda _, line, context: line.node(context.look, LineBreak()),
            "img": self._image,
            "image": self._image,
            "svg": self._drawing,
            "math": self._math,
            "ruby": self._ruby,
            "a": self._link,
            "q": self._quoted,
            "script": self._active,
            "span": self._span,
        }

    def children(self, element: Element, line: Line, context: Context) -> None:
        """Append everything inside `element`."""
        if element.text:
            line.words(context.look, element.text, pre=context.pre)
        for child in element.iterchildren():
            self.element(child, line, context)
            self.tail(child, line, context)

    def tail(self, element: Element, line: Line, context: Context) -> None:
        """Append the words after `element`."""
        if element.tail:
            line.words(context.look, element.tail, pre=context.pre)

    def element(self, element: Element, line: Line, context: Context) -> None:
        """Append one element."""
        name = local_name(element)
        if not name:
            return
        if name in SILENT or self.is_dropped(element, name):
            return
        if context.depth > MAX_DEPTH:
            self._site.draft.count("source.nesting-flattened", Severity.ADVICE)
            line.words(context.look, "".join(str(text) for text in element.itertext()), pre=context.pre)
            return
        if element.attrib:
            self.anchor(element, line)
            if self.page_mark(element, line):
                return
            style = self.style(element, name)
            if style.hidden:
                self._site.draft.count("source.hidden-text-dropped", Severity.ADVICE, _text(element))
                return
            context = self.inner(element, name, style, context)
            indent = _VERSE_INDENT.search(classes(element)) if name == "span" else None
            if indent and line.after_space:
                line.spans.text(context.look, "\u2003" * min(int(indent.group(1)), 12))
        elif (
            name in _TAG_FLAGS or self._page.sheet.of(name, "") is not NO_STYLE or self._page.style_resolver is not None
        ):
            context = self.inner(element, name, self._page.sheet.of(name, ""), context)
        handler = self._handlers.get(name)
        if handler is not None:
            handler(element, line, context)
        else:
            self.children(element, line, context._replace(depth=context.depth + 1))

    # ------------------------------------------------------------ what attributes say

    def style(self, element: Element, name: str) -> Style:
        """The style sheet's word on an element, with its own style attribute on top."""
        style = self._page.sheet.of(name, classes(element))
        own = element.get("style")
        if element.get("hidden") is not None and name != "nav":
            style = Style(hidden=True)
        return declarations(str(own)[:4000]).over(style) if own else style

    def size(self, element: Element) -> float:
        """The size of type of a block, in half points: of the one element that holds all of its words."""
        inner = element
        while not (inner.text or "").strip() and len(inner) == 1 and not (inner[0].tail or "").strip():
            inner = inner[0]
        size = DEFAULT_SIZE
        for outer in (*reversed(list(inner.iterancestors())), inner):
            name = local_name(outer)
            style = self.style(outer, name)
            size = _FONT_SIZES.get(str(outer.get("size", "")), size) if name == "font" else size
            size = style.size or size * style.scale * (_BIG if name == "big" else 1)
        return size

    def inner(self, element: Element, name: str, style: Style, context: Context) -> Context:
        """The context inside an inline element."""
        flags = (context.look.flags | _TAG_FLAGS.get(name, 0)) & ~style.off | style.on
        if name == "span" and element.get("class"):
            for named in classes(element).split():
                flags |= _CLASS_FLAGS.get(named.lower(), 0)
        lang, direction = context.look.lang, context.look.direction
        own = clean.language(language_of(element)) if element.attrib else ""
        if own:
            lang = "" if self._is_own(own, context.lang) else own
        wanted = str(element.get("dir", "")).lower() or style.direction
        if wanted in ("rtl", "ltr") and wanted != context.direction:
            direction = wanted
        return context._replace(look=Look(flags, context.look.href, lang, direction, self.dress(element)))

    def dress(self, element: Element) -> str:
        """The look of the author's own that an element has, "" where none is kept."""
        return self._page.style_resolver.of(element) if self._page.style_resolver is not None else ""

    def _is_own(self, lang: str, block_lang: str) -> bool:
        return language.primary(lang) == language.primary(block_lang or self._own_language)

    def foreign(self, element: Element) -> str:
        """The language attribute of a block when it differs from the document's."""
        lang = clean.language(language_of(element))
        return lang if lang and language.primary(lang) != language.primary(self._own_language) else ""

    def anchor(self, element: Element, line: Line) -> None:
        """Mark the place of an element that something links to."""
        for name in (element.get("id"), element.get("name")):
            if name and (self._page.name, str(name)) in self._site.linked:
                anchor = self._site.anchor(self._page.name, str(name))
                if anchor not in self._placed:
                    self._placed.add(anchor)
                    line.node(PLAIN, Anchor(anchor))

    def page_mark(self, element: Element, line: Line) -> bool:
        """A page break of the printed edition: its number is a mark, not words."""
        if "pagebreak" not in types(element) and "x-ebookmaker-pageno" not in classes(element):
            return False
        label = str(element.get("title") or element.get("aria-label") or _text(element) or element.get("id") or "")
        label = clean.title(re.sub(r"^(page|pg|p)[\s_.-]*", "", label.strip(), flags=re.IGNORECASE), 20)
        if label:
            line.node(PLAIN, PageMark(label))
        return True

    def is_dropped(self, element: Element, name: str) -> bool:
        """Active content, media and the text of notes do not stay in the flow."""
        if name in ACTIVE:
            self._active(element)
            return True
        if name in MEDIA:
            self._site.draft.count("source.embedded-dropped", Severity.PROBLEM)
            return True
        return self._site.is_note(element) or element in self._site.backlinks

    def _active(self, element: Element, *_: object) -> None:
        if local_name(element) not in ("link", "meta", "base", "param") or element.get("http-equiv"):
            self._site.draft.count("source.active-dropped", Severity.INFO)

    # ------------------------------------------------------------ elements

    def _link(self, element: Element, line: Line, context: Context) -> None:
        if element in self._site.noterefs:
            line.node(
                context.look._replace(flags=0, dress=""),
                NoteRef(self._site.note(element), clean.title(_text(element), 20).strip("[]() ")),
            )
            return
        context = context._replace(depth=context.depth + 1)
        target = element.get("href") or element.get(XLINK_HREF)
        if target is not None:
            href = self._site.href(self._page.name, str(target))
            look = context.look._replace(href=href, flags=context.look.flags & ~UNDERLINE)
            context = context._replace(look=look)
        self.children(element, line, context)

    def _span(self, element: Element, line: Line, context: Context) -> None:
        """Pandoc shows nothing for a work cited without a bibliography: its key stands for it."""
        cited = str(element.get("data-cites") or "")
        if cited and not _text(element):
            line.words(context.look, f"[{'; '.join(cited.split())}]", pre=context.pre)
        self.children(element, line, context._replace(depth=context.depth + 1))

    def _quoted(self, element: Element, line: Line, context: Context) -> None:
        inner = context._replace(depth=context.depth + 1)
        if self.style(element, "q").unquoted:
            self.children(element, line, inner)
            return
        line.words(context.look, "“", pre=False)
        line.after_space = True
        self.children(element, line, inner)
        line.words(context.look, "”", pre=False)

    def _image(self, element: Element, line: Line, context: Context) -> None:
        source = element.get("src") or element.get(XLINK_HREF) or element.get("href") or ""
        if not source:
            return
        asset = self._site.picture(self._page.name, str(source))
        if asset:
            alt = clean.title(str(element.get("alt") or element.get("aria-label") or ""), 1000)
            alt = "" if alt.lower() in _NO_ALT else alt
            picture = InlineImage(asset, alt, self.dress(element), decorative=not alt and _is_decorative(element))
            line.node(context.look._replace(flags=0, dress=""), picture)

    def _drawing(self, element: Element, line: Line, context: Context) -> None:
        images = [child for child in element.iter() if local_name(child) == "image"]
        if len(images) == 1:
            self._image(images[0], line, context)
            return
        asset = self._site.draft.picture(etree.tostring(element, with_tail=False), "drawing.svg")
        if asset:
            titles = [child for child in element.iterchildren() if local_name(child) in ("title", "desc")]
            alt = clean.title(_text(titles[0]) if titles else "", 1000)
            line.node(PLAIN, InlineImage(asset, alt, decorative=not alt and _is_decorative(element)))

    def _math(self, element: Element, line: Line, context: Context) -> None:
        formula = self._site.formula(element)
        if formula is not None:
            line.node(Look(href=context.look.href), formula)
            line.spans.has_text = True

    def _ruby(self, element: Element, line: Line, context: Context) -> None:
        pairs: list[tuple[str, str]] = []
        base = _squeeze(element.text)
        for child in element.iterchildren():
            name = local_name(child)
            if name in ("rt", "rtc"):
                above = _squeeze("".join(str(text) for text in child.itertext()))
                if not base and pairs:  # bases first, then their annotations
                    self._annotate(pairs, above)
                else:
                    pairs.append((base, above))
                base = ""
            elif name == "rb" and base.strip():
                pairs.append((base, ""))
                base = _squeeze("".join(str(text) for text in child.itertext()))
            elif name != "rp":
                base += _squeeze("".join(str(text) for text in child.itertext()))
            base += _squeeze(child.tail)
        if base.strip():
            pairs.append((base, ""))
        if pairs:
            line.node(context.look, Ruby(pairs))
            line.spans.has_text = True

    @staticmethod
    def _annotate(pairs: list[tuple[str, str]], above: str) -> None:
        for index, (base, annotation) in enumerate(pairs):
            if not annotation:
                pairs[index] = (base, above)
                return


def _squeeze(value: str | None) -> str:
    return clean.text(_SPACES.sub(" ", value)).strip("\n") if value else ""


def _text(element: Element) -> str:
    return "".join(str(text) for text in element.itertext())[:200].strip()


def _is_decorative(element: Element) -> bool:
    """Whether a picture is marked as decorative. An empty `alt` alone is not: programs write it for want of a text."""
    return str(element.get("role", "")).strip() in _NOT_SEEN or element.get("aria-hidden") == "true"
