"""Pandoc's tables for markdown-it: simple, multiline and grid tables, and captions for all of them.

A rule finds the lines of a table and cuts them into cells; `_emit` writes the tokens that GFM's own tables have, with
spans and with blocks inside cells.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.rules_block import table as gfm_table
from markdown_it.token import Token

from .blocks import lines_from, parse_inside

MAX_LINES = 3000
MAX_WIDTH = 2000
_DASHES = re.compile(r" {0,3}-+(?: +-+)+ *")
_LONG_DASHES = re.compile(r" {0,3}-{3,} *")
_GRID_LINE = re.compile(r"\+(?:[-=:]+\+)+ *")
_CAPTION = re.compile(r"(?:[Tt]able)?: +(?=\S)")


@dataclass(slots=True)
class _Cell:
    text: str
    columns: int = 1
    rows: int = 1


@dataclass(slots=True)
class _Table:
    """`end` is the first line after it."""

    rows: list[list[_Cell]]
    end: int
    header_rows: int = 0
    aligns: list[str] = field(default_factory=list)
    has_blocks: bool = False


def tables_plugin(parser: MarkdownIt) -> None:
    """Let `parser` read pandoc's tables beside GFM's."""
    parser.block.ruler.before("table", "pandoc_table", _rule, {"alt": ["paragraph", "reference"]})
    parser.block.ruler.at("table", _captioned, {"alt": ["paragraph", "reference"]})


def _rule(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    if state.is_code_block(start):
        return False
    first = lines_from(state, start, start + 1)[0]
    if first[:1] == "+":
        found = _grid(state, start, end) if _GRID_LINE.fullmatch(first) else None
    elif "-" in first or start + 1 < end:
        found = _dashed(state, start, end)
    else:
        found = None
    if found is None:
        return False
    if not silent:
        _emit(state, start, found)
    return True


def _captioned(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """A GFM table, with the caption that may follow, and without a header row that is only there because GFM
    asks for one."""
    before = len(state.tokens)
    if not gfm_table(state, start, end, silent):
        return False
    if silent:
        return True
    head = next((n for n, token in enumerate(state.tokens) if n > before and token.type == "thead_close"), before)
    if not any(token.content.strip() for token in state.tokens[before:head]):
        del state.tokens[before + 1 : head + 1]
    caption = _take_caption(state, state.line)
    state.tokens[before + 1 : before + 1] = caption
    return True


# ---------------------------------------------------------------- simple and multiline


def _dashed(state: StateBlock, start: int, end: int) -> _Table | None:
    """A table whose columns are shown by a line of dashes, with a header above it or without."""
    head = lines_from(state, start, min(end, start + 2))
    if _DASHES.fullmatch(head[0]):
        return _body(state, start, end, header=[], ruled=True)
    if _LONG_DASHES.fullmatch(head[0]):
        return _multiline_with_header(state, start, end)
    is_header = bool(head[0].strip()) and not head[0].lstrip().startswith(("```", "~~~"))  # that is code with dashes
    if len(head) == 2 and is_header and _DASHES.fullmatch(head[1]):
        return _body(state, start + 1, end, header=[head[0]], ruled=False)
    return None


def _multiline_with_header(state: StateBlock, start: int, end: int) -> _Table | None:
    header: list[str] = []
    for line in range(start + 1, min(end, start + 12)):
        text = lines_from(state, line, line + 1)[0]
        if _DASHES.fullmatch(text):
            return _body(state, line, end, header=header, ruled=True) if header else None
        if not text.strip():
            return None
        header.append(text)
    return None


def _body(state: StateBlock, dashes: int, end: int, *, header: list[str], ruled: bool) -> _Table | None:
    """Rows below the line `dashes`. A `ruled` table ends with dashes too; with blank lines inside, rows are of
    several lines."""
    rule = lines_from(state, dashes, dashes + 1)[0]
    starts = [match.start() for match in re.finditer(r"-+", rule)]
    stops = [match.end() for match in re.finditer(r"-+", rule)]
    lines: list[str] = []
    last = dashes + 1
    while last < min(end, dashes + MAX_LINES):
        text = lines_from(state, last, last + 1)[0]
        is_end = _DASHES.fullmatch(text) or _LONG_DASHES.fullmatch(text)
        if is_end or (not ruled and not text.strip()):
            last += bool(is_end)
            break
        lines.append(text)
        last += 1
    else:
        if ruled:
            return None
    while lines and not lines[-1].strip():
        lines.pop()
    if not lines:
        return None
    multiline = ruled and (len(header) > 1 or any(not line.strip() for line in lines))
    groups = _groups(lines) if multiline else [[line] for line in lines]
    rows = [_cut(group, starts) for group in ([header, *groups] if header else groups)]
    aligns = _aligns(header or lines[:1], starts, stops)
    return _Table(rows, last, 1 if header else 0, aligns, has_blocks=multiline)


def _groups(lines: list[str]) -> list[list[str]]:
    """Rows of a multiline table, which blank lines part."""
    groups: list[list[str]] = [[]]
    for line in lines:
        if line.strip():
            groups[-1].append(line)
        elif groups[-1]:
            groups.append([])
    return [group for group in groups if group]


def _cut(lines: list[str], starts: list[int]) -> list[_Cell]:
    ends = [*starts[1:], None]
    first = [0, *starts[1:]]
    return [
        _Cell("\n".join(line[start:end].strip() for line in lines).strip())
        for start, end in zip(first, ends, strict=True)
    ]


def _aligns(lines: list[str], starts: list[int], stops: list[int]) -> list[str]:
    """By where the header's words stand over their dashes, as pandoc has it."""
    found = []
    for column, (start, stop) in enumerate(zip(starts, stops, strict=True)):
        end = starts[column + 1] if column + 1 < len(starts) else None
        texts = [line[start:end] for line in lines if line[start:end].strip()]
        left = any(not text.startswith(" ") for text in texts)
        right = any(len(text.rstrip()) >= stop - start for text in texts)
        found.append("right" if right and not left else "center" if texts and not left else "")
    return found


