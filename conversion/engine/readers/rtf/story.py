"""A run of paragraphs of an RTF: the body, a note, a text box. Its paragraphs become blocks here."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ...book import clean
from ...book.inlines import anchors_of, is_blank, plain_text
from ...book.model import Anchor, Aside, Figure, Inline, ListBlock, NoteRef, Paragraph, SceneBreak, Strong, Text
from ...findings.model import Severity, SourcePlace
from ..assembly.paragraphs import QUOTE_INDENT_TWIPS, FrontMatter, Item, Paragraphs, Shape
from ..assembly.plain_words import keep_words
from ..assembly.sink import Sink
from ..assembly.spans import Spans
from ..assembly.style_names import Kind
from .header import ParagraphStyle
from .tables import Tables

if TYPE_CHECKING:
    from .document import Document
    from .state import ParagraphFormat

_PLAIN_STYLE = ParagraphStyle()


@dataclass(slots=True)
class Content:
    """What one paragraph holds so far."""

    spans: Spans = field(default_factory=Spans)
    boxes: list[Sink] = field(default_factory=list)
    boxes_first: bool = True
    page_break: bool = False
    rules: int = 0
    silenced: bool = False
    label: str = ""  # the number or bullet that the file wrote out
    has_label: bool = False
    is_deleted_mark: bool = False
    letters: Counter[int] = field(default_factory=Counter)  # by the size of their type, in the first paragraphs


class Story:
    """Only the body has a `front`: its title paragraphs become metadata."""

    def __init__(self, document: Document, front: FrontMatter | None = None, part: str = "") -> None:
        self._document = document
        self.part = part
        self._index = 0
        self._indent_counts = front is not None and document.mostly_indented
        self._joined: list[Inline] = []
        self._paragraphs = Paragraphs(front)
        self.sink = Sink()
        self.tables = Tables(self.sink)
        self.content = Content()

    def end_paragraph(self, form: ParagraphFormat, *, in_cell: bool = False) -> None:
        """The paragraph is complete. The one that a cell ends with is often empty."""
        content, self.content = self.content, Content()
        if in_cell and not len(content.spans) and not content.boxes and not content.label:
            return
        self._index += 1
        sink = self.tables.sink_at(max(form.depth, 1) if in_cell else form.depth)
        before = len(sink.blocks)
        try:
            self._put(content, form, sink)
        except Exception as error:
            texts = [plain_text(content.spans.build())]
            keep_words(error, texts, self._document.draft, sink, before=before, place=self._place())

    def _put(self, content: Content, form: ParagraphFormat, sink: Sink) -> None:
        pending, self._paragraphs.pending = self._paragraphs.pending, []
        shape = self._shape(form)
        if shape.kind is Kind.CONTENTS or (content.silenced and not content.spans.has_text):
            self._paragraphs.pending += pending + anchors_of(content.spans.build())
            self._document.draft.count("source.contents-dropped", Severity.INFO)
            return
        if form.page_break_before or content.page_break:
            sink.page_break()
        if content.boxes and content.boxes_first:
            self._text_boxes(content, sink)
        inlines = pending + content.spans.build()
        if form.is_drop_cap and (letter := plain_text(inlines).strip()):
            inlines = [*anchors_of(inlines), Text(letter)]
        if self._joined:
            inlines, self._joined = [*self._joined, *inlines], []
        if form.is_drop_cap or content.is_deleted_mark:
            self._joined = inlines
        elif is_blank(inlines):
            self._empty(inlines, content, form, shape, sink)
        else:
            self._number(form, shape, content, inlines)
            if shape.kind is Kind.HEADING:
                inlines = _without_bold(inlines)
            self._paragraphs.put(inlines, shape, self._place(), sink)
            if content.letters and sink is self.sink:
                sink.sized(content.letters.most_common(1)[0][0])
        if content.boxes and not content.boxes_first:
            self._text_boxes(content, sink)

    def end_section(self, form: ParagraphFormat) -> None:
        """A section ends; so does the paragraph, if there is one."""
        if len(self.content.spans) or self.content.boxes:
            self.end_paragraph(form)

    def end_cell(self, form: ParagraphFormat, depth: int) -> None:
        """`\\cell`: ends a paragraph, too."""
        if len(self.content.spans) or self.content.boxes or self.content.label:
            self.tables.sink_at(depth)
            self.end_paragraph(form.at_depth(depth), in_cell=True)
        self.tables.end_cell(depth)

    def finish(self, form: ParagraphFormat) -> None:
        """The story ends, perhaps in the middle of a paragraph."""
        if len(self.content.spans) or self.content.boxes:
            self.end_paragraph(form)
        self.tables.finish()
        if self._joined or self._paragraphs.pending:
            self.sink.add(Paragraph([*self._joined, *self._paragraphs.pending], place=self._place()))
            self._joined, self._paragraphs.pending = [], []

    def _place(self) -> SourcePlace:
        return SourcePlace(self.part, self._index)

    def _empty(self, inlines: list[Inline], content: Content, form: ParagraphFormat, shape: Shape, sink: Sink) -> None:
        self._paragraphs.pending += anchors_of(inlines)
        if shape.kind is Kind.HEADING:
            self._number(form, shape, content, [])
        if shape.label:
            pending, self._paragraphs.pending = self._paragraphs.pending, []
            self._paragraphs.heading(pending, shape, self._place(), sink)
        elif content.rules:
            sink.add(SceneBreak(place=self._place()))
        elif not content.boxes:
            sink.blank()

    def _text_boxes(self, content: Content, sink: Sink) -> None:
        for box in content.boxes:
            blocks = box.finish()
            if len(blocks) == 1 and isinstance(blocks[0], Figure):
                sink.add(blocks[0])
            elif blocks:
                sink.add(Aside(blocks, place=self._place()))

    # ------------------------------------------------------------ shape

    def _shape(self, form: ParagraphFormat) -> Shape:
        style = self._document.header.paragraph_styles.get(form.style, _PLAIN_STYLE)
        kind, level = _outline(style, form.outline)
        return Shape(
            kind,
            level,
            align=form.alignment,
            direction=form.direction,
            indented=kind is Kind.BODY
            and not self._indent_counts
            and max(form.left, style.indent_left) >= QUOTE_INDENT_TWIPS,
            list_level=form.list_level,
        )

    def _number(self, form: ParagraphFormat, shape: Shape, content: Content, inlines: list[Inline]) -> None:
        """Count a numbered paragraph: the label of a heading, or the place in a list."""
        numbering = self._document.numbering
        level = numbering.level(form.list_id, form.list_level) if form.list_id else None
        is_unlabelled = level is not None and self._document.writes_labels and not content.has_label
        if shape.kind in (Kind.CODE, Kind.VERSE, Kind.TITLE, Kind.RULE):
            return
        if shape.kind is Kind.HEADING:
            if level is not None and not is_unlabelled:
                numbering.advance(form.list_id, form.list_level)
                shape.label = clean.title(numbering.label(form.list_id, form.list_level), 60)
            else:
                shape.label = clean.title(content.label, 60)
        elif level is not None:
            is_silent = level.silent or is_unlabelled  # a further paragraph of the item before
            start = 1 if is_silent else numbering.advance(form.list_id, form.list_level)
            template = ListBlock([], level.ordered, start, level.style, direction=shape.direction, place=self._place())
            shape.item = Item(form.list_level, numbering.key(form.list_id), template, is_silent)
        elif form.old_list is not None:
            shape.item = form.old_list.item(shape.direction, self._place())
        elif content.label.strip():  # no list says what it is: it stays as the file wrote it
            inlines.insert(0, Text(f"{content.label.strip()} "))


def _outline(style: ParagraphStyle, outline: int) -> tuple[Kind, int]:
    """An outline level of the paragraph itself makes a heading, or unmakes one."""
    if outline < 0:
        return style.kind, style.level
    if outline < 9 and style.kind in (Kind.BODY, Kind.HEADING):
        return Kind.HEADING, min(outline + 1, 6)
    return (Kind.BODY, 0) if style.kind is Kind.HEADING else (style.kind, style.level)


def _without_bold(inlines: list[Inline]) -> list[Inline]:
    """A heading that is bold as a whole is no emphasis: files without styles write it so."""
    if not all(isinstance(node, Strong | Anchor | NoteRef) or is_blank([node]) for node in inlines):
        return inlines
    return [inner for node in inlines for inner in (node.children if isinstance(node, Strong) else [node])]
