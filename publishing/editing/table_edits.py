"""Changes of a table in a chapter's document: rows, columns, header cells, captions, and new tables."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from typing import Any

from publishing.editing.document_edits import find
from publishing.editing.errors import NoSuchCell, TableHasSpans

type Json = dict[str, Any]

MAX_COLUMNS = 50


class _Ids:
    """Ids of new blocks."""

    def __init__(self) -> None:
        self._count = 0

    def next(self) -> str:
        self._count += 1
        return f"new-{self._count}"


def with_table_after(document: Json, block_id: str, rows: int, columns: int) -> Json:
    """Return the document with an empty table after a block, its first row a header."""
    changed = deepcopy(document)
    found, ids = find(changed, block_id), _Ids()
    made = [_row(ids, [_cell(ids, is_header=not row) for _ in range(columns)]) for row in range(rows)]
    table = {"id": ids.next(), "kind": "table", "attributes": {"header_rows": 1}, "blocks": made}
    found.siblings.insert(found.place + 1, table)
    return changed


def changed_table(document: Json, block_id: str, action: str, row: int, column: int) -> Json:
    """Return the document with a table changed at a cell, counted from one. Raises NoSuchCell, TableHasSpans."""
    changed = deepcopy(document)
    table = find(changed, block_id).block
    if table["kind"] != "table":
        raise NoSuchCell
    _ACTIONS[action](table, row - 1, column - 1, _Ids())
    return changed


def _rows(table: Json) -> list[Json]:
    return [one for one in table["blocks"] if one["kind"] == "row"]


def _require_cell(table: Json, row: int, column: int) -> list[Json]:
    """Return the rows of a table that has such a cell, and no cells over several rows or columns."""
    rows = _rows(table)
    if any(cell["attributes"].keys() & {"colspan", "rowspan"} for one in rows for cell in one["blocks"]):
        raise TableHasSpans
    if not 0 <= row < len(rows) or not 0 <= column < len(rows[row]["blocks"]):
        raise NoSuchCell
    return rows


def _row_after(table: Json, row: int, column: int, ids: _Ids) -> None:
    rows = _require_cell(table, row, column)
    new = _row(ids, [_cell(ids, like=cell) for cell in rows[row]["blocks"]])
    table["blocks"].insert(table["blocks"].index(rows[row]) + 1, new)


def _remove_row(table: Json, row: int, column: int, ids: _Ids) -> None:
    rows = _require_cell(table, row, column)
    table["blocks"].remove(rows[row])
    header_rows = table["attributes"].get("header_rows", 0)
    if row < header_rows:
        table["attributes"]["header_rows"] = header_rows - 1


def _column_after(table: Json, row: int, column: int, ids: _Ids) -> None:
    rows = _require_cell(table, row, column)
    if len(rows[row]["blocks"]) >= MAX_COLUMNS:
        raise NoSuchCell
    for one in rows:
        cells = one["blocks"]
        here = cells[min(column, len(cells) - 1)] if cells else None
        is_header = here is not None and bool(here["attributes"].get("header")) and one is rows[0]
        cells.insert(min(column + 1, len(cells)), _cell(ids, is_header=is_header))


def _remove_column(table: Json, row: int, column: int, ids: _Ids) -> None:
    for one in _require_cell(table, row, column):
        del one["blocks"][column : column + 1]


def _header(table: Json, row: int, column: int, ids: _Ids) -> None:
    """Turn a cell into a header, or back."""
    rows = _rows(table)
    if not 0 <= row < len(rows) or not 0 <= column < len(rows[row]["blocks"]):
        raise NoSuchCell
    attributes = rows[row]["blocks"][column]["attributes"]
    if attributes.pop("header", False) is False:
        attributes["header"] = True


_ACTIONS: dict[str, Callable[[Json, int, int, _Ids], None]] = {
    "row_after": _row_after,
    "remove_row": _remove_row,
    "column_after": _column_after,
    "remove_column": _remove_column,
    "header": _header,
}
TABLE_ACTIONS = frozenset(_ACTIONS)


def with_caption(document: Json, block_id: str, pieces: list[Any]) -> Json:
    """Return the document with a caption in a table or a picture that has none."""
    changed = deepcopy(document)
    block = find(changed, block_id).block
    caption = {"id": "new-1", "kind": "caption", "attributes": {}, "text": pieces}
    block["blocks"] = [caption, *(one for one in block.get("blocks", []) if one["kind"] != "caption")]
    return changed


def may_have_caption(block: Json) -> bool:
    """Whether a caption can be added to the block: a table or a picture without one."""
    is_island = block["kind"] in ("table", "figure")
    return is_island and all(one["kind"] != "caption" for one in block.get("blocks", []))


def _row(ids: _Ids, cells: list[Json]) -> Json:
    return {"id": ids.next(), "kind": "row", "attributes": {}, "blocks": cells}


def _cell(ids: _Ids, *, is_header: bool = False, like: Json | None = None) -> Json:
    attributes = {"header": True} if is_header else {}
    if like is not None and "align" in like["attributes"]:
        attributes["align"] = like["attributes"]["align"]
    paragraph: Json = {"id": ids.next(), "kind": "paragraph", "attributes": {}, "text": []}
    return {"id": ids.next(), "kind": "cell", "attributes": attributes, "blocks": [paragraph]}
