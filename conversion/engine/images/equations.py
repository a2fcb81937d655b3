"""Rebuild formulas that are too wide for the page in more lines: equations side by side are stacked, long ones are
broken.

All functions take and return MathML as text. A line is broken where mathematicians break it: preferably before a
relation, else before an operator outside of brackets, else after a comma. Its later parts are indented.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from lxml import etree

_NAMESPACE = "{http://www.w3.org/1998/Math/MathML}"
_DEFAULT: dict[Any, str] = {None: _NAMESPACE[1:-1]}  # lxml's types have no default namespace
_GAP_EM = 1.0  # a space this wide at the end of a cell separates two equations
_LENGTH_EM = re.compile(r"([0-9.]+)em")
_RELATIONS = frozenset("=<>≤≥≠≈≡∼≅∈⊂⊆→⇒⇔↔↦∣∝")
_OPERATORS = frozenset("+-−±∓×·⋅∪∩⊕∧∨")
_OPENING, _CLOSING = frozenset("([{⟨"), frozenset(")]}⟩")
_INDENT_EM = 2.0
_WRAPPERS = (f"{_NAMESPACE}math", f"{_NAMESPACE}mrow", f"{_NAMESPACE}mstyle")

type Measure = Callable[[str], float]  # returns the width of a formula in em


def tidied(mathml: str) -> str:
    """Return a formula without empty table columns, and without space at the end of rows."""
    table = _only_table(mathml)
    if table is None:
        return mathml
    empty = [n for n in range(len(table[0])) if not any(_is_written(row[n]) for row in table)]
    for row in table:
        for column in reversed(empty):
            row.remove(row[column])
        if len(row) and _trailing_space(row[-1]) is not None:
            row[-1].remove(row[-1][-1])
    return _written(table) if len(table[0]) else mathml


def stacked(mathml: str) -> str:
    """Return a formula with the equations that stand side by side in one row below each other."""
    table = _only_table(mathml)
    groups = _groups(table) if table is not None else []
    if table is None or len(groups) < 2:
        return mathml
    widest = max(len(group) for group in groups)
    for row in list(table):
        cells = list(row)
        for group in groups:
            part = [cells[column] for column in group]
            if not any(map(_is_written, part)):
                continue
            line = etree.Element(f"{_NAMESPACE}mtr")
            line.extend(part)
            line.extend(etree.Element(f"{_NAMESPACE}mtd") for _ in range(widest - len(part)))
            row.addprevious(line)
        table.remove(row)
    return _written(table)


def broken(mathml: str, widest: float, measure: Measure) -> str:
    """Return a formula in lines of at most `widest` em, as far as it can be broken."""
    root = etree.fromstring(mathml)
    table = _only_table(mathml)
    rows = [[node for cell in row for node in cell] for row in table] if table is not None else [list(root)]
    if table is None and len(root) == 1 and root[0].tag in _WRAPPERS:
        rows = [list(root[0])]
    out = etree.Element(f"{_NAMESPACE}mtable", columnalign="left")
    for row in rows:
        for number, line in enumerate(_lines(row, widest, measure)):
            cell = etree.SubElement(etree.SubElement(out, f"{_NAMESPACE}mtr"), f"{_NAMESPACE}mtd", columnalign="left")
            if number:
                etree.SubElement(cell, f"{_NAMESPACE}mspace", width=f"{_INDENT_EM}em")
            cell.extend(copy.deepcopy(node) for node in line)
    return _formula([out]) if len(out) > 1 else mathml


def _lines(nodes: list[etree._Element], widest: float, measure: Measure) -> Iterator[list[etree._Element]]:
    """Yield lines, each with as many parts of a row as fit."""
    line: list[etree._Element] = []
    room = widest
    for part in _parts(nodes):
        if line and measure(_formula([*line, *part])) > room:
            yield line
            line, room = [], widest - _INDENT_EM
        line = [*line, *part]
    if line:
        yield line


def _parts(nodes: Sequence[etree._Element]) -> list[list[etree._Element]]:
    """Return a row in parts between which it may be broken."""
    parts: list[list[etree._Element]] = [[]]
    depth = 0
    may_break = False  # after a comma
    for node in nodes:
        sign = (node.text or "").strip() if node.tag == f"{_NAMESPACE}mo" else ""
        may_break |= sign in _RELATIONS or (sign in _OPERATORS and _ends_operand(parts[-1]))
        if may_break and depth == 0:
            parts.append([])
        depth += (sign in _OPENING) - (sign in _CLOSING)
        may_break = sign in (",", ";")
        parts[-1].append(node)
    return [part for part in parts if part]


def _ends_operand(part: list[etree._Element]) -> bool:
    """Return whether the part ends an operand. An operator after nothing, or after another operator, is a sign and
    stays with what follows."""
    return bool(part) and not (
        part[-1].tag == f"{_NAMESPACE}mo" and (part[-1].text or "").strip() not in {*_CLOSING, "!"}
    )


def _formula(nodes: Sequence[etree._Element]) -> str:
    root = etree.Element(f"{_NAMESPACE}math", nsmap=_DEFAULT)
    root.extend(copy.deepcopy(node) for node in nodes)
    return etree.tostring(root, encoding="unicode")


def _only_table(mathml: str) -> etree._Element | None:
    """Return the table of a formula that is nothing but one table of plain cells."""
    if "<mtable" not in mathml or "span=" in mathml:
        return None
    table = etree.fromstring(mathml)
    while table.tag != f"{_NAMESPACE}mtable":
        if len(table) != 1 or table.tag not in _WRAPPERS:
            return None
        table = table[0]
    rows = list(table)
    is_plain = all(row.tag == f"{_NAMESPACE}mtr" for row in rows) and len({len(row) for row in rows}) == 1
    return table if is_plain and len(rows[0]) else None


def _written(table: etree._Element) -> str:
    return etree.tostring(table.getroottree().getroot(), encoding="unicode")


def _is_written(cell: etree._Element) -> bool:
    return any(str(text).strip() for text in cell.itertext())


def _trailing_space(cell: etree._Element) -> float | None:
    """Return the width of the space that ends a cell, None where none does."""
    if not len(cell) or cell[-1].tag != f"{_NAMESPACE}mspace":
        return None
    length = _LENGTH_EM.fullmatch(cell[-1].get("width", ""))
    return float(length[1]) if length else None


def _groups(table: etree._Element) -> list[list[int]]:
    """Return the columns of each equation: a wide space ends one."""
    groups: list[list[int]] = [[]]
    for column in range(len(table[0])):
        groups[-1].append(column)
        if any((_trailing_space(row[column]) or 0.0) >= _GAP_EM for row in table):
            groups.append([])
    return [group for group in groups if group]
