"""Tables of a DOCX: spans, merged cells, header rows; a table of one cell is a box."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from ...book.model import Aside, Cell, Table
from ...gate.xml import Element
from ..assembly.numbers import whole
from ..assembly.sink import Sink
from ..assembly.table_rows import table_of
from .document import Document, value
from .names import VAL, W

MAX_COLUMNS = 1000
_ON = ("1", "true", "on", "")


def read_table(element: Element, document: Document, read_cell: Callable[[Element], Sink]) -> Table | Aside | None:
    """The table of a `w:tbl`; None when nothing is left of it."""
    rows: list[list[Cell]] = []
    header_rows = 0
    open_cells: dict[int, Cell] = {}
    for row in _children(element, W + "tr"):
        props = row.find(W + "trPr")
        if props is not None and props.find(W + "del") is not None:
            document.tracked_change(row)
            continue
        cells = _row(row, props, open_cells, read_cell)
        if header_rows == len(rows) and _is_header(props):
            header_rows += 1
        rows.append(cells)
    if not header_rows and len(rows) > 1 and _first_row_styled(element, document):
        header_rows = 1
    return table_of(rows, header_rows)


def _children(element: Element, tag: str) -> Iterator[Element]:
    """Rows or cells, also those inside content controls."""
    for child in element.iterchildren():
        if child.tag == tag:
            yield child
        elif child.tag == W + "sdt":
            content = child.find(W + "sdtContent")
            if content is not None:
                yield from _children(content, tag)
        elif child.tag in (W + "ins", W + "customXml"):
            yield from _children(child, tag)


def _row(
    row: Element, props: Element | None, open_cells: dict[int, Cell], read_cell: Callable[[Element], Sink]
) -> list[Cell]:
    cells: list[Cell] = []
    column = _span(props.find(W + "gridBefore")) if props is not None else 0
    if column:
        cells.append(Cell([], colspan=column))
    for element in _children(row, W + "tc"):
        if column >= MAX_COLUMNS:
            break
        tc_props = element.find(W + "tcPr")
        colspan = max(_span(tc_props.find(W + "gridSpan")), 1) if tc_props is not None else 1
        merge = tc_props.find(W + "vMerge") if tc_props is not None else None
        above = open_cells.get(column)
        blocks = read_cell(element).finish()
        if merge is not None and merge.get(VAL, "continue") == "continue" and above is not None:
            above.rowspan += 1
            above.blocks += blocks
        else:
            cell = Cell(blocks, colspan=colspan)
            cells.append(cell)
            if merge is not None:
                open_cells[column] = cell
            else:
                open_cells.pop(column, None)
        column += colspan
    return cells


def _span(element: Element | None) -> int:
    return whole(value(element, "0"), 0, 0, MAX_COLUMNS)


def _is_header(props: Element | None) -> bool:
    mark = props.find(W + "tblHeader") if props is not None else None
    return mark is not None and mark.get(VAL, "1") in _ON


def _first_row_styled(element: Element, document: Document) -> bool:
    """The table's style sets its first row apart, and the table asks for that."""
    style = value(element.find(f"{W}tblPr/{W}tblStyle"))
    look = element.find(f"{W}tblPr/{W}tblLook")
    if style not in document.styles.header_row_styles or look is None:
        return False
    if look.get(W + "firstRow") is not None:
        return look.get(W + "firstRow") in _ON
    bits = value(look, "0")
    return all(char in "0123456789abcdefABCDEF" for char in bits) and bool(int(bits, 16) & 0x20)
