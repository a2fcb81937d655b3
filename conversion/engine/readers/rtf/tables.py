"""Tables of an RTF: rows that end with `\\row`, cells by the places of their right edges, tables inside cells."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, field

from ...book.model import Aside, Cell, Table
from ..assembly.sink import Sink
from ..assembly.table_rows import table_of

MAX_COLUMNS = 1000
MAX_TABLES_DEEP = 8
_TOLERANCE_TWIPS = 20  # edges nearer than a millimetre's third are one


@dataclass(slots=True)
class _CellDefinition:
    edge: int
    continues_left: bool = False
    begins_down: bool = False
    continues_up: bool = False


@dataclass(slots=True)
class RowDefinition:
    """What `\\trowd` begins: the cells of a row, each closed by `\\cellx`."""

    left: int = 0
    is_header: bool = False
    cells: list[_CellDefinition] = field(default_factory=list)
    _next: _CellDefinition = field(default_factory=lambda: _CellDefinition(0))

    def merge(self, word: bytes) -> None:
        """A mark of the next cell: it is merged with others."""
        if word == b"clmrg":
            self._next.continues_left = True
        elif word == b"clvmgf":
            self._next.begins_down = True
        elif word == b"clvmrg":
            self._next.continues_up = True

    def close_cell(self, edge: int) -> None:
        """`\\cellx`: the right edge of the next cell, and its end."""
        self._next.edge = edge
        if len(self.cells) < MAX_COLUMNS:
            self.cells.append(self._next)
        self._next = _CellDefinition(0)


@dataclass(slots=True)
class _Row:
    definition: RowDefinition
    cells: list[Sink]


@dataclass(slots=True)
class _OpenTable:
    sink: Sink = field(default_factory=Sink)  # of the cell that is being read
    cells: list[Sink] = field(default_factory=list)
    rows: list[_Row] = field(default_factory=list)
    has_begun_cell: bool = False


class Tables:
    """The open tables of one story, outermost first, above the sink of the story itself."""

    def __init__(self, sink: Sink) -> None:
        self._sink = sink
        self._open: list[_OpenTable] = []
        self.outer, self.nested = RowDefinition(), RowDefinition()

    def sink_at(self, depth: int) -> Sink:
        """Where a paragraph `depth` tables deep goes; opens and closes tables on the way."""
        depth = min(depth, MAX_TABLES_DEEP)
        while len(self._open) > depth:
            self._close()
        while len(self._open) < depth:
            self._open.append(_OpenTable())
        return self._open[-1].sink if self._open else self._sink

    @property
    def depth(self) -> int:
        """How many tables are open."""
        return len(self._open)

    def end_cell(self, depth: int) -> None:
        """The cell is complete."""
        self.sink_at(depth)
        table = self._open[-1]
        if len(table.cells) < MAX_COLUMNS:
            table.cells.append(table.sink)
        else:
            table.cells[-1].blocks += table.sink.blocks
        table.sink = Sink()

    def end_row(self, depth: int) -> None:
        """The row is complete; a cell that nothing has ended belongs to it."""
        self.sink_at(depth)
        table = self._open[-1]
        if len(table.sink):
            self.end_cell(depth)
        if table.cells:
            definition = self.outer if depth == 1 else self.nested
            table.rows.append(_Row(definition, table.cells))
            table.cells = []

    def finish(self) -> None:
        """Close what is open."""
        self.sink_at(0)

    def _close(self) -> None:
        table = self._open[-1]
        if table.rows or table.cells:
            self.end_row(len(self._open))
        self._open.pop()
        outside = self._open[-1].sink if self._open else self._sink
        if table.rows:
            block = _built(table.rows)
            if block is not None:
                outside.add(block)
        else:
            for loose in table.sink.blocks:
                outside.add(loose)


def _built(rows: list[_Row]) -> Table | Aside | None:
    edges = _edges(rows)
    open_cells: dict[int, Cell] = {}
    built: list[list[Cell]] = []
    headers = 0
    for row in rows:
        if row.definition.is_header and headers == len(built):
            headers += 1
        built.append(_cells(row, edges, open_cells))
    return table_of(built, headers)


def _edges(rows: list[_Row]) -> list[int]:
    """The places where columns end, from left to right."""
    places = {cell.edge for row in rows for cell in row.definition.cells} | {row.definition.left for row in rows}
    edges: list[int] = []
    for place in sorted(places):
        if not edges or place - edges[-1] > _TOLERANCE_TWIPS:
            edges.append(place)
    return edges


def _cells(row: _Row, edges: list[int], open_cells: dict[int, Cell]) -> list[Cell]:
    def place(edge: int) -> int:
        return bisect_left(edges, edge - _TOLERANCE_TWIPS)

    cells: list[Cell] = []
    definitions = row.definition.cells
    column = place(row.definition.left) if definitions else 0
    if column:
        cells.append(Cell([], colspan=column))
    for number, sink in enumerate(row.cells):
        blocks = sink.finish()
        known = definitions[number] if number < len(definitions) else None
        end = max(place(known.edge), column + 1) if known is not None else column + 1
        above = open_cells.get(column)
        if known is not None and known.continues_left and cells:
            cells[-1].blocks += blocks
            cells[-1].colspan += end - column
        elif known is not None and known.continues_up and above is not None:
            above.rowspan += 1
            above.blocks += blocks
        else:
            cell = Cell(blocks, colspan=end - column)
            cells.append(cell)
            if known is not None and (known.begins_down or known.continues_up):
                open_cells[column] = cell
            else:
                open_cells.pop(column, None)
        column = end
    return cells
