"""The flow of an XHTML document, whatever mixture of blocks and loose words it is."""

from __future__ import annotations

from collections.abc import Callable

from ...book.inlines import anchors_of, has_formula, is_blank, plain_text, split_lines, trim
from ...book.model import (
    Align,
    AnyBlock,
    Figure,
    Heading,
    Inline,
    InlineImage,
    Language,
    LineBreak,
    Paragraph,
    SceneBreak,
    Strong,
    Text,
)
from ...findings.model import Severity, SourcePlace
from ...gate.xml import Element
from ..assembly.numbers import whole
from ..assembly.plain_words import keep_words, texts_of
from ..assembly.sink import Sink, is_ornament
from ..assembly.spans import STRONG
from ..assembly.stanzas import verse_line
from ..assembly.xhtml_names import BLOCKS, HEADINGS, SILENT, classes, local_name, types
from .css import NO_STYLE
from .inline import MAX_DEPTH, Context, Inliner, Line
from .pages import Page, Site

_VERSE_TYPES = frozenset({"verse", "poem", "song", "hymn", "lyrics"})
_VERSE_CLASSES = frozenset(
    {"verse", "poem", "poetry", "stanza", "linegroup", "line-group", "lg", "line-block", "poem-line"}
)
_LINE_CLASSES = frozenset({"line", "l", "verse-line", "poemline"})
_ROLES = {"dedication": "dedication", "epigraph": "epigraph", "signature": "signature", "sender": "signature"}
_CENTRED = frozenset({"center", "centered", "centre", "centred", "text-center", "aligncenter", "has-text-align-center"})
_NOTE_SECTIONS = frozenset({"endnotes", "footnotes", "rearnotes"})


