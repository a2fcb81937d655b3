"""The blocks of an ODT: paragraphs, headings, lists, tables, sections, text boxes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

from ...book.inlines import anchors_of, is_blank
from ...book.model import AnyBlock, Aside, Cell, Figure, ListBlock, ListItem, Paragraph, Table
from ...findings.model import Severity, SourcePlace
from ...gate.xml import Element
from ..assembly.numbers import whole
from ..assembly.paragraphs import QUOTE_INDENT_TWIPS, FrontMatter, Paragraphs, Shape, take_checkbox
from ..assembly.plain_words import keep_words, texts_of
from ..assembly.sink import Sink
from ..assembly.spans import Look
from ..assembly.style_names import Kind
from .document import Document
from .inline import Inlines
from .names import DRAW, OFFICE, TABLE, TEXT

MAX_COLUMNS = 1000
MAX_REPEATED_CELLS = 64
_GENERATED = frozenset(
    TEXT + name
    for name in (
        "table-of-content",
        "illustration-index",
        "table-index",
        "object-index",
        "user-index",
        "tracked-changes",
    )
)
_PARAGRAPHS = frozenset({"p", "h"})
_SILENT = frozenset({"annotation", "tracked-changes", "bookmark-ref", "binary-data", "note-citation"})
_DROPPED = frozenset({OFFICE + "forms", TEXT + "sequence-decls", TEXT + "variable-decls", TEXT + "user-field-decls"})


class Walker:
    """Walks the text of one document into sinks."""

    def __init__(self, document: Document, front: FrontMatter | None = None) -> None:
        self._document = document
        self._is_body = front is not None
        self._paragraphs = Paragraphs(front)
        self._inlines = Inlines(document)
        self._index = 0
        self._handlers: dict[object, Callable[[Element, Sink], None]] = {
            TEXT + "p": self._paragraph,
            TEXT + "h": self._paragraph,
            TEXT + "list": lambda element, sink: self._list(element, sink, 1, ""),
            TABLE + "table": self._table,
            DRAW + "frame": self._loose,
            DRAW + "custom-shape": self._loose,
        }

    def walk(self, container: Element, sink: Sink) -> None:
        """Read every block inside `container`; sections are looked through, generated lists left out."""
        for child in container.iterchildren():
            handler = self._handlers.get(child.tag)
            if handler is not None:
                before = len(sink.blocks)
                try:
                    handler(child, sink)
                except Exception as error:
                    texts = texts_of(child, _PARAGRAPHS, _SILENT)
                    keep_words(error, texts, self._document.draft, sink, before=before, place=self._place())
            elif child.tag in _GENERATED:
                self._leave_out(child)
            elif child.tag not in _DROPPED and isinstance(child.tag, str):
                self.walk(child, sink)

    def finish(self, sink: Sink) -> None:
        """Anchors that still wait for a paragraph after the last one."""
        if self._paragraphs.pending:
            sink.add(Paragraph(self._paragraphs.pending, place=self._place()))
            self._paragraphs.pending = []

    def _leave_out(self, element: Element) -> None:
        if element.tag == TEXT + "tracked-changes":
            count = sum(1 for _ in element.iterchildren(TEXT + "changed-region"))
            if count:
                self._document.draft.count("source.tracked-changes-accepted", Severity.ADVICE, by=count)
        else:
            self._document.draft.count("source.contents-dropped", Severity.INFO)

    def _place(self) -> SourcePlace:
        return SourcePlace("", self._index)

    # ------------------------------------------------------------ paragraphs

    def _paragraph(self, element: Element, sink: Sink) -> None:
        self._index += 1
        looks = self._document.styles.looks("paragraph", str(element.get(TEXT + "style-name", "")))
        shape = Shape(
            looks.kind,
            looks.level,
            looks.align,
            looks.direction,
            indented=looks.kind is Kind.BODY and looks.indent >= QUOTE_INDENT_TWIPS,
        )
        if element.tag == TEXT + "h":
            shape.kind, shape.level = Kind.HEADING, whole(element.get(TEXT + "outline-level", "1"), 1, 1, 6)
        if looks.page_break:
            sink.page_break()
        look = Look(looks.on if shape.kind is Kind.BODY else 0, lang=self._document.foreign(looks.lang))
        spans = self._inlines.read(element, look)
        boxes = self._inlines.boxes
        inlines = [*self._paragraphs.pending, *spans.build()]
        self._paragraphs.pending = []
        if is_blank(inlines):
            self._paragraphs.pending += anchors_of(inlines)
            if shape.kind is Kind.RULE:
                self._paragraphs.put(inlines, shape, self._place(), sink)
            elif not boxes:
                sink.blank()
        else:
            self._paragraphs.put(inlines, shape, self._place(), sink)
            if self._is_body and sink.wants_sizes:
                sink.sized(self._size(element, looks.size or self._document.styles.default_size))
        for box in boxes:
            self._box(box, sink)

    def _size(self, paragraph: Element, usual: float) -> float:
        """The size of most of a paragraph's letters."""
        letters: Counter[float] = Counter()
        self._weigh(paragraph, usual, letters)
        return letters.most_common(1)[0][0] if letters else usual

    def _weigh(self, element: Element, size: float, letters: Counter[float]) -> None:
        letters[size] += len(element.text or "")
        for child in element.iterchildren(TEXT + "span", TEXT + "a"):
            style = self._document.styles.looks("text", str(child.get(TEXT + "style-name", "")))
            self._weigh(child, style.size or size, letters)
            letters[size] += len(child.tail or "")

    def _loose(self, element: Element, sink: Sink) -> None:
        """A frame between paragraphs."""
        holder = element.makeelement(TEXT + "p")
        holder.append(element)
        self._paragraph(holder, sink)

    def _inside(self, element: Element) -> list[AnyBlock]:
        sink = Sink()
        self.walk(element, sink)
        return sink.finish()

    def _box(self, element: Element, sink: Sink) -> None:
        blocks = self._inside(element)
        if len(blocks) == 1 and isinstance(blocks[0], Figure):
            sink.add(blocks[0])
        elif len(blocks) == 2 and isinstance(blocks[0], Figure) and isinstance(blocks[1], Paragraph):
            blocks[0].caption = blocks[1].inlines
            sink.add(blocks[0])
        elif blocks:
            sink.add(Aside(blocks, place=self._place()))

    # ------------------------------------------------------------ lists

    def _list(self, element: Element, sink: Sink, level: int, inherited: str) -> None:
        style = str(element.get(TEXT + "style-name", "")) or inherited
        ordered, form, start = self._document.styles.list_level(style, level)
        block = ListBlock([], ordered, start, form, place=self._place())
        for item in element.iterchildren(TEXT + "list-header", TEXT + "list-item"):
            if not block.items:
                block.start = whole(item.get(TEXT + "start-value", ""), block.start)
            blocks = self._item(item, level, style)
            if all(isinstance(child.tag, str) and child.tag == TEXT + "h" for child in item.iterchildren()):
                for inner in blocks:  # numbered headings are written as lists
                    sink.add(inner)
            elif blocks:
                first = blocks[0]
                checked = take_checkbox(first.inlines) if isinstance(first, Paragraph) else None
                block.items.append(ListItem(blocks, checked))
        if block.items:
            sink.add(block)

    def _item(self, item: Element, level: int, style: str) -> list[AnyBlock]:
        inner = Sink()
        for child in item.iterchildren():
            if child.tag == TEXT + "list":
                self._list(child, inner, level + 1, style)
            elif child.tag in self._handlers:
                self._handlers[child.tag](child, inner)
        blocks = inner.finish()
        return [line for block in blocks for line in (block.blocks if block.__class__ is Aside else [block])]

    # ------------------------------------------------------------ tables

    def _table(self, element: Element, sink: Sink) -> None:
        rows: list[list[Cell]] = []
        headers = self._rows(element, rows, in_header=False)
        while rows and not any(cell.blocks for cell in rows[-1]):
            rows.pop()
        if not rows:
            return
        headers = 0 if headers >= len(rows) else headers
        for cell in (cell for row in rows[:headers] for cell in row):
            cell.header = True
        for number, row in enumerate(rows):
            for cell in row:
                cell.rowspan = min(cell.rowspan, len(rows) - number)
        sink.add(Table(rows, headers, place=self._place()))

    def _rows(self, element: Element, rows: list[list[Cell]], *, in_header: bool) -> int:
        headers = 0
        for child in element.iterchildren():
            if child.tag == TABLE + "table-row":
                rows.append(self._cells(child))
                headers += in_header
            elif child.tag in (TABLE + "table-header-rows", TABLE + "table-rows", TABLE + "table-row-group"):
                headers += self._rows(child, rows, in_header=child.tag == TABLE + "table-header-rows")
        return headers

    def _cells(self, row: Element) -> list[Cell]:
        """Repetition fills spread sheets, not books: a cell comes at most so often, an empty one once."""
        cells: list[Cell] = []
        for element in row.iterchildren(TABLE + "table-cell"):
            if len(cells) >= MAX_COLUMNS:
                break
            blocks = self._inside(element)
            repeated = _number(element, "number-columns-repeated") if blocks else 1
            spans = (_number(element, "number-columns-spanned"), _number(element, "number-rows-spanned"))
            cells.append(Cell(blocks, colspan=spans[0], rowspan=spans[1]))
            cells += [Cell(blocks) for _ in range(min(repeated, MAX_REPEATED_CELLS) - 1)]
        while cells and not cells[-1].blocks and len(cells) > MAX_REPEATED_CELLS:
            cells.pop()
        return cells


def _number(element: Element, name: str) -> int:
    return whole(element.get(TABLE + name, "1"), 1, 1, MAX_COLUMNS)
