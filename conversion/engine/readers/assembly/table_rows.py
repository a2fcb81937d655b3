"""From the rows that were read to a table; a table of one cell is a box."""

from __future__ import annotations

from ...book.model import Aside, Cell, Table


def table_of(rows: list[list[Cell]], header_rows: int) -> Table | Aside | None:
    """The table of the rows, the first of which are headers; None when nothing is left of it."""
    if not rows or not any(rows):
        return None
    if len(rows) == 1 and len(rows[0]) == 1:
        return Aside(rows[0][0].blocks) if rows[0][0].blocks else None
    if header_rows == len(rows):
        header_rows = 0
    for cells in rows[:header_rows]:
        for cell in cells:
            cell.header = True
    return Table(rows, header_rows)
