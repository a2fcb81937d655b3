"""Blocks as paragraphs and tables of WordprocessingML, in the styles that our reader knows."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from ...book.model import (
    Align,
    AnyBlock,
    Aside,
    Block,
    Book,
    Cell,
    Chapter,
    CodeBlock,
    DefinitionList,
    Figure,
    Heading,
    Inline,
    ListBlock,
    ListItem,
    Paragraph,
    Quotation,
    SceneBreak,
    Table,
    Text,
    Verse,
    VerseLine,
)
from ...markup.text import escape, language_tag
from .inline import DocxInlines, Look
from .story import Story

_ROLES = {
    "dedication": "Dedication",
    "epigraph": "Epigraph",
    "attribution": "Attribution",
    "caption": "Caption",
    "signature": "Signature",
}
_ALIGN = {Align.CENTER: "center", Align.END: "end"}
_SCENE_BREAK = "* * *"
_EM_SPACE = "\u2003"
_LEVELS = 9
_MAX_LEVEL = 6
_EMPTY = "<w:p/>"


@dataclass(frozen=True, slots=True)
class ListKind:
    """How a list is numbered."""

    is_ordered: bool
    start: int
    style: str


class DocxBlocks(DocxInlines):
    """Writes the blocks of one book. `depth` is how deep the chapter stands in the contents."""

    def __init__(self, book: Book, story: Story) -> None:
        super().__init__(book, story)
        self.depth = 0
        self.lists: list[ListKind] = []  # by their number, from 1 on
        self._style = ""  # of the paragraphs of a quotation or a note
        self._level = -1  # of the list that is open
        self._number = 0
        self._table: dict[type, Callable[[Any], str]] = {
            Paragraph: self._paragraph,
            Heading: self._heading,
            Verse: self._verse,
            Quotation: self._quotation,
            ListBlock: self._list,
            DefinitionList: self._definitions,
            Table: self._rows,
            Figure: self._figure,
            CodeBlock: self._code,
            SceneBreak: self._scene_break,
            Aside: lambda block: self._grid([[self._cell(Cell(block.blocks))]], 1),
        }
        self._opened: str = ""  # the bookmark of the chapter, for its first paragraph

    def blocks(self, items: Iterable[AnyBlock]) -> str:
        return "".join(self._table[type(block)](block) for block in items)

    def open_chapter(self, chapter: Chapter) -> None:
        """Mark the chapter's beginning at its first paragraph."""
        self._opened = self.bookmark(chapter.id)

    def styled(self, style: str, runs: str, more: str = "", block: Block | None = None) -> str:
        """Return a paragraph in a style; `more` are further properties, in the order of the schema."""
        before, self._opened = self._opened, ""
        properties = (f'<w:pStyle w:val="{style}"/>' if style else "") + more
        if block is not None and block.direction in ("ltr", "rtl"):
            properties += "<w:bidi/>" if block.direction == "rtl" else '<w:bidi w:val="0"/>'
        if isinstance(block, Paragraph) and block.align in _ALIGN:
            properties += f'<w:jc w:val="{_ALIGN[block.align]}"/>'
        return f"<w:p>{f'<w:pPr>{properties}</w:pPr>' if properties else ''}{before}{runs}</w:p>"

    def _look(self, block: Block) -> Look:
        tag = language_tag(block.lang) if block.lang else ""
        return Look((f'<w:lang w:val="{tag}" w:eastAsia="{tag}" w:bidi="{tag}"/>',)) if tag else Look()

    def _runs(self, block: Block, nodes: Iterable[Inline]) -> str:
        return self.inlines(nodes, self._look(block))

    # ------------------------------------------------------------ text

    def _paragraph(self, block: Paragraph) -> str:
        if self._level >= 0:
            numbered = f'<w:numPr><w:ilvl w:val="{self._level}"/><w:numId w:val="0"/></w:numPr>'
            return self.styled("ListContinue", self._runs(block, block.inlines), numbered, block)
        style = _ROLES.get(block.role, self._style)
        return self.styled(style, self._runs(block, block.inlines), block=block)

    def _heading(self, block: Heading) -> str:
        level = min(block.level + self.depth, _MAX_LEVEL)
        return self.styled(f"Heading{level}", self._runs(block, block.inlines), block=block)

    def heading_of(self, title: str) -> str:
        """Return the heading of a chapter that has none of its own."""
        return self._heading(Heading(1, [Text(title)]))

    def _verse(self, block: Verse) -> str:
        stanzas = [
            self.styled("Verse", self._broken([self._verse_line(block, line) for line in stanza]), block=block)
            for stanza in block.stanzas
        ]
        return _EMPTY.join(stanzas)

    def _verse_line(self, block: Verse, line: VerseLine) -> str:
        indent = [Text(_EM_SPACE * line.indent)] if line.indent else []
        return self._runs(block, [*indent, *line.inlines])

    def _broken(self, lines: list[str]) -> str:
        return "<w:r><w:br/></w:r>".join(lines)

    def _quotation(self, block: Quotation) -> str:
        outer, self._style = self._style, "Quote"
        inside = self.blocks(block.blocks)
        self._style = outer
        return inside

    def _code(self, block: CodeBlock) -> str:
        lines = [f'<w:r><w:t xml:space="preserve">{escape(line)}</w:t></w:r>' for line in block.text.split("\n")]
        return self.styled("SourceCode", self._broken(lines))

    def _scene_break(self, block: SceneBreak) -> str:
        return self.styled("SceneBreak", f"<w:r><w:t>{escape(block.sign.strip() or _SCENE_BREAK)}</w:t></w:r>")

    def _figure(self, block: Figure) -> str:
        picture = self.styled("Figure", self.picture(block))
        return picture + (self.styled("Caption", self._runs(block, block.caption)) if block.caption else "")

    # ------------------------------------------------------------ lists

    def _list(self, block: ListBlock) -> str:
        outer = self._level, self._number
        self.lists.append(ListKind(block.ordered, block.start, block.style))
        self._level, self._number = min(self._level + 1, _LEVELS - 1), len(self.lists)
        number = self._number
        items = "".join(self._item(item, number) for item in block.items)
        self._level, self._number = outer
        return items

    def _item(self, item: ListItem, number: int) -> str:
        first, rest = item.blocks[:1], item.blocks[1:]
        box = "" if item.checked is None else f"<w:r><w:t>{'☑' if item.checked else '☐'} </w:t></w:r>"
        if not first or not isinstance(first[0], Paragraph):
            first, rest = [Paragraph([])], item.blocks
        head = first[0]
        assert isinstance(head, Paragraph)  # noqa: S101 (chosen above)
        numbered = f'<w:numPr><w:ilvl w:val="{self._level}"/><w:numId w:val="{number}"/></w:numPr>'
        content = box + self._runs(head, head.inlines)
        return self.styled("ListParagraph", content, numbered, head) + self.blocks(rest)

    def _definitions(self, block: DefinitionList) -> str:
        parts = []
        for item in block.items:
            parts.append(self.styled("DefinitionTerm", self._runs(block, item.term)))
            outer, self._style = self._style, "Definition"
            parts.append(self.blocks(item.blocks))
            self._style = outer
        return "".join(parts)

    # ------------------------------------------------------------ tables

    def _rows(self, table: Table) -> str:
        caption = self.styled("Caption", self._runs(table, table.caption)) if table.caption else ""
        rows: list[list[str]] = []
        open_cells: dict[int, tuple[int, int]] = {}  # column -> rows that are left, columns it spans
        columns = 0
        for row in table.rows:
            cells: list[str] = []
            column = 0
            for cell in row:
                column += self._continued(cells, open_cells, column)
                cells.append(self._cell(cell))
                if cell.rowspan > 1:
                    open_cells[column] = cell.rowspan - 1, cell.colspan
                column += cell.colspan
            column += self._continued(cells, open_cells, column)
            columns = max(columns, column)
            rows.append(cells)
        return caption + self._grid(rows, columns, table.header_rows)

    def _continued(self, cells: list[str], open_cells: dict[int, tuple[int, int]], column: int) -> int:
        """Add the cells that reach down into this row here; return how many columns they take."""
        taken = 0
        while column + taken in open_cells:
            left, span = open_cells.pop(column + taken)
            if left > 1:  # the row below continues it
                open_cells[column + taken] = left - 1, span
            cells.append(_merged(span))
            taken += span
        return taken

    def _cell(self, cell: Cell) -> str:
        outer = self._level, self._style
        self._level, self._style = -1, ""
        inside = self.blocks(cell.blocks)
        self._level, self._style = outer
        # A cell ends with a paragraph, also where its last block is a table.
        inside = inside if inside.endswith("</w:p>") else inside + _EMPTY
        span = f'<w:gridSpan w:val="{cell.colspan}"/>' if cell.colspan > 1 else ""
        merge = '<w:vMerge w:val="restart"/>' if cell.rowspan > 1 else ""
        return f"<w:tc><w:tcPr>{span}{merge}</w:tcPr>{inside}</w:tc>"

    def _grid(self, rows: list[list[str]], columns: int, header_rows: int = 0) -> str:
        head = "<w:trPr><w:tblHeader/></w:trPr>"
        lines = "".join(
            f"<w:tr>{head if number < header_rows else ''}{''.join(cells)}</w:tr>"
            for number, cells in enumerate(rows)
            if cells
        )
        if not lines:
            return ""
        before = self.styled("", "") if self._opened else ""
        grid = "<w:gridCol/>" * max(columns, 1)
        properties = '<w:tblStyle w:val="TableGrid"/><w:tblW w:w="0" w:type="auto"/>'
        table = f"<w:tbl><w:tblPr>{properties}</w:tblPr><w:tblGrid>{grid}</w:tblGrid>{lines}</w:tbl>"
        return f"{before}{table}"

    # ------------------------------------------------------------ notes

    def notes_of(self, kind: str) -> tuple[str, Story]:
        """Return the notes of a kind in the order of their references, which may come from other notes."""
        body, self.story = self.story, Story(f"{kind}s")
        written: dict[int, str] = {}
        numbers = self.note_numbers[kind]
        while len(written) < len(numbers):
            for note_id, number in list(numbers.items()):
                if number not in written:
                    outer, self._style = self._style, "FootnoteText" if kind == "footnote" else "EndnoteText"
                    inside = self.blocks(self.book.notes[note_id].blocks)
                    self._style = outer
                    inside = inside if inside.endswith("</w:p>") else inside + _EMPTY
                    written[number] = f'<w:{kind} w:id="{number}">{_with_mark(inside, kind)}</w:{kind}>'
        story, self.story = self.story, body
        return "".join(written[number] for number in sorted(written)), story


def _merged(span: int) -> str:
    columns = f'<w:gridSpan w:val="{span}"/>' if span > 1 else ""
    return f"<w:tc><w:tcPr>{columns}<w:vMerge/></w:tcPr>{_EMPTY}</w:tc>"


def _with_mark(inside: str, kind: str) -> str:
    """Put the note's own number before its first words."""
    style = "FootnoteReference" if kind == "footnote" else "EndnoteReference"
    mark = f'<w:r><w:rPr><w:rStyle w:val="{style}"/></w:rPr><w:{kind}Ref/></w:r>'
    if not inside.startswith("<w:p>"):
        return f"<w:p>{mark}</w:p>{inside}"
    at = inside.index("</w:pPr>") + len("</w:pPr>") if inside.startswith("<w:p><w:pPr>") else len("<w:p>")
    return inside[:at] + mark + inside[at:]