class Flow:
    """Reads the flow of one page: divisions, paragraphs, headings. `walk` adds the containers."""

    def __init__(self, site: Site, page: Page, own_language: str) -> None:
        self._site = site
        self._page = page
        self._inliner = Inliner(site, page, own_language)
        self._pending: list[Inline] = []
        self._handlers: dict[str, Callable[[Element, Sink, Context], None]] = {
            "p": self._paragraph,
            "hgroup": self._heading_group,
            "center": lambda e, sink, context: self.flow(e, sink, context._replace(align=Align.CENTER)),
        }
        self._handlers.update(dict.fromkeys(HEADINGS, self._heading))

    def body(self, body: Element, sink: Sink) -> None:
        """Read a whole document; `sink` gets its blocks."""
        context = self._enter(self._page.root, "html", Context())
        line = Line()
        self._inliner.anchor(body, line)
        self._pending += line.spans.build()
        before = len(sink.blocks)
        try:
            self.flow(body, sink, self._enter(body, "body", context._replace(lang="")))
        except Exception as error:
            self._keep_words(error, body, sink, before)
        if self._pending:
            self._attach(sink)

    def note(self, element: Element) -> list[AnyBlock]:
        """The blocks of a note."""
        sink = Sink()
        name = local_name(element)
        try:
            if name in ("p", "div") and not any(local_name(child) in BLOCKS for child in element.iterchildren()):
                self._paragraph(element, sink, Context())
            else:
                self.flow(element, sink, Context())
        except Exception as error:
            self._keep_words(error, element, sink, 0)
        blocks = sink.finish()
        blocks = [block for block in blocks if not (isinstance(block, Paragraph) and is_blank(block.inlines))]
        while blocks and isinstance(blocks[0], SceneBreak):  # a rule that parted notes from the text
            del blocks[0]
        return blocks

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
                line, before = Line(), len(sink.blocks)
                try:
                    self._block(child, name, sink, context)
                except Exception as error:
                    self._keep_words(error, child, sink, before)
            elif name:
                self._inliner.element(child, line, context)
            self._inliner.tail(child, line, context)
        self._flush(line, sink, context, element)

    def _keep_words(self, error: Exception, element: Element, sink: Sink, before: int) -> None:
        texts = texts_of(element, BLOCKS, SILENT)
        keep_words(error, texts, self._site.draft, sink, before=before, place=self._place(element))

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
        handler = self._handlers.get(name, self._division)
        handler(element, sink, inner)

    def _enter(self, element: Element, name: str, context: Context) -> Context:
        """The context inside a block."""
        style = self._inliner.style(element, name)
        if self._page.style_resolver is not None:
            context = context._replace(dress=self._inliner.dress(element))
        if not element.attrib and style is NO_STYLE:
            return context
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
        if is_note_section(element):
            self._note_section(element, sink, context)
        elif set(classes(element).lower().split()) & _LINE_CLASSES and context.verse:
            self._verse_line(element, sink, context)
        elif context.verse and "stanza" in classes(element).lower():
            sink.blank()
            self.flow(element, sink, context)
        else:
            self.flow(element, sink, context)

    def _place(self, element: Element) -> SourcePlace:
        counted = whole(element.get("data-line", ""), 0, 0, 10**8)  # set by the Markdown reader
        source_line: object = element.sourceline
        return SourcePlace(self._page.name, counted or (source_line if isinstance(source_line, int) else 0))

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
        if is_blank(inlines) or _is_spacing(inlines):
            self._pending += anchors_of(inlines)
            if not is_blank(inlines):
                sink.blank()
            return
        place = self._place(element)
        is_sign = is_ornament(plain_text(inlines), centred=context.align is Align.CENTER)
        if is_sign and not _shows(inlines) and not has_formula(inlines):
            self._pending += anchors_of(inlines)
            sink.add(SceneBreak(place=place, sign=plain_text(inlines).strip()))
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
            size = self._inliner.size(element) if sink.wants_sizes and not self._page.name else 0
            sink.add(
                Paragraph(
                    inlines,
                    align=context.align,
                    role=context.role,
                    lang=context.lang,
                    direction=context.direction,
                    dress=context.dress,
                    place=place,
                )
            )
            if size:
                sink.sized(size)

    def _figures(self, inlines: list[Inline], sink: Sink, place: SourcePlace) -> None:
        self._pending += anchors_of(inlines)
        for node in inlines:
            if isinstance(node, InlineImage):
                figure = Figure(node.asset, node.alt, decorative=node.decorative, place=place)
                figure.picture_dress = node.dress
                sink.add(figure)

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
                Heading(
                    level,
                    inlines,
                    lang=context.lang,
                    direction=context.direction,
                    dress=context.dress,
                    place=self._place(element),
                )
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
                if heading is None or name in HEADINGS or self._inliner.style(child, name).hidden:
                    self._block(child, name, sink, context)
                else:
                    self._paragraph(child, sink, context._replace(dress=self._inliner.dress(child)))
                if heading is None and len(sink) > before and isinstance(sink.blocks[-1], Heading):
                    heading = sink.blocks[-1]
                    heading.inlines, heading.dress = _dressed(heading), context.dress
                elif heading is not None and len(sink) == before + 1:
                    _join(heading, sink)
            elif name:
                self._block(child, name, sink, context)

    def _inside(self, element: Element, context: Context) -> list[AnyBlock]:
        sink = Sink()
        self.flow(element, sink, context._replace(dress=""))
        return sink.finish()

    def _note_section(self, element: Element, sink: Sink, context: Context) -> None:
        """What is left of a section of notes once the notes are out: nothing, or notes that nobody refers to."""
        rest = self._inside(element, context)
        if any(not isinstance(block, Heading | SceneBreak) for block in rest):
            for block in rest:
                sink.add(block)


def is_note_section(element: Element) -> bool:
    named = set(classes(element).lower().split())
    return bool(types(element) & _NOTE_SECTIONS or named & {"footnotes", "endnotes"})


def _is_spacing(inlines: list[Inline]) -> bool:
    """A paragraph of no-break spaces alone is an empty line, as word processors write it."""
    return all((isinstance(node, Text) and not node.text.strip()) or is_blank([node]) for node in inlines)


def _shows(inlines: list[Inline]) -> bool:
    """The line holds a picture."""
    return any(isinstance(node, InlineImage) for node in inlines)


def _join(heading: Heading, sink: Sink) -> None:
    """The last block, a second heading or a subtitle, becomes another line of `heading`."""
    last = sink.blocks[-1]
    if last is not heading and isinstance(last, Heading | Paragraph):
        sink.blocks.pop()
        heading.inlines += [LineBreak(), *_dressed(last)]


def _dressed(line: Heading | Paragraph) -> list[Inline]:
    """What was a block of its own, to be a line of another: it keeps its look."""
    return [Language(line.inlines, dress=line.dress)] if line.dress else line.inlines
