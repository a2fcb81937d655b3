"""How tables, code and notes are made to fit a page: nothing is ever clipped.

The page is not laid out yet when these decisions are made, so widths are estimated from the text, on the careful
side. Sizes are multiples of the text's size.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from ..book.model import CodeBlock, Figure, Note, Paragraph, Quotation, Table, Verse
from ..book.walk import plain
from ..markup.survey import Survey
from ..targets import Target
from ..typography.designs import DESIGNS, Design

_POINTS_PER_MM = 72 / 25.4
_TEXT_EM = 0.52  # mean width of a letter of running text
_CODE_EM = 0.6  # width of every letter of code
_CODE_INSET_EM = 1.0  # the line at its left, and a hair's breadth
_MIN_CODE = 0.8  # how far code is made smaller for its longest line, before lines are broken
_NARROWEST = 16  # columns, below which breaking makes no sense
_TABLE_SIZE = 0.9
_PADDING_EM = 1.4  # both sides of a cell
_READABLE = 14  # letters a line of a cell should hold at least
_MIN_FORMULA = 0.7
_PICTURE_SHARE = 0.86  # of the height of the text
_NOTE_SHARE = 0.4  # of a page that one note at its foot may take


class TableForm(Enum):
    """Plain as it is; stacked: each row a list of heading and value; broken: words may break anywhere."""

    PLAIN = "plain"
    STACKED = "stacked"
    BROKEN = "broken"


@dataclass(frozen=True, slots=True)
class TableFit:
    form: TableForm
    size: float


_CLASSIC = DESIGNS["classic"]


def measure_em(target: Target, design: Design = _CLASSIC) -> float:
    """Return the width of the text in em of its size."""
    return target.measure_mm * _POINTS_PER_MM / design.size_pt(target)


def _smallest(target: Target, design: Design) -> float:
    return target.smallest_pt / design.size_pt(target)


def fit_table(table: Table, target: Target, design: Design = _CLASSIC) -> TableFit:
    """Return how a table is set: at its size, smaller, stacked, or with broken words, in this order."""
    narrowest, comfortable = _table_widths(table)
    measure = measure_em(target, design)
    smallest = max(_smallest(target, design), 0.7)
    for size in (_TABLE_SIZE, (_TABLE_SIZE + smallest) / 2, smallest):
        if size >= smallest and comfortable * size <= measure:
            return TableFit(TableForm.PLAIN, size)
    if _can_stack(table):
        return TableFit(TableForm.STACKED, _TABLE_SIZE)
    if narrowest * smallest <= measure:
        return TableFit(TableForm.PLAIN, smallest)
    return TableFit(TableForm.BROKEN, smallest)


def _table_widths(table: Table) -> tuple[float, float]:
    """Return the widths in em, padding included: no word broken, and lines of a readable length."""
    words: dict[int, int] = {}
    lines: dict[int, int] = {}
    for row in table.rows:
        column = 0
        for cell in row:
            text = plain(cell.blocks)
            span = max(cell.colspan, 1)
            if span == 1:
                words[column] = max(words.get(column, 1), max(map(len, text.split()), default=1))
                lines[column] = max(lines.get(column, 1), len(text))
            column += span
        for spanned in range(column):
            words.setdefault(spanned, 1)
    narrowest = sum(words.values()) * _TEXT_EM + len(words) * _PADDING_EM
    readable = sum(max(word, min(lines.get(column, 1), _READABLE)) for column, word in words.items())
    return narrowest, readable * _TEXT_EM + len(words) * _PADDING_EM


def _can_stack(table: Table) -> bool:
    """A table can be told as a list when one row of headings names the columns and no cell spans."""
    if table.header_rows != 1 or len(table.rows) < 2:
        return False
    width = len(table.rows[0])
    return all(len(row) == width and all(cell.colspan <= 1 and cell.rowspan <= 1 for cell in row) for row in table.rows)


def code_size(block: CodeBlock, target: Target, design: Design = _CLASSIC) -> float:
    """Return the size of a block of code: small enough for its longest line, but not below the smallest."""
    longest = max((len(line.expandtabs(4)) for line in block.text.splitlines()), default=1)
    fitting = (measure_em(target, design) - _CODE_INSET_EM) / (max(longest, 1) * _CODE_EM)
    smallest = max(_smallest(target, design), _MIN_CODE * design.mono_size)
    return max(min(design.mono_size, fitting), min(smallest, design.mono_size))


def code_columns(size: float, target: Target, design: Design = _CLASSIC) -> int:
    """Return how many letters of code of a size fit into a line."""
    return int((measure_em(target, design) - _CODE_INSET_EM) / (size * _CODE_EM))


def broken(line: str, columns: int) -> list[str]:
    """Return a line of code in lines of at most so many letters, the later ones moved in by two more.

    It is broken before a space where there is one in the last half, else after a mark, else anywhere; two columns
    are kept for the arrow. No letter is lost; spaces at a break become the break.
    """
    line = line.expandtabs(4)
    if len(line) <= columns or columns < _NARROWEST:
        return [line]
    indent = " " * min(len(line) - len(line.lstrip()) + 2, columns // 3)
    parts: list[str] = []
    while len(line) > columns:
        end = _break_at(line, columns - 2)
        parts.append(line[:end].rstrip())
        line = indent + line[end:].lstrip()
    return [*parts, line]


def _break_at(line: str, most: int) -> int:
    least = max(most // 2, len(line) - len(line.lstrip()) + 1)
    for marks in (" ", ",;", "([{.:/=&|+-_"):
        end = max(line.rfind(mark, least, most) for mark in marks)
        if end > 0:
            return end if marks == " " else end + 1
    return most


def formula_room(target: Target, design: Design = _CLASSIC) -> tuple[float, float]:
    """Return the width for a formula in em, and the scale below which it cannot be read."""
    return measure_em(target, design) - 0.2, max(_smallest(target, design), _MIN_FORMULA)


def height_em(target: Target, design: Design = _CLASSIC) -> float:
    """Return the height in em that a picture may have."""
    return target.text_height_mm * _POINTS_PER_MM / design.size_pt(target) * _PICTURE_SHARE


def is_foot_note(note: Note, target: Target) -> bool:
    """Tell whether a note may stand at the foot of a page; long ones and tables go to the chapter's end."""
    if note.kind == "endnote" or not note.blocks:
        return False
    if not all(isinstance(block, Paragraph | Quotation | Verse) for block in note.blocks):
        return False
    if any(isinstance(block, Quotation) and _has_large(block) for block in note.blocks):
        return False
    return len(plain(note.blocks)) <= page_characters(target) * _NOTE_SHARE


def _has_large(block: Quotation) -> bool:
    return any(isinstance(inner, Table | Figure | CodeBlock | Quotation) for inner in block.blocks)


def page_characters(target: Target, design: Design = _CLASSIC) -> float:
    """Return roughly how many letters of running text a page holds."""
    lines = target.text_height_mm * _POINTS_PER_MM / design.line_pt(target)
    return lines * measure_em(target, design) / _TEXT_EM


def estimated_pages(survey: Survey, target: Target, design: Design) -> int:
    """Return roughly how many pages a book will have: enough to choose the margin at the spine before it is set.

    A block is at least a line, its last line is half full, and a chapter leaves most of a page white.
    """
    line = measure_em(target, design) / _TEXT_EM
    lines = 0.0
    for piece in survey.pieces:
        notes = [block for note_id in piece.notes for block in survey.book.notes[note_id].blocks]
        lines += sum(max(len(plain([block])) / line, 1.0) + 0.5 for block in [*piece.blocks, *notes])
    per_page = page_characters(target, design) / line
    return round(lines / per_page + 0.75 * len(survey.pieces))
