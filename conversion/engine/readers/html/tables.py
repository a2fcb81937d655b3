"""Tables of XHTML."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from ...book.model import Align, AnyBlock, Cell, Inline, Paragraph, Table, Text
from ...gate.xml import Element
from ..assembly.numbers import whole
from ..assembly.xhtml_names import local_name

MAX_COLUMNS = 200
MAX_SPAN = 1000
_ALIGN = {"center": Align.CENTER, "right": Align.END, "end": Align.END}


def read_table(
    element: Element,
    read_cell: Callable[[Element], list[AnyBlock]],
    read_caption: Callable[[Element], list[Inline]],
) -> Table | list[AnyBlock] | None:
    """The table; the blocks of its cells when it has more columns than any page; None when it is empty."""
    caption: list[Inline] = []
    rows: list[list[Cell]] = []
    header_rows = 0
    for row, in_head in _rows(element, in_head=False):
        if local_name(row) == "caption":
            caption = read_caption(row)
            continue
        cells = [_cell(child, read_cell) for child in row.iterchildren() if local_name(child) in ("td", "th")]
        if not cells:
            continue
        is_header = in_head or (not rows and len(cells) > 1 and all(cell.header for cell in cells))
        if is_header and header_rows == len(rows):
            header_rows += 1
        rows.append(cells)
    if not rows:
        return None
    if max(map(len, rows)) > MAX_COLUMNS:
        return [block for cells in rows for block in _as_text(cells)]
    if header_rows == len(rows):
        header_rows = 0
    _limit_spans(rows)
    return Table(rows, header_rows, caption)


def _as_text(cells: list[Cell]) -> list[AnyBlock]:
    """A row told as one paragraph; as its blocks where a cell holds anything but paragraphs."""
    blocks = [block for cell in cells for block in cell.blocks]
    told: list[Inline] = []
    for block in blocks:
        if not isinstance(block, Paragraph):
            return blocks
        told += [Text(" "), *block.inlines] if told else block.inlines
    return [Paragraph(told)] if told else []


def _rows(element: Element, *, in_head: bool) -> Iterator[tuple[Element, bool]]:
    for child in element.iterchildren():
        name = local_name(child)
        if name in ("tr", "caption"):
            yield child, in_head
        elif name in ("thead", "tbody", "tfoot"):
            yield from _rows(child, in_head=name == "thead")


def _cell(element: Element, read_cell: Callable[[Element], list[AnyBlock]]) -> Cell:
    style = str(element.get("style", "")).replace(" ", "").lower()
    align = _ALIGN.get(str(element.get("align", "")).lower(), Align.AUTO)
    for word, value in _ALIGN.items():
        if f"text-align:{word}" in style:
            align = value
    return Cell(
        read_cell(element),
        header=local_name(element) == "th",
        colspan=_span(element.get("colspan")),
        rowspan=_span(element.get("rowspan")),
        align=align,
    )


def _span(value: object) -> int:
    return whole(value, 1, 1, MAX_SPAN)


def _limit_spans(rows: list[list[Cell]]) -> None:
    """No cell reaches below the last row or past a sane width."""
    width = min(max(sum(cell.colspan for cell in cells) for cells in rows), MAX_COLUMNS)
    for number, cells in enumerate(rows):
        for cell in cells:
            cell.rowspan = min(cell.rowspan, len(rows) - number)
            cell.colspan = min(cell.colspan, width)
