"""Diagrams and charts of a DOCX, told in words: SmartArt as a list, a chart as a table of its numbers.

Word keeps no picture of them, but all of their text.
"""

from __future__ import annotations

from itertools import islice

from ...book import clean
from ...book.model import AnyBlock, Cell, Inline, ListBlock, ListItem, Paragraph, Table, Text
from ...gate.xml import Element
from .names import A, R

DGM = "{http://schemas.openxmlformats.org/drawingml/2006/diagram}"
C = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
DIAGRAM, CHART = DGM + "relIds", C + "chart"
MAX_POINTS = 2000
MAX_DEEP = 12
MAX_SERIES = 30


def relationship_of(element: Element) -> str:
    """The id of the part that holds what `element` (a DIAGRAM or a CHART) shows."""
    return str(element.get(R + "dm") or element.get(R + "id") or "")


def read_drawn(root: Element) -> AnyBlock | None:
    """The words of a diagram's data or of a chart; None when there are none."""
    if root.tag == DGM + "dataModel":
        return _diagram(root)
    return _chart(root)


# ---------------------------------------------------------------- SmartArt


def _diagram(root: Element) -> ListBlock | None:
    words: dict[str, str] = {}
    for point in islice(root.iter(DGM + "pt"), MAX_POINTS):
        lines = ["".join(t.text or "" for t in p.iter(A + "t")).strip() for p in point.iter(A + "p")]
        words[str(point.get("modelId"))] = clean.text(" ".join(filter(None, lines)))
    below: dict[str, list[tuple[int, str]]] = {}
    for connection in islice(root.iter(DGM + "cxn"), 4 * MAX_POINTS):
        if connection.get("type", "parOf") == "parOf":
            order = str(connection.get("srcOrd", "0"))
            place = int(order) if order.isdecimal() and len(order) < 9 else 0
            below.setdefault(str(connection.get("srcId")), []).append((place, str(connection.get("destId"))))
    top = next((str(p.get("modelId")) for p in root.iter(DGM + "pt") if p.get("type") == "doc"), "")
    return _Tree(words, below, top).branch(top)


class _Tree:
    """Points by id with their words, and the ids below each in order."""

    def __init__(self, words: dict[str, str], below: dict[str, list[tuple[int, str]]], top: str) -> None:
        self._words, self._below = words, below
        self._seen = {top}

    def branch(self, point: str, depth: int = 0) -> ListBlock | None:
        """The list below one point. Points without words pass their lists on; circles end."""
        block = ListBlock([])
        for _, child in sorted(self._below.get(point, [])):
            if child in self._seen:
                continue
            self._seen.add(child)
            inner = self.branch(child, depth + 1) if depth < MAX_DEEP else None
            if self._words.get(child):
                paragraph = Paragraph([Text(self._words[child])])
                block.items.append(ListItem([paragraph, inner] if inner is not None else [paragraph]))
            elif inner is not None:
                block.items += inner.items
        return block if block.items else None


# ---------------------------------------------------------------- charts


def _chart(root: Element) -> Table | None:
    """A row for each category, a column for each series, as Word kept them for showing."""
    series = list(islice(root.iter(C + "ser"), MAX_SERIES))
    labels: dict[int, str] = {}
    columns: list[tuple[str, dict[int, str]]] = []
    for one in series:
        for tag in ("cat", "xVal"):
            labels = labels or _points(one.find(C + tag))
        name = one.find(C + "tx")
        values = _points(one.find(C + "val")) or _points(one.find(C + "yVal"))
        title = " ".join(_points(name).values()) or (
            "".join(t.text or "" for t in name.iter(C + "v")) if name is not None else ""
        )
        columns.append((clean.text(title), values))
    places = sorted({place for _, values in columns for place in values} | set(labels))[:MAX_POINTS]
    caption: list[Inline] = [Text(clean.text(title))] if (title := _title(root)) else []
    if not places:
        return None
    head = [_cell("", header=True), *(_cell(name, header=True) for name, _ in columns)]
    rows = [
        [
            _cell(labels.get(place, str(place + 1)), header=True),
            *(_cell(values.get(place, "")) for _, values in columns),
        ]
        for place in places
    ]
    return Table([head, *rows], 1, caption)


def _title(root: Element) -> str:
    title = root.find(f".//{C}chart/{C}title")
    return "".join(t.text or "" for t in title.iter(A + "t")).strip() if title is not None else ""


def _points(element: Element | None) -> dict[int, str]:
    found: dict[int, str] = {}
    for point in islice(element.iter(C + "pt"), MAX_POINTS) if element is not None else ():
        place, value = str(point.get("idx", "")), point.find(C + "v")
        if place.isdecimal() and len(place) < 9 and value is not None:
            found[int(place)] = clean.text(value.text or "")
    return found


def _cell(text: str, *, header: bool = False) -> Cell:
    return Cell([Paragraph([Text(text)])] if text else [], header=header)
