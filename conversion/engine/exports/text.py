"""Export a Book as plain text in UTF-8: one paragraph per line, empty lines between, notes after their chapter."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

from ..book.inlines import WRAPPERS, alternative
from ..book.model import (
    AnyBlock,
    Aside,
    Book,
    Cell,
    CodeBlock,
    CodeSpan,
    DefinitionList,
    Figure,
    Heading,
    Inline,
    InlineImage,
    LineBreak,
    ListBlock,
    ListItem,
    Math,
    Note,
    NoteRef,
    Paragraph,
    Quotation,
    Ruby,
    SceneBreak,
    Table,
    Text,
    Verse,
)
from ..markup.terms import terms_for
from ..markup.text import clean, one_line

_INDENT = "    "
_SCENE_BREAK = "* * *"


def write_text(book: Book, out: Path) -> None:
    """Write the book to `out`: title and authors, then all chapters."""
    out.write_text(TextBook(book).whole(), encoding="utf-8")


class TextBook:
    """Renders one book. Notes are numbered through the book, in order of reference."""

    def __init__(self, book: Book) -> None:
        self.book = book
        self.terms = terms_for(book.metadata.language)
        self._numbers: dict[str, int] = {}
        self._waiting: list[str] = []

    def whole(self) -> str:
        """Return the text, ending in a single line end."""
        metadata = self.book.metadata
        names = [one_line(person.name) for person in metadata.contributors if person.role == "aut"]
        head = [one_line(metadata.title), one_line(metadata.subtitle), ", ".join(names)]
        parts = ["\n".join(line for line in head if line)]
        parts += [text for chapter in self.book.chapters if (text := self._chapter(chapter.blocks))]
        unread = [note_id for note_id in self.book.notes if note_id not in self._numbers]
        for note_id in unread:
            self._number(note_id)
        parts.append(self._notes())
        return clean("\n\n\n".join(part for part in parts if part)) + "\n"

    def _chapter(self, blocks: Sequence[AnyBlock]) -> str:
        return "\n\n".join(part for part in (self._blocks(blocks), self._notes()) if part)

    def _notes(self) -> str:
        """Return the notes referenced since the last call; notes may refer to further ones."""
        notes: list[str] = []
        while self._waiting:
            note_id = self._waiting.pop(0)
            note: Note = self.book.notes[note_id]
            notes.append(f"[{self._numbers[note_id]}] {self._blocks(note.blocks)}")
        return "\n\n".join([f"{self.terms.notes}:", *notes]) if notes else ""

    def _number(self, note_id: str) -> int:
        if note_id not in self._numbers:
            self._numbers[note_id] = len(self._numbers) + 1
            self._waiting.append(note_id)
        return self._numbers[note_id]

    # ------------------------------------------------------------ blocks

    def _blocks(self, blocks: Iterable[AnyBlock]) -> str:
        return "\n\n".join(text for block in blocks if (text := _BLOCKS[type(block)](self, block)))

    def _running(self, block: Paragraph | Heading) -> str:
        return self._inlines(block.inlines).strip()

    def _verse(self, block: Verse) -> str:
        stanzas = [
            "\n".join(_INDENT * min(line.indent, 8) + self._inlines(line.inlines).strip() for line in stanza)
            for stanza in block.stanzas
        ]
        return "\n\n".join(filter(None, stanzas))

    def _inner(self, block: Quotation | Aside) -> str:
        return _indented(self._blocks(block.blocks))

    def _list(self, block: ListBlock) -> str:
        marks = (f"{block.start + number}." if block.ordered else "-" for number in range(len(block.items)))
        return "\n".join(self._item(mark, item) for mark, item in zip(marks, block.items, strict=True))

    def _item(self, mark: str, item: ListItem) -> str:
        box = "" if item.checked is None else ("[x] " if item.checked else "[ ] ")
        inside = "\n".join(text for block in item.blocks if (text := _BLOCKS[type(block)](self, block)))
        return f"{mark} {box}{_indented(inside, ' ' * (len(mark) + 1)).lstrip()}".rstrip()

    def _definitions(self, block: DefinitionList) -> str:
        return "\n".join(
            f"{self._inlines(item.term).strip()}\n{_indented(self._blocks(item.blocks))}" for item in block.items
        )

    def _table(self, block: Table) -> str:
        caption = self._inlines(block.caption).strip()
        rows = [" | ".join(map(self._cell, row)) for row in block.rows if row]
        return "\n".join(filter(None, [caption, *rows]))

    def _cell(self, cell: Cell) -> str:
        return " ".join(self._blocks(cell.blocks).split())

    def _figure(self, block: Figure) -> str:
        caption = self._inlines(block.caption).strip()
        return "\n".join(filter(None, [f"[{one_line(alt)}]" if (alt := alternative(block).strip()) else "", caption]))

    def _code(self, block: CodeBlock) -> str:
        return _indented(block.text.rstrip("\n"))

    def _scene_break(self, block: SceneBreak) -> str:
        return _SCENE_BREAK

    # ------------------------------------------------------------ inline elements

    def _inlines(self, nodes: Sequence[Inline]) -> str:
        return "".join(map(self._inline, nodes))

    def _inline(self, node: Inline) -> str:
        if isinstance(node, WRAPPERS):
            return self._inlines(node.children)
        if isinstance(node, Text | CodeSpan | LineBreak):
            return "\n" if isinstance(node, LineBreak) else node.text
        if isinstance(node, NoteRef):
            return f"[{self._number(node.note_id)}]" if node.note_id in self.book.notes else node.label
        if isinstance(node, Ruby):  # ruby annotations, in the script's brackets
            return "".join(f"{base}（{reading}）" if reading else base for base, reading in node.pairs)
        if isinstance(node, InlineImage):
            return alternative(node)
        return node.alt if isinstance(node, Math) else ""


def _indented(text: str, by: str = _INDENT) -> str:
    return "\n".join(f"{by}{line}" if line else "" for line in text.split("\n"))


_BLOCKS: dict[type, Callable[[TextBook, Any], str]] = {
    Paragraph: TextBook._running,
    Heading: TextBook._running,
    Verse: TextBook._verse,
    Quotation: TextBook._inner,
    ListBlock: TextBook._list,
    DefinitionList: TextBook._definitions,
    Table: TextBook._table,
    Figure: TextBook._figure,
    CodeBlock: TextBook._code,
    SceneBreak: TextBook._scene_break,
    Aside: TextBook._inner,
}
