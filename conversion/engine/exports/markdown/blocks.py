"""Render blocks as Markdown, with one function for each. Notes follow the chapter that refers to them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any

from ...book.inlines import sole_image
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
    ListBlock,
    ListItem,
    Paragraph,
    Quotation,
    SceneBreak,
    Table,
    Verse,
)
from ...markup.text import attribute, clean, language_tag
from .inline import MarkdownInlines

_SCENE_BREAK = "* * *"
_FENCE = re.compile(r"`{3,}")
_LAST_HASHES = re.compile(r"(?:^|(?<=\s))#+$")
_BAR = re.compile(r"(?<!\\)\|")
_WORD = re.compile(r"[A-Za-z0-9+#-]{1,30}")
_MAX_INDENT = 8
# A comment separates two lists, or a list and code, that would be read as one.
_BETWEEN = "<!-- -->"
_NEIGHBOURS = (ListBlock, DefinitionList)


class MarkdownBook(MarkdownInlines):
    """Renders the chapters of one book."""

    def __init__(self, book: Book, pictures: dict[str, str]) -> None:
        super().__init__(book, pictures)
        self._in_table = False

    def whole(self) -> str:
        """Return all chapters with their notes, and at the end the notes nobody refers to."""
        parts = [part for chapter in self.book.chapters for part in (self._chapter(chapter), self._notes()) if part]
        unread = [f"[^{self.number(note_id)}]" for note_id in self.book.notes if note_id not in self.numbers]
        if unread:
            parts += [" ".join(unread), self._notes()]
        return "\n\n".join(parts) + "\n"

    def _chapter(self, chapter: Chapter) -> str:
        return f'<span id="{attribute(chapter.id)}"></span>\n\n{self.blocks(chapter.blocks)}'.rstrip()

    def _notes(self) -> str:
        """Return the notes referenced since the last call; notes may refer to further ones."""
        notes: list[str] = []
        while self.waiting:
            note_id = self.waiting.pop(0)
            inside = self.blocks(self.book.notes[note_id].blocks)
            notes.append(f"[^{self.numbers[note_id]}]: {_indented(inside, '    ').lstrip()}".rstrip())
        return "\n\n".join(notes)

    def blocks(self, items: Iterable[AnyBlock]) -> str:
        """Return the blocks, separated by empty lines."""
        out: list[str] = []
        last: AnyBlock | None = None
        for block in items:
            text = _BLOCKS[type(block)](self, block)
            if not text.strip():
                continue
            if isinstance(last, _NEIGHBOURS) and isinstance(block, (*_NEIGHBOURS, CodeBlock)):
                out.append(_BETWEEN)
            out.append(text)
            last = block
        return "\n\n".join(out)

    # ------------------------------------------------------------ text

    def _paragraph(self, block: Paragraph) -> str:
        text = self.line(block.inlines)
        if not text:
            return ""
        return f"{self._attributes(block, block.role, _ALIGN.get(block.align, ''))}{text}"

    def _attributes(self, block: Block, *classes: str) -> str:
        """Return a line of attributes to precede a block, if it has any."""
        names = [f".{name}" for name in classes if name]
        tag = language_tag(block.lang) if block.lang else ""
        names += [f"lang={tag}"] if tag else []
        names += [f"dir={block.direction}"] if block.direction in ("ltr", "rtl") else []
        return f"{{{' '.join(names)}}}\n" if names else ""

    def _heading(self, block: Heading) -> str:
        text = _LAST_HASHES.sub(lambda match: match.group().replace("#", "\\#"), self.one_line(block.inlines))
        return f"{self._attributes(block)}{'#' * min(max(block.level, 1), 6)} {text}" if text else ""

    def _verse(self, block: Verse) -> str:
        stanzas = [
            "\n".join(
                f"| {' ' * 2 * min(line.indent, _MAX_INDENT)}{self.one_line(line.inlines)}".rstrip() for line in stanza
            )
            for stanza in block.stanzas
            if any(line.inlines for line in stanza)
        ]
        return "\n|\n".join(stanzas)

    def _quotation(self, block: Quotation) -> str:
        inside = self.blocks(block.blocks)
        return "\n".join(f"> {line}".rstrip() for line in inside.split("\n")) if inside else ""

    def _aside(self, block: Aside) -> str:
        inside = self.blocks(block.blocks)
        return f"::: box\n\n{inside}\n\n:::" if inside else ""

    def _code_block(self, block: CodeBlock) -> str:
        text = clean(block.text).rstrip("\n")
        fence = "`" * (max([2, *(len(run) for run in _FENCE.findall(text))]) + 1)
        language = block.language if _WORD.fullmatch(block.language) else ""
        return f"{fence}{language}\n{text}\n{fence}" if text.strip() else ""

    def _scene_break(self, block: SceneBreak) -> str:
        return _SCENE_BREAK

    # ------------------------------------------------------------ lists

    def _list(self, block: ListBlock) -> str:
        marks = (f"{max(block.start, 0) + n}." if block.ordered else "-" for n in range(len(block.items)))
        items = [self._item(mark, item) for mark, item in zip(marks, block.items, strict=True)]
        is_tight = all(len(item.blocks) == 1 and isinstance(item.blocks[0], Paragraph) for item in block.items)
        return ("\n" if is_tight else "\n\n").join(items)

    def _item(self, mark: str, item: ListItem) -> str:
        box = "" if item.checked is None else ("[x] " if item.checked else "[ ] ")
        inside = self.blocks(item.blocks)
        if not isinstance(item.blocks[0] if item.blocks else None, Paragraph) or inside.startswith("{"):
            inside = f"{_BETWEEN}\n\n{inside}"
        return f"{mark} {box}{_indented(inside, ' ' * (len(mark) + 1)).lstrip()}".rstrip()

    def _definitions(self, block: DefinitionList) -> str:
        items = []
        for item in block.items:
            inside = self.blocks(item.blocks) or _BETWEEN
            items.append(f"{self.one_line(item.term) or _BETWEEN}\n\n:   {_indented(inside, '    ').lstrip()}")
        return "\n\n".join(items)

    # ------------------------------------------------------------ tables and pictures

    def _table(self, block: Table) -> str:
        """Return a pipe table where there is a single header row and one paragraph in each cell; else HTML around
        Markdown."""
        rows = [row for row in block.rows if row]
        caption = self.one_line(block.caption)
        if not rows:
            return f"{{.caption}}\n{caption}" if caption else ""
        is_plain = block.header_rows == 1 and all(_is_plain(cell, len(rows[0]), row) for row in rows for cell in row)
        if is_plain and not self._in_table and not caption:
            return self._pipe_table(rows)
        was, self._in_table = self._in_table, True
        head = f"<caption>\n\n{caption}\n\n</caption>\n" if caption else ""
        lines = [self._row(row, is_head=number < block.header_rows) for number, row in enumerate(rows)]
        self._in_table = was
        return f"<table>\n{head}{chr(10).join(lines)}\n</table>"

    def _pipe_table(self, rows: list[list[Cell]]) -> str:
        lines = [f"| {' | '.join(map(self._pipe_cell, row))} |" for row in rows]
        rule = [
            "--:" if cell.align is Align.END else ":-:" if cell.align is Align.CENTER else "---" for cell in rows[0]
        ]
        return "\n".join([lines[0], f"| {' | '.join(rule)} |", *lines[1:]])

    def _pipe_cell(self, cell: Cell) -> str:
        """Return one cell on one line. Bars in code separate cells too, unless they are escaped."""
        return _BAR.sub(r"\\|", " ".join(self.one_line(_inlines_of(cell)).split()))

    def _row(self, row: list[Cell], *, is_head: bool) -> str:
        cells = []
        for cell in row:
            tag = "th" if is_head or cell.header else "td"
            spans = f' colspan="{cell.colspan}"' if cell.colspan > 1 else ""
            spans += f' rowspan="{cell.rowspan}"' if cell.rowspan > 1 else ""
            cells.append(f"<{tag}{spans}>\n\n{self.blocks(cell.blocks)}\n\n</{tag}>")
        return f"<tr>\n{chr(10).join(cells)}\n</tr>"

    def _figure(self, block: Figure) -> str:
        caption = self.line(block.caption)
        return "\n\n".join(
            part for part in (self.picture(block), f"{{.caption}}\n{caption}" if caption else "") if part
        )


_ALIGN = {Align.CENTER: "center", Align.END: "end"}


def _is_plain(cell: Cell, columns: int, row: list[Cell]) -> bool:
    is_text = not cell.blocks or (
        len(cell.blocks) == 1
        and type(cell.blocks[0]) is Paragraph
        and not cell.blocks[0].role
        and sole_image(cell.blocks[0].inlines) is None
    )
    return is_text and cell.colspan == cell.rowspan == 1 and len(row) == columns


def _inlines_of(cell: Cell) -> list[Any]:
    return cell.blocks[0].inlines if cell.blocks and isinstance(cell.blocks[0], Paragraph) else []


def _indented(text: str, by: str) -> str:
    return "\n".join(f"{by}{line}" if line else "" for line in text.split("\n"))


_BLOCKS: dict[type, Callable[[MarkdownBook, Any], str]] = {
    Paragraph: MarkdownBook._paragraph,
    Heading: MarkdownBook._heading,
    Verse: MarkdownBook._verse,
    Quotation: MarkdownBook._quotation,
    ListBlock: MarkdownBook._list,
    DefinitionList: MarkdownBook._definitions,
    Table: MarkdownBook._table,
    Figure: MarkdownBook._figure,
    CodeBlock: MarkdownBook._code_block,
    SceneBreak: MarkdownBook._scene_break,
    Aside: MarkdownBook._aside,
}
