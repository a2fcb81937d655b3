"""The blocks of a DOCX story: paragraphs, tables, text boxes, content controls."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, is_dataclass

from ...book import clean
from ...book.inlines import anchors_of, is_blank, plain_text
from ...book.model import Align, Aside, Figure, Inline, ListBlock, Paragraph, SceneBreak, Text
from ...findings.model import Severity, SourcePlace
from ...gate.xml import Element
from ..assembly.numbers import whole
from ..assembly.paragraphs import QUOTE_INDENT_TWIPS, FrontMatter, Item, Paragraphs, Shape
from ..assembly.plain_words import keep_words, texts_of
from ..assembly.sink import Sink
from ..assembly.style_names import Kind
from .document import Document, Story, value
from .drawings import choose
from .names import MC, VAL, W
from .runs import Content, Runs
from .styles import ParagraphStyle, alignment, direction, indents, num_pr, size_of
from .tables import read_table

_PARAGRAPHS = frozenset({"p"})
_SILENT = frozenset({"del", "moveFrom", "instrText", "delText", "Fallback", "pPr", "rPr", "posOffset", "sdtPr"})


@dataclass(slots=True)
class _Format:
    """What a `w:pPr` adds to the style."""

    style: ParagraphStyle
    shape: Shape
    num_id: str = ""
    num_level: int = 0
    page_break: bool = False
    joins_next: bool = False
    is_drop_cap: bool = False  # a paragraph of its own for Word, the first letters of the next for everybody else


class Blocks:
    """Walks one story into a sink. Only the body has a `front`: its title paragraphs become metadata."""

    def __init__(self, document: Document, story: Story, front: FrontMatter | None = None) -> None:
        self._document = document
        self._story = story
        self._front = front
        self._runs = Runs(document, story)
        self._index = 0
        self._paragraphs = Paragraphs(front)
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
                before = len(sink.blocks)
                try:
                    handler(child, sink)
                except Exception as error:
                    texts = texts_of(child, _PARAGRAPHS, _SILENT)
                    keep_words(error, texts, self._document.draft, sink, before=before, place=self._place())
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
            self._paragraphs.pending.append(anchor)

    def _embedded(self, element: Element, sink: Sink) -> None:
        self._document.draft.count("source.embedded-dropped", Severity.PROBLEM)

    def _alternate(self, element: Element, sink: Sink) -> None:
        branch = choose(element)
        if branch is not None:
            self.walk(branch, sink)

    def _table(self, element: Element, sink: Sink) -> None:
        pending, self._paragraphs.pending = self._paragraphs.pending, []
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
        form = self._format(element.find(W + "pPr"))
        pending, self._paragraphs.pending = self._paragraphs.pending, []
        flags = form.style.flags if form.shape.kind is Kind.BODY else 0
        content = self._runs.read(element, flags, self._document.foreign(form.style.lang), pending)
        if form.shape.kind is Kind.CONTENTS or (content.silenced and not content.spans.has_text):
            self._contents_entry(content)
            return
        if form.page_break or content.page_break:
            sink.page_break()
        if content.boxes and content.boxes_first:
            self._text_boxes(content, sink)
        inlines = content.spans.build()
        if form.is_drop_cap and (letter := plain_text(inlines).strip()):
            inlines = [*anchors_of(inlines), Text(letter)]  # neither raised nor lowered, as Word places it
        if self._joined:
            inlines, self._joined = [*self._joined, *inlines], []
        if form.joins_next:
            self._joined = inlines
        elif is_blank(inlines):
            self._empty(inlines, content, form, sink)
        else:
            self._number(form)
            self._paragraphs.put(inlines, form.shape, self._place(), sink)
            if self._front is not None and sink.wants_sizes:
                sink.sized(_size(element, form.style))
        if content.boxes and not content.boxes_first:
            self._text_boxes(content, sink)

    def finish(self, sink: Sink) -> None:
        """What still waits for a paragraph after the last one."""
        if self._joined or self._paragraphs.pending:
            sink.add(Paragraph([*self._joined, *self._paragraphs.pending], place=self._place()))
            self._joined, self._paragraphs.pending = [], []

    def _contents_entry(self, content: Content) -> None:
        self._paragraphs.pending += anchors_of(content.spans.build())
        self._document.draft.count("source.contents-dropped", Severity.INFO)

    def _empty(self, inlines: list[Inline], content: Content, form: _Format, sink: Sink) -> None:
        self._paragraphs.pending += anchors_of(inlines)
        if form.shape.kind is Kind.HEADING:
            self._number(form)
        if form.shape.label:  # "Chapter 4" may be all numbering and no words
            pending, self._paragraphs.pending = self._paragraphs.pending, []
            self._paragraphs.heading(pending, form.shape, self._place(), sink)
        elif content.rules:
            sink.add(SceneBreak(place=self._place()))
        elif not content.boxes:
            sink.blank()

    def _text_boxes(self, content: Content, sink: Sink) -> None:
        for box in content.boxes:
            if is_dataclass(box):
                sink.add(box)
                continue
            outer, self._joined = self._joined, []
            blocks = self.cell(box).finish()
            self._joined = outer
            if len(blocks) == 1 and isinstance(blocks[0], Figure):
                sink.add(blocks[0])
            elif blocks:
                sink.add(Aside(blocks, place=self._place()))

    def _format(self, ppr: Element | None) -> _Format:
        styles = self._document.styles
        if ppr is None:
            return self._of_style(styles.paragraph(""), is_plain=True)
        found = {child.tag: child for child in ppr.iterchildren()}
        mark = found.get(W + "pStyle")
        style = styles.paragraph(str(mark.get(VAL, "")) if mark is not None else "")
        if mark is not None and len(found) == 1:  # nothing but a style, as in most paragraphs of most books
            return self._of_style(style)
        kind, level = _outline(style, found.get(W + "outlineLvl"))
        num_id, num_level = num_pr(found.get(W + "numPr"))
        left, _ = indents(found.get(W + "ind"))
        rpr = found.get(W + "rPr")
        align = alignment(found.get(W + "jc"))
        before = found.get(W + "pageBreakBefore")
        frame = found.get(W + "framePr")
        is_drop_cap = frame is not None and frame.get(W + "dropCap", "none") != "none"
        shape = Shape(
            kind,
            level,
            align=(style.align or Align.AUTO) if align is None else align,
            direction=direction(found.get(W + "bidi")) or style.direction,
            indented=kind is Kind.BODY and not self._indent_counts and _is_set_in(left, style),
            list_level=num_level if num_level >= 0 else style.num_level,
        )
        return _Format(
            style,
            shape,
            num_id=num_id or style.num_id,
            num_level=shape.list_level,
            page_break=before is not None and before.get(VAL, "1") not in ("0", "false"),
            joins_next=is_drop_cap or _is_mark_deleted(rpr),
            is_drop_cap=is_drop_cap,
        )

    def _of_style(self, style: ParagraphStyle, *, is_plain: bool = False) -> _Format:
        """What a paragraph is that says no more than its style."""
        shape = Shape(style.kind, style.level, style.align or Align.AUTO, style.direction)
        if not is_plain:
            shape.indented = style.kind is Kind.BODY and not self._indent_counts and _is_set_in(0, style)
            shape.list_level = style.num_level
        return _Format(style, shape, style.num_id, style.num_level)

    def _number(self, form: _Format) -> None:
        """Count a numbered paragraph: the label of a heading, or the place in a list."""
        numbering, shape = self._document.numbering, form.shape
        level = numbering.level(form.num_id, form.num_level) if form.num_id not in ("", "0") else None
        if level is None or shape.kind in (Kind.CODE, Kind.VERSE, Kind.TITLE, Kind.RULE):
            return
        if shape.kind is Kind.HEADING:
            numbering.advance(form.num_id, form.num_level)
            shape.label = clean.title(numbering.label(form.num_id, form.num_level), 60)
            return
        start = 1 if level.silent else numbering.advance(form.num_id, form.num_level)
        template = ListBlock([], level.ordered, start, level.style, direction=shape.direction, place=self._place())
        shape.item = Item(form.num_level, numbering.key(form.num_id), template, level.silent)


def _size(paragraph: Element, style: ParagraphStyle) -> int:
    """The size of most of a paragraph's letters."""
    letters: Counter[int] = Counter()
    for run in paragraph.iter(W + "r"):
        size = size_of(run.find(W + "rPr")) or style.size
        letters[size] += sum(len(text.text or "") for text in run.iterchildren(W + "t"))
    return letters.most_common(1)[0][0] if letters else style.size


def _outline(style: ParagraphStyle, own: Element | None) -> tuple[Kind, int]:
    """An outline level of the paragraph itself makes a heading, or unmakes one."""
    outline = whole(value(own, ""), -1)
    if outline < 0:
        return style.kind, style.level
    if outline < 9 and style.kind in (Kind.BODY, Kind.HEADING):
        return Kind.HEADING, min(outline + 1, 6)
    return (Kind.BODY, 0) if style.kind is Kind.HEADING else (style.kind, style.level)


def _is_mark_deleted(rpr: Element | None) -> bool:
    """A tracked change took the paragraph's end away."""
    return rpr is not None and (rpr.find(W + "del") is not None or rpr.find(W + "moveFrom") is not None)


def _is_set_in(left: int, style: ParagraphStyle) -> bool:
    return max(left, style.indent_left) >= QUOTE_INDENT_TWIPS


def _mostly_indented(root: Element) -> bool:
    """True when indents are the document's usual look and mean nothing."""
    paragraphs = sum(1 for _ in root.iter(W + "p"))
    indented = sum(1 for ind in root.iter(W + "ind") if indents(ind)[0] >= QUOTE_INDENT_TWIPS)
    return indented * 3 > paragraphs