# ---------------------------------------------------------------- grid


def _grid(state: StateBlock, start: int, end: int) -> _Table | None:
    lines: list[str] = []
    last = start
    while last < min(end, start + MAX_LINES):
        text = lines_from(state, last, last + 1)[0].rstrip()
        if text[:1] not in ("+", "|"):
            break
        lines.append(text)
        last += 1
    width = max(map(len, lines))
    if len(lines) < 3 or width > MAX_WIDTH:
        return None
    cells = _Grid([line.ljust(width) for line in lines]).cells()
    if not cells:
        return None
    tops, lefts = sorted({top for top, *_ in cells}), sorted({left for _, left, *_ in cells})
    rows: list[list[_Cell]] = [[] for _ in tops]
    for top, left, bottom, right in sorted(cells):
        text = "\n".join(line[left + 1 : right].rstrip() for line in lines[top + 1 : bottom])
        columns = sum(left <= place < right for place in lefts)
        spanned = sum(top <= place < bottom for place in tops)
        rows[tops.index(top)].append(_Cell(_dedent(text), columns, spanned))
    rule = next((n for n, line in enumerate(lines) if _GRID_LINE.fullmatch(line) and "=" in line and n), 0)
    header = sum(top < rule for top in tops)
    marks = [cut for cut in re.split(r"\+", lines[rule])[1:] if cut]
    aligns = [
        "center" if m[0] == m[-1] == ":" and len(m) > 1 else "right" if m[-1] == ":" else "" for m in marks if m.strip()
    ]
    return _Table(rows, last, header if header < len(tops) else 0, aligns, has_blocks=True)


def _dedent(text: str) -> str:
    """Without the space that parts text from its border."""
    lines = text.split("\n")
    margin = min((len(line) - len(line.lstrip(" ")) for line in lines if line.strip()), default=0)
    return "\n".join(line[margin:] for line in lines).strip("\n")


