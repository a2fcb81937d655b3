"""The blocks of an XHTML document, whatever mixture of blocks and loose words it is."""

from __future__ import annotations

import re
from collections.abc import Callable

from ... import clean
from ...book import (
    Align,
    AnyBlock,
    Aside,
    CodeBlock,
    Definition,
    DefinitionList,
    Figure,
    Heading,
    Inline,
    InlineImage,
    LineBreak,
    ListBlock,
    ListItem,
    Paragraph,
    Quotation,
    SceneBreak,
    Severity,
    SourcePlace,
    Strong,
    Verse,
)
from ...inlines import anchors_of, count_breaks, is_blank, plain_text, split_lines, trim
from ...xml import Element
from ..sink import Sink, is_ornament, verse_line
from ..spans import STRONG
from .inline import MAX_DEPTH, Context, Inliner, Line
from .names import BLOCKS, HEADINGS, SILENT, XHTML, classes, local_name, types
from .pages import Page, Site
from .tables import read_table

_VERSE_TYPES = frozenset({"verse", "poem", "song", "hymn", "lyrics"})
_VERSE_CLASSES = frozenset(
    {"verse", "poem", "poetry", "stanza", "linegroup", "line-group", "lg", "line-block", "poem-line"}
)
_LINE_CLASSES = frozenset({"line", "l", "verse-line", "poemline"})
_ROLES = {"dedication": "dedication", "epigraph": "epigraph", "signature": "signature", "sender": "signature"}
_CENTRED = frozenset({"center", "centered", "centre", "centred", "text-center", "aligncenter", "has-text-align-center"})
_LIST_STYLES = {"a": "lower-alpha", "A": "upper-alpha", "i": "lower-roman", "I": "upper-roman", "1": "decimal"}
_NOTE_SECTIONS = frozenset({"endnotes", "footnotes", "rearnotes"})
_CODE_LANGUAGE = re.compile(r"(?:language-|lang-|brush:\s*)([\w+#-]{1,30})")
_PLAIN_CODE = frozenset({"sourcecode", "numberlines", "highlight", "code", "literate"})


