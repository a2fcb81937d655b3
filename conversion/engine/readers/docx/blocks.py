"""The blocks of a DOCX story: paragraphs by what they are for, lists, tables, text boxes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from ... import clean
from ...book import (
    Align,
    Aside,
    Definition,
    DefinitionList,
    Figure,
    Heading,
    Inline,
    InlineImage,
    Language,
    ListBlock,
    Paragraph,
    SceneBreak,
    Severity,
    SourcePlace,
    Strong,
    Text,
    Underline,
)
from ...inlines import WRAPPERS, anchors_of, count_breaks, is_blank, plain_text, split_lines, trim
from ...xml import Element
from ..sink import Sink, is_ornament, verse_line
from .document import Document, Story, value
from .drawings import choose
from .names import MC, VAL, W
from .runs import Content, Runs
from .styles import Kind, ParagraphStyle, alignment, direction, indents, num_pr
from .tables import read_table

QUOTE_INDENT = 560  # twentieths of a point: about a centimetre
_ROLES = {Kind.CAPTION: "caption", Kind.DEDICATION: "dedication", Kind.EPIGRAPH: "epigraph"}
_BOXES = {"☐": False, "☑": True, "☒": True, "✓": True, "✔": True}
_FRONT_KINDS = (Kind.TITLE, Kind.SUBTITLE, Kind.AUTHOR)


@dataclass(slots=True)
class _Shape:
    """What a `w:pPr` adds to the style."""

    style: ParagraphStyle
    num_id: str = ""
    num_level: int = 0
    align: Align = Align.AUTO
    direction: str = ""
    level: int = 0
    kind: Kind = Kind.BODY
    indented: bool = False
    page_break: bool = False
    joins_next: bool = False


@dataclass(slots=True)
class FrontMatter:
    """What title paragraphs at the very start gave."""

    titles: list[str] = field(default_factory=list)
    subtitles: list[str] = field(default_factory=list)
    authors: list[str] = field(default_factory=list)


class Blocks:
    """Walks one story into a sink. Only the body has a `front`: its title paragraphs become metadata."""

    def __init__(self, document: Document, story: Story, front: FrontMatter | None = None) -> None:
        self._document = document
        self._story = story
        self._front = front
        self._runs = Runs(document, story)
        self._index = 0
        self._pending: list[Inline] = []
        self._joined: list[Inline] = []
        self._indent_counts = front is not None and _mostly_indented(story.root)
        self._handlers: dict[object, Callable[[Element, Sink], None]] = {
            W + "p": self._paragraph,
            W + "tbl": self._table,
            W + "sdt": self._structured,
            W + "bookmarkStart": self._bookmark,
            W + "altChunk": self._embedded,
            MC + "AlternateContent": self._alternate,
        }

    def walk(self, container: Element, sink: Sink) -> None:
        """Read every block inside `container`."""
        for child in container.iterchildren():
            handler = self._handlers.get(child.tag)
            if handler is not None:
                handler(child, sink)
            elif child.tag in (W + "ins", W + "moveTo", W + "customXml", W + "smartTag"):
                self.walk(child, sink)

    def cell(self, container: Element) -> Sink:
        """The blocks of a table cell or a text box, in a sink of their own."""
        sink = Sink()
        self.walk(container, sink)
        return sink

    # ------------------------------------------------------------ containers

    def _structured(self, element: Element, sink: Sink) -> None:
        gallery = element.find(f"{W}sdtPr/{W}docPartObj/{W}docPartGallery")
        if value(gallery) == "Table of Contents":
            self._document.draft.count("source.contents-dropped", Severity.INFO)
            return
        content = element.find(W + "sdtContent")
        if content is not None:
            self.walk(content, sink)

    def _bookmark(self, element: Element, sink: Sink) -> None:
        anchor = self._document.bookmark(str(element.get(W + "name", "")))
        if anchor is not None:
            self._pending.append(anchor)

    def _embedded(self, element: Element, sink: Sink) -> None:
        self._document.draft.count("source.embedded-dropped", Severity.PROBLEM)

    def _alternate(self, element: Element, sink: Sink) -> None:
        branch = choose(element)
        if branch is not None:
            self.walk(branch, sink)

    def _table(self, element: Element, sink: Sink) -> None:
        pending, self._pending = self._pending, []
        block = read_table(element, self._document, self.cell)
        if pending:
            sink.add(Paragraph(pending, place=self._place()))
        if block is not None:
            block.place = self._place()
            sink.add(block)

    def _place(self) -> SourcePlace:
        return SourcePlace("" if self._front is not None else self._story.part, self._index)

    # ------------------------------------------------------------ paragraphs

    def _paragraph(self, element: Element, sink: Sink) -> None:
        self._index += 1
        shape = self._shape(element.find(W + "pPr"))
        pending, self._pending = self._pending, []
        flags = shape.style.flags if shape.kind is Kind.BODY else 0
        lang = self._document.foreign(shape.style.lang)
        content = self._runs.read(element, flags, lang, pending)
        if content.silenced or shape.kind is Kind.CONTENTS:
            self._contents_entry(content)
            return
        if shape.page_break or content.page_break:
            sink.page_break()
        if content.boxes and content.boxes_first:
            self._text_boxes(content, sink)
        inlines = content.spans.build()
        if self._joined:
            inlines, self._joined = [*self._joined, *inlines], []
        if shape.joins_next:
            self._joined = inlines
        elif is_blank(inlines):
            self._empty(inlines, content, sink)
        else:
            self._filled(inlines, shape, sink)
        if content.boxes and not content.boxes_first:
            self._text_boxes(content, sink)

    def finish(self, sink: Sink) -> None:
        """What still waits for a paragraph after the last one."""
        if self._joined or self._pending:
            sink.add(Paragraph([*self._joined, *self._pending], place=self._place()))
            self._joined, self._pending = [], []

    def _contents_entry(self, content: Content) -> None:
        self._pending += anchors_of(content.spans.build())
        self._document.draft.count("source.contents-dropped", Severity.INFO)

    def _empty(self, inlines: list[Inline], content: Content, sink: Sink) -> None:
        self._pending += anchors_of(inlines)
        if content.rules:
            sink.add(SceneBreak(place=self._place()))
        elif not content.boxes:
            sink.blank()

    def _text_boxes(self, content: Content, sink: Sink) -> None:
        for box in content.boxes:
            outer, self._joined = self._joined, []
            blocks = self.cell(box).finish()
            self._joined = outer
            if len(blocks) == 1 and isinstance(blocks[0], Figure):
                sink.add(blocks[0])
            elif blocks:
                sink.add(Aside(blocks, place=self._place()))

    def _shape(self, ppr: Element | None) -> _Shape:
        styles = self._document.styles
        if ppr is None:
            style = styles.paragraph("")
            return _Shape(style, style.num_id, style.num_level, style.align or Align.AUTO, style.direction)
        found = {child.tag: child for child in ppr.iterchildren()}
        mark = found.get(W + "pStyle")
        style = styles.paragraph(str(mark.get(VAL, "")) if mark is not None else "")
        num_id, num_level = num_pr(found.get(W + "numPr"))
        outline = value(found.get(W + "outlineLvl"), "9")
        kind, level = style.kind, style.level
        if outline.isdigit() and W + "outlineLvl" in found:
            if int(outline) < 9 and kind in (Kind.BODY, Kind.HEADING):
                kind, level = Kind.HEADING, min(int(outline) + 1, 6)
            elif kind is Kind.HEADING:
                kind, level = Kind.BODY, 0
        left, right = indents(found.get(W + "ind"))
        rpr = found.get(W + "rPr")
        deleted = rpr is not None and (rpr.find(W + "del") is not None or rpr.find(W + "moveFrom") is not None)
        align = alignment(found.get(W + "jc"))
        before = found.get(W + "pageBreakBefore")
        return _Shape(
            style=style,
            num_id=num_id if num_id else style.num_id,
            num_level=num_level if num_level >= 0 else style.num_level,
            align=(style.align or Align.AUTO) if align is None else align,
            direction=direction(found.get(W + "bidi")) or style.direction,
            level=level,
            kind=kind,
            indented=kind is Kind.BODY and not self._indent_counts and _is_set_in(left, right, style),
            page_break=before is not None and before.get(VAL, "1") not in ("0", "false"),
            joins_next=deleted,
        )

    # ------------------------------------------------------------ paragraphs with something in them

    def _filled(self, inlines: list[Inline], shape: _Shape, sink: Sink) -> None:
        if shape.kind is Kind.CODE:
            lines = "\n".join(plain_text(line).rstrip() for line in split_lines(inlines))
            self._pending += anchors_of(inlines)
            sink.code(lines, self._place())
            return
        if shape.kind is Kind.VERSE:
            lines_of = [verse_line(line) for line in split_lines(inlines) if not is_blank(line)]
            sink.verse(lines_of, self._place())
            return
        trim(inlines)
        if self._front is not None and not len(sink) and shape.kind in _FRONT_KINDS:
            self._title(inlines, shape.kind)
        elif shape.kind is Kind.HEADING or shape.kind is Kind.TITLE:
            self._heading(inlines, shape, sink)
        elif shape.kind is Kind.RULE or is_ornament(plain_text(inlines), centred=shape.align is Align.CENTER):
            self._rule(inlines, sink)
        elif all(isinstance(node, InlineImage) or is_blank([node]) for node in inlines) and not count_breaks(inlines):
            self._figures(inlines, sink)
        else:
            self._text(inlines, shape, sink)

    def _title(self, inlines: list[Inline], kind: Kind) -> None:
        assert self._front is not None
        self._pending += anchors_of(inlines)
        into = {Kind.TITLE: self._front.titles, Kind.SUBTITLE: self._front.subtitles, Kind.AUTHOR: self._front.authors}
        into[kind].append(clean.title(plain_text(inlines)))

    def _heading(self, inlines: list[Inline], shape: _Shape, sink: Sink) -> None:
        if len(inlines) == 1 and isinstance(inlines[0], Strong | Underline):
            inlines = inlines[0].children
        label = self._label(shape)
        if label:
            inlines.insert(0, Text(f"{label} "))
        level = shape.level or 1
        sink.add(Heading(level, inlines, direction=shape.direction, place=self._place()))

    def _label(self, shape: _Shape) -> str:
        numbering = self._document.numbering
        if shape.num_id in ("", "0") or numbering.level(shape.num_id, shape.num_level) is None:
            return ""
        numbering.advance(shape.num_id, shape.num_level)
        return clean.title(numbering.label(shape.num_id, shape.num_level), 60)

    def _rule(self, inlines: list[Inline], sink: Sink) -> None:
        self._pending += anchors_of(inlines)
        if any(char.isalnum() for char in plain_text(inlines)):
            sink.add(Paragraph(inlines, align=Align.CENTER, place=self._place()))
        else:
            sink.add(SceneBreak(place=self._place()))

    def _figures(self, inlines: list[Inline], sink: Sink) -> None:
        self._pending += anchors_of(inlines)
        for node in inlines:
            if isinstance(node, InlineImage):
                sink.add(Figure(node.asset, node.alt, place=self._place()))

    def _text(self, inlines: list[Inline], shape: _Shape, sink: Sink) -> None:
        block = Paragraph(
            inlines,
            align=shape.align,
            role=_ROLES.get(shape.kind, ""),
            direction=shape.direction,
            place=self._place(),
        )
        if len(inlines) == 1 and isinstance(inlines[0], Language):
            whole = inlines[0]
            block.inlines, block.lang = whole.children, whole.lang
            block.direction = whole.direction or block.direction
        if shape.num_id not in ("", "0") and self._list_item(block, shape, sink):
            return
        if shape.kind is Kind.CONTINUE and sink.list_continue(shape.num_level, block):
            return
        if shape.kind in (Kind.TERM, Kind.DEFINITION):
            self._definition(block, shape.kind, sink)
        elif shape.kind is Kind.QUOTE or shape.indented:
            sink.quotation(block)
        else:
            sink.add(block)

    def _definition(self, block: Paragraph, kind: Kind, sink: Sink) -> None:
        last = sink.blocks[-1] if sink.blocks else None
        if kind is Kind.TERM:
            if not isinstance(last, DefinitionList):
                last = DefinitionList([], place=block.place)
                sink.add(last)
            last.items.append(Definition(block.inlines, []))
        elif isinstance(last, DefinitionList):
            last.items[-1].blocks.append(block)
        else:
            sink.add(block)

    def _list_item(self, block: Paragraph, shape: _Shape, sink: Sink) -> bool:
        numbering = self._document.numbering
        level = numbering.level(shape.num_id, shape.num_level)
        if level is None:
            return False
        if level.silent and sink.list_continue(shape.num_level, block):
            return True
        start = numbering.advance(shape.num_id, shape.num_level)
        template = ListBlock([], level.ordered, start, level.style, direction=block.direction, place=block.place)
        sink.list_item(shape.num_level, numbering.key(shape.num_id), template, block, _checkbox(block.inlines))
        return True


def _checkbox(inlines: list[Inline]) -> bool | None:
    """Whether the item of a task list is ticked; the drawn box is taken off."""
    first = inlines[0] if inlines else None
    while isinstance(first, WRAPPERS) and first.children:
        first = first.children[0]
    if not isinstance(first, Text) or first.text[:1] not in _BOXES:
        return None
    checked = _BOXES[first.text[0]]
    first.text = first.text[1:].lstrip()
    return checked


def _is_set_in(left: int, right: int, style: ParagraphStyle) -> bool:
    left, right = max(left, style.indent_left), max(right, style.indent_right)
    return left >= QUOTE_INDENT


def _mostly_indented(root: Element) -> bool:
    """True when indents are the document's usual look and mean nothing."""
    paragraphs = sum(1 for _ in root.iter(W + "p"))
    indented = sum(1 for ind in root.iter(W + "ind") if indents(ind)[0] >= QUOTE_INDENT)
    return indented * 3 > paragraphs