class _Grid:
    """Finds the boxes in lines of one width, from corner to corner."""

    def __init__(self, lines: list[str]) -> None:
        self.lines = lines
        self.bottom, self.right = len(lines) - 1, len(lines[0]) - 1

    def cells(self) -> list[tuple[int, int, int, int]]:
        """Boxes as (top, left, bottom, right); none when they do not fill the whole."""
        found: list[tuple[int, int, int, int]] = []
        corners, seen = [(0, 0)], {(0, 0)}
        area = 0
        while corners:
            top, left = corners.pop()
            box = self._box(top, left)
            if box is None:
                continue
            bottom, right = box
            found.append((top, left, bottom, right))
            area += (bottom - top) * (right - left)
            for corner in ((top, right), (bottom, left)):
                if corner not in seen:
                    seen.add(corner)
                    corners.append(corner)
        width = len(self.lines[0].rstrip()) - 1
        return found if area == self.bottom * width else []

    def _box(self, top: int, left: int) -> tuple[int, int] | None:
        """The bottom right corner of the smallest box that begins here."""
        lines = self.lines
        if top >= self.bottom or lines[top][left] != "+":
            return None
        for right in range(left + 1, self.right + 1):
            sign = lines[top][right]
            if sign == "+":
                bottom = self._down(top, left, right)
                if bottom:
                    return bottom, right
            elif sign not in "-=:":
                return None
        return None

    def _down(self, top: int, left: int, right: int) -> int:
        for bottom in range(top + 1, self.bottom + 1):
            sign = self.lines[bottom][right]
            if sign == "+" and self._closed(top, left, bottom, right):
                return bottom
            if sign not in "|+":
                return 0
        return 0

    def _closed(self, top: int, left: int, bottom: int, right: int) -> bool:
        floor = self.lines[bottom][left : right + 1]
        side = (self.lines[line][left] for line in range(top, bottom + 1))
        return floor[0] == "+" and not floor.strip("+-=:") and all(sign in "|+" for sign in side)


# ---------------------------------------------------------------- tokens


def _emit(state: StateBlock, start: int, table: _Table) -> None:
    opening = state.push("table_open", "table", 1)
    at = len(state.tokens)
    if table.header_rows and not any(cell.text for row in table.rows[: table.header_rows] for cell in row):
        table.rows, table.header_rows = table.rows[table.header_rows :], 0
    for part, tag, rows in (
        ("thead", "th", table.rows[: table.header_rows]),
        ("tbody", "td", table.rows[table.header_rows :]),
    ):
        if rows:
            state.push(f"{part}_open", part, 1)
            for row in rows:
                _emit_row(state, row, tag, table)
            state.push(f"{part}_close", part, -1)
    state.push("table_close", "table", -1)
    state.line = table.end
    state.tokens[at:at] = _take_caption(state, table.end)
    opening.map = [start, state.line]


def _emit_row(state: StateBlock, row: list[_Cell], tag: str, table: _Table) -> None:
    state.push("tr_open", "tr", 1)
    column = 0
    for cell in row:
        opening = state.push(f"{tag}_open", tag, 1)
        align = table.aligns[column] if column < len(table.aligns) else ""
        if align:
            opening.attrSet("style", f"text-align:{align}")
        for name, count in (("colspan", cell.columns), ("rowspan", cell.rows)):
            if count > 1:
                opening.attrSet(name, str(count))
        column += cell.columns
        if table.has_blocks:
            parse_inside(state, cell.text, is_tight=True)
        else:
            state.tokens.append(_inline(cell.text))
        state.push(f"{tag}_close", tag, -1)
    state.push("tr_close", "tr", -1)


def _take_caption(state: StateBlock, line: int) -> list[Token]:
    """The tokens of the caption that follows a table, and the reading taken past it; none without one."""
    start = line
    while start < state.lineMax and start <= line + 1 and state.isEmpty(start):
        start += 1
    first = lines_from(state, start, start + 1)[0] if start < state.lineMax else ""
    match = _CAPTION.match(first)
    if match is None or state.is_code_block(start):
        return []
    words = [first[match.end() :]]
    start += 1
    while start < state.lineMax and not state.isEmpty(start):
        words.append(lines_from(state, start, start + 1)[0].strip())
        start += 1
    state.line = start
    return [Token("caption_open", "caption", 1), _inline("\n".join(words)), Token("caption_close", "caption", -1)]


def _inline(content: str) -> Token:
    token = Token("inline", "", 0, content=content)
    token.children = []
    return token