class Walker:
    """Turns one page into blocks."""

    def __init__(self, site: Site, page: Page, own_language: str) -> None:
        self._site = site
        self._page = page
        self._inliner = Inliner(site, page, own_language)
        self._pending: list[Inline] = []
        self._handlers: dict[str, Callable[[Element, Sink, Context], None]] = {
            "p": self._paragraph,
            "hgroup": self._heading_group,
            "blockquote": self._quotation,
            "ul": self._list,
            "ol": self._list,
            "menu": self._list,
            "dir": self._list,
            "dl": self._definitions,
            "table": self._table,
            "figure": self._figure,
            "pre": self._code,
            "hr": self._rule,
            "aside": self._aside,
            "nav": self._nav,
            "center": lambda e, sink, context: self.flow(e, sink, context._replace(align=Align.CENTER)),
            "summary": self._summary,
        } | dict.fromkeys(HEADINGS, self._heading)

    def body(self, body: Element, sink: Sink) -> None:
        """Read a whole document; `sink` gets its blocks."""
        context = Context()
        line = Line()
        self._inliner.anchor(body, line)
        self._pending += line.spans.build()
        self.flow(body, sink, self._enter(body, "body", context))
        if self._pending:
            self._attach(sink)

    def note(self, element: Element) -> list[AnyBlock]:
        """The blocks of a note."""
        sink = Sink()
        name = local_name(element)
        if name in ("p", "div") and not any(local_name(child) in BLOCKS for child in element.iterchildren()):
            self._paragraph(element, sink, Context())
        else:
            self.flow(element, sink, Context())
        blocks = sink.finish()
        return [block for block in blocks if not (isinstance(block, Paragraph) and is_blank(block.inlines))]

    def _attach(self, sink: Sink) -> None:
        """Anchors and page marks after the last block go to its end."""
        last = sink.blocks[-1] if sink.blocks else None
        if isinstance(last, Paragraph | Heading):
            last.inlines += self._pending
        else:
            sink.add(Paragraph(self._pending))
        self._pending = []

    # ------------------------------------------------------------ flow

    def flow(self, element: Element, sink: Sink, context: Context) -> None:
        """Blocks and loose words inside `element`, in order."""
        line = Line()
        context = context._replace(depth=context.depth + 1)
        if element.text:
            line.words(context.look, element.text, pre=context.pre)
        for child in element.iterchildren():
            name = local_name(child)
            if name and self._is_block(child, name) and context.depth < MAX_DEPTH:
                self._flush(line, sink, context, child)
                line = Line()
                self._block(child, name, sink, context)
            elif name:
                self._inliner.element(child, line, context)
            self._inliner.tail(child, line, context)
        self._flush(line, sink, context, element)

    def _is_block(self, element: Element, name: str) -> bool:
        if name in BLOCKS:
            return True
        if len(element) == 0 or name in ("svg", "math", "ruby"):
            return False
        return any(local_name(inner) in BLOCKS for inner in element.iter() if inner is not element)

    def _block(self, element: Element, name: str, sink: Sink, context: Context) -> None:
        inliner = self._inliner
        if name in SILENT or inliner.is_dropped(element, name):
            return
        if element.attrib:
            line = Line()
            inliner.anchor(element, line)
            marked = inliner.page_mark(element, line)
            self._pending += line.spans.build()
            if marked:
                return
            if inliner.style(element, name).hidden:
                self._site.draft.count("source.hidden-text-dropped", Severity.ADVICE)
                return
        if name not in BLOCKS:  # an inline element around blocks
            style = inliner.style(element, name)
            self.flow(element, sink, inliner.inner(element, name, style, context))
            return
        inner = self._enter(element, name, context)
        if _is_note_section(element):
            self._note_section(element, sink, inner)
            return
        self._handlers.get(name, self._division)(element, sink, inner)

    def _enter(self, element: Element, name: str, context: Context) -> Context:
        """The context inside a block."""
        if not element.attrib:
            return context
        style = self._inliner.style(element, name)
        if style.vertical and name in ("body", "html"):
            self._site.draft.vertical = True
        align = context.align if style.align is None else style.align
        named = set(classes(element).lower().split())
        if named & _CENTRED or str(element.get("align", "")).lower() == "center":
            align = Align.CENTER
        semantics = types(element)
        role = next((_ROLES[kind] for kind in semantics if kind in _ROLES), context.role)
        direction = str(element.get("dir", "")).lower() or style.direction
        look = context.look
        if name in ("p", "div") and (style.on or style.off):
            look = look._replace(flags=look.flags & ~style.off | style.on)
        return context._replace(
            look=look,
            align=align,
            role=role,
            lang=self._inliner.foreign(element) or context.lang,
            direction=direction if direction in ("rtl", "ltr") else context.direction,
            verse=context.verse or bool(semantics & _VERSE_TYPES or named & _VERSE_CLASSES),
        )

    def _division(self, element: Element, sink: Sink, context: Context) -> None:
        if set(classes(element).lower().split()) & _LINE_CLASSES and context.verse:
            self._verse_line(element, sink, context)
        elif context.verse and "stanza" in classes(element).lower():
            sink.blank()
            self.flow(element, sink, context)
        else:
            self.flow(element, sink, context)

    def _place(self, element: Element) -> SourcePlace:
        line = str(element.get("data-line", ""))  # set by the Markdown reader
        return SourcePlace(self._page.name, int(line) if line.isdigit() and len(line) < 9 else element.sourceline or 0)

    # ------------------------------------------------------------ paragraphs

    def _paragraph(self, element: Element, sink: Sink, context: Context) -> None:
        if any(local_name(child) in BLOCKS for child in element.iterchildren()):
            self.flow(element, sink, context)
            return
        line = Line()
        self._inliner.children(element, line, context)
        self._flush(line, sink, context, element)
        if not line.spans:
            sink.blank()

    def _flush(self, line: Line, sink: Sink, context: Context, element: Element) -> None:
        """End the paragraph that `line` holds."""
        if not line.spans:
            return
        inlines = trim(line.spans.build())
        if is_blank(inlines):
            self._pending += anchors_of(inlines)
            return
        place = self._place(element)
        if is_ornament(plain_text(inlines), centred=context.align is Align.CENTER) and not _shows(inlines):
            self._pending += anchors_of(inlines)
            sink.add(SceneBreak(place=place))
            return
        if self._pending:
            inlines, self._pending = [*self._pending, *inlines], []
        if all(isinstance(node, InlineImage) or is_blank([node]) for node in inlines):
            self._figures(inlines, sink, place)
        elif context.verse and not _shows(inlines):
            lines = [verse_line(part) for part in split_lines(inlines) if not is_blank(part)]
            sink.blank()
            sink.verse(lines, place)
        else:
            sink.add(
                Paragraph(
                    inlines,
                    align=context.align,
                    role=context.role,
                    lang=context.lang,
                    direction=context.direction,
                    place=place,
                )
            )

    def _figures(self, inlines: list[Inline], sink: Sink, place: SourcePlace) -> None:
        self._pending += anchors_of(inlines)
        for node in inlines:
            if isinstance(node, InlineImage):
                sink.add(Figure(node.asset, node.alt, place=place))

    def _verse_line(self, element: Element, sink: Sink, context: Context) -> None:
        line = Line()
        self._inliner.children(element, line, context)
        inlines = [*self._pending, *trim(line.spans.build())]
        self._pending = []
        if not is_blank(inlines):
            sink.verse([verse_line(inlines, self._inliner.style(element, "div").indent)], self._place(element))
        else:
            self._pending += anchors_of(inlines)

    def _heading(self, element: Element, sink: Sink, context: Context) -> None:
        inlines = self._heading_line(element, context)
        if inlines:
            level = HEADINGS[local_name(element)]
            sink.add(
                Heading(level, inlines, lang=context.lang, direction=context.direction, place=self._place(element))
            )

    def _heading_line(self, element: Element, context: Context) -> list[Inline]:
        line = Line()
        look = context.look._replace(flags=context.look.flags & ~STRONG)
        self._inliner.children(element, line, context._replace(look=look))
        inlines = trim(line.spans.build())
        if is_blank(inlines):
            self._pending += anchors_of(inlines)
            return []
        if len(inlines) == 1 and isinstance(inlines[0], Strong):
            inlines = inlines[0].children
        inlines, self._pending = [*self._pending, *inlines], []
        return inlines

    def _heading_group(self, element: Element, sink: Sink, context: Context) -> None:
        """A heading with its subtitle: one heading of two lines."""
        heading: Heading | None = None
        for child in element.iterchildren():
            name = local_name(child)
            if name in HEADINGS or (name == "p" and heading is not None):
                before = len(sink)
                if heading is None or name in HEADINGS:
                    self._block(child, name, sink, context)
                else:
                    self._paragraph(child, sink, context)
                if heading is None and len(sink) > before and isinstance(sink.blocks[-1], Heading):
                    heading = sink.blocks[-1]
                elif heading is not None and len(sink) == before + 1:
                    _join(heading, sink)
            elif name:
                self._block(child, name, sink, context)

    # ------------------------------------------------------------ containers

    def _inside(self, element: Element, context: Context) -> list[AnyBlock]:
        sink = Sink()
        self.flow(element, sink, context)
        return sink.finish()

    def _quotation(self, element: Element, sink: Sink, context: Context) -> None:
        blocks = self._inside(element, context)
        for number, block in enumerate(blocks):
            if isinstance(block, Heading):
                blocks[number] = Paragraph([Strong(block.inlines)], place=block.place)
        if len(blocks) == 1 and isinstance(blocks[0], Verse):
            sink.add(blocks[0])
        elif blocks:
            sink.add(Quotation(blocks, lang=context.lang, direction=context.direction, place=self._place(element)))

    def _aside(self, element: Element, sink: Sink, context: Context) -> None:
        blocks = self._inside(element, context)
        if blocks:
            sink.add(Aside(blocks, lang=context.lang, direction=context.direction, place=self._place(element)))

    def _nav(self, element: Element, sink: Sink, context: Context) -> None:
        if types(element) & {"toc", "landmarks", "page-list"} or str(element.get("id", "")).lower() == "toc":
            self._site.draft.count("source.contents-dropped", Severity.INFO)
        else:
            self.flow(element, sink, context)

    def _note_section(self, element: Element, sink: Sink, context: Context) -> None:
        """What is left of a section of notes once the notes are out: nothing, or notes that nobody refers to."""
        rest = self._inside(element, context)
        if any(not isinstance(block, Heading | SceneBreak) for block in rest):
            for block in rest:
                sink.add(block)

    def _list(self, element: Element, sink: Sink, context: Context) -> None:
        ordered = local_name(element) == "ol"
        start = str(element.get("start", "1"))
        style = _LIST_STYLES.get(str(element.get("type", "")), "decimal" if ordered else "")
        block = ListBlock(
            [],
            ordered,
            int(start) if start.lstrip("-").isdigit() and len(start) < 8 else 1,
            style if ordered else "",
            lang=context.lang,
            direction=context.direction,
            place=self._place(element),
        )
        for child in element.iterchildren():
            name = local_name(child)
            if not name or name in SILENT or self._inliner.is_dropped(child, name):
                continue
            self._list_child(child, name, block, context)
        if block.items:
            sink.add(block)

    def _list_child(self, child: Element, name: str, block: ListBlock, context: Context) -> None:
        inner = Sink()
        checked = _checkbox(child) if name == "li" else None
        if name in ("ul", "ol") and block.items:  # a list directly inside a list belongs to the item before
            self._list(child, inner, context)
            block.items[-1].blocks += inner.finish()
            return
        line = Line()
        self._inliner.anchor(child, line)
        self._pending += line.spans.build()
        self.flow(child, inner, self._enter(child, name, context))
        blocks = inner.finish()
        if self._pending and blocks:
            inner.blocks = blocks
            self._attach(inner)
        if blocks or checked is not None:
            block.items.append(ListItem(blocks, checked))

    def _definitions(self, element: Element, sink: Sink, context: Context) -> None:
        block = DefinitionList([], lang=context.lang, direction=context.direction, place=self._place(element))
        self._definition_children(element, block, context, 0)
        if block.items:
            sink.add(block)

    def _definition_children(self, element: Element, block: DefinitionList, context: Context, depth: int) -> None:
        for child in element.iterchildren():
            name = local_name(child)
            if not name or name in SILENT or self._inliner.is_dropped(child, name):
                continue
            if name == "dt":
                line = Line()
                self._inliner.anchor(child, line)
                self._inliner.children(child, line, context)
                term = [*self._pending, *trim(line.spans.build())]
                self._pending = []
                block.items.append(Definition(term, []))
            elif name == "div" and depth < 5:
                self._definition_children(child, block, context, depth + 1)
            else:
                blocks = self._inside(child, context)
                if not block.items:
                    block.items.append(Definition([], []))
                block.items[-1].blocks += blocks

    def _table(self, element: Element, sink: Sink, context: Context) -> None:
        def caption(child: Element) -> list[Inline]:
            line = Line()
            self._inliner.children(child, line, context)
            return trim(line.spans.build())

        def cell(child: Element) -> list[AnyBlock]:
            return self._inside(child, self._enter(child, "td", context._replace(align=Align.AUTO)))

        before, self._pending = self._pending, []
        block = read_table(element, cell, caption)
        if before:
            self._pending = [*before, *self._pending]
        if isinstance(block, list):
            self._site.draft.count("source.table-flattened", Severity.PROBLEM)
            for inner in block:
                sink.add(inner)
        elif block is not None:
            block.lang, block.direction, block.place = context.lang, context.direction, self._place(element)
            if self._pending:
                sink.add(Paragraph(self._pending))
                self._pending = []
            sink.add(block)

    def _figure(self, element: Element, sink: Sink, context: Context) -> None:
        captions: list[Inline] = []
        inner = Sink()
        for child in element.iterchildren():
            name = local_name(child)
            if name == "figcaption":
                line = Line()
                if any(local_name(grand) in BLOCKS for grand in child.iterchildren()):
                    blocks = self._inside(child, context)
                    for block in blocks:
                        captions += block.inlines if isinstance(block, Paragraph) else []
                else:
                    self._inliner.children(child, line, context)
                    captions += trim(line.spans.build())
        for child in element.iterchildren():
            name = local_name(child)
            if name and name != "figcaption":
                wrapper = Line()
                if self._is_block(child, name):
                    self._block(child, name, inner, context)
                else:
                    self._inliner.element(child, wrapper, context)
                    self._flush(wrapper, inner, context, child)
        blocks = inner.finish()
        figures = [block for block in blocks if isinstance(block, Figure)]
        if captions and figures and not is_blank(captions):
            figures[-1].caption = captions
            captions = []
        for block in blocks:
            sink.add(block)
        if captions and not is_blank(captions):
            sink.add(Paragraph(captions, role="caption", place=self._place(element)))

    def _code(self, element: Element, sink: Sink, context: Context) -> None:
        text = _code_text(element).strip("\n")
        named = f"{classes(element)} " + " ".join(classes(child) for child in element.iterchildren())
        match = _CODE_LANGUAGE.search(named)
        code_language = match.group(1) if match else ""
        if not code_language and "sourcecode" in named.lower():
            code_language = next((n for n in named.split() if n.lower() not in _PLAIN_CODE and n.isalnum()), "")
        sink.add(CodeBlock(clean.text(text), code_language, place=self._place(element)))

    def _rule(self, element: Element, sink: Sink, context: Context) -> None:
        if "footnotes-sep" not in classes(element):
            sink.add(SceneBreak(place=self._place(element)))

    def _summary(self, element: Element, sink: Sink, context: Context) -> None:
        self.flow(element, sink, context._replace(look=context.look._replace(flags=context.look.flags | STRONG)))


def _is_note_section(element: Element) -> bool:
    named = set(classes(element).lower().split())
    return bool(types(element) & _NOTE_SECTIONS or named & {"footnotes", "endnotes"})


def _shows(inlines: list[Inline]) -> bool:
    """The line holds a picture."""
    return any(isinstance(node, InlineImage) for node in inlines)


def _join(heading: Heading, sink: Sink) -> None:
    """The last block, a second heading or a subtitle, becomes another line of `heading`."""
    last = sink.blocks[-1]
    if last is not heading and isinstance(last, Heading | Paragraph):
        sink.blocks.pop()
        heading.inlines += [LineBreak(), *last.inlines]


def _checkbox(item: Element) -> bool | None:
    """Whether the item of a task list is ticked; None for other items."""
    for child in item.iter():
        if local_name(child) == "input" and child.get("type") == "checkbox":
            return child.get("checked") is not None
        if child is not item and local_name(child) in ("ul", "ol"):
            return None
    return None


def _code_text(element: Element) -> str:
    """Text as it stands; line breaks are kept."""
    for child in element.iter("br", XHTML + "br"):
        child.tail = "\n" + (child.tail or "")
    return "".join(str(text) for text in element.itertext())
