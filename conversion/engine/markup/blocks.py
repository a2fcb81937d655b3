"""Render blocks as markup: one function for each block of `book/model.py`, collected in `RENDER`."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from ..book.model import (
    Align,
    Aside,
    Cell,
    CodeBlock,
    DefinitionList,
    Figure,
    Heading,
    ListBlock,
    ListItem,
    Paragraph,
    Quotation,
    SceneBreak,
    Table,
    Text,
    Verse,
    VerseLine,
)
from .text import escape

if TYPE_CHECKING:
    from .render import Markup

_LIST_TYPES = {"lower-alpha": "a", "upper-alpha": "A", "lower-roman": "i", "upper-roman": "I", "decimal": "1"}
_CODE_LANGUAGE = re.compile(r"[A-Za-z][A-Za-z0-9+#._-]{0,30}")
_MAX_COLUMNS = 1000
_MAX_INDENT = 8


def _paragraph(markup: Markup, block: Paragraph) -> str:
    inside = markup.inlines(block.inlines)
    attributes = markup.paragraph_attributes(block) + markup.number(block.inlines)
    return f"<p{attributes}>{inside}</p>" if inside else ""


def _heading(markup: Markup, block: Heading) -> str:
    inside = markup.inlines(block.inlines)
    if not inside:
        return ""
    if not has_content(inside):
        return f"<div>{inside}</div>"  # an anchor alone is no heading
    level = markup.heading_level(block)
    return f"<h{level}{markup.block_attributes(block)}{markup.number(block.inlines)}>{inside}</h{level}>"


def has_content(inside: str) -> bool:
    """Return whether markup shows anything: text, a picture or mathematics."""
    return bool(re.sub(r"<(?!img|math|svg)[^>]*>", "", inside).strip())


def _verse(markup: Markup, block: Verse) -> str:
    stanzas = []
    for stanza in block.stanzas:
        lines = "<br/>\n".join(_line(markup, line) for line in stanza)
        if lines:
            stanzas.append(f'<p class="stanza">{lines}</p>')
    inside = "\n".join(stanzas)
    return f"<div{markup.block_attributes(block, 'verse')}>\n{inside}\n</div>" if inside else ""


def _line(markup: Markup, line: VerseLine) -> str:
    indent = min(max(line.indent, 0), _MAX_INDENT)
    inlines = line.inlines
    if indent and inlines and isinstance(inlines[0], Text):  # spaces that the source used as indent
        inlines = [Text(inlines[0].text.lstrip()), *inlines[1:]]
    number = markup.number(line.inlines)
    return f'<span class="line{f" in{indent}" if indent else ""}"{number}>{markup.inlines(inlines)}</span>'


def _quotation(markup: Markup, block: Quotation) -> str:
    inside = markup.blocks(block.blocks)
    return f"<blockquote{markup.block_attributes(block)}>\n{inside}\n</blockquote>" if inside else ""


def _list(markup: Markup, block: ListBlock) -> str:
    if not block.items:
        return ""
    is_tight = all(_is_tight(item) for item in block.items)
    items = "\n".join(_item(markup, item, is_tight=is_tight) for item in block.items)
    if not block.ordered:
        return f"<ul{markup.block_attributes(block)}>\n{items}\n</ul>"
    kind = f' type="{_LIST_TYPES[block.style]}"' if block.style in _LIST_TYPES else ""
    start = f' start="{block.start}"' if block.start != 1 else ""
    return f"<ol{markup.block_attributes(block)}{kind}{start}>\n{items}\n</ol>"


def _is_tight(item: ListItem) -> bool:
    """Return whether an item needs no paragraph element of its own: it has one paragraph, followed by lists at most."""
    return not item.blocks or (
        isinstance(item.blocks[0], Paragraph) and all(isinstance(block, ListBlock) for block in item.blocks[1:])
    )


def _item(markup: Markup, item: ListItem, *, is_tight: bool) -> str:
    box = "" if item.checked is None else ("☑ " if item.checked else "☐ ")
    task = ' class="task"' if box else ""
    if is_tight and item.blocks and isinstance(item.blocks[0], Paragraph):
        first = item.blocks[0]
        text = markup.inlines(first.inlines)
        attributes = markup.paragraph_attributes(first)
        if attributes:
            text = f"<span{attributes}>{text}</span>"
        rest = markup.blocks(item.blocks[1:])
        return f"<li{task}{markup.number(first.inlines)}>{box}{text}{chr(10) + rest if rest else ''}</li>"
    return f"<li{task}>{box}{markup.blocks(item.blocks)}</li>"


def _definitions(markup: Markup, block: DefinitionList) -> str:
    items = "\n".join(
        f"<dt{markup.number(item.term)}>{markup.inlines(item.term)}</dt>\n<dd>{markup.blocks(item.blocks)}</dd>"
        for item in block.items
    )
    return f"<dl{markup.block_attributes(block)}>\n{items}\n</dl>" if items else ""


def _table(markup: Markup, block: Table) -> str:
    caption = markup.inlines(block.caption)
    rows = [row for row in block.rows if row]
    if not rows:
        return f'<p class="caption">{caption}</p>' if caption else ""
    heads = min(max(block.header_rows, 0), len(rows) - 1)
    parts = [f"<caption{markup.number(block.caption)}>{caption}</caption>"] if caption else []
    if heads:
        parts.append(f"<thead>\n{_rows(markup, rows[:heads], is_head=True)}\n</thead>")
    parts.append(f"<tbody>\n{_rows(markup, rows[heads:], is_head=False)}\n</tbody>")
    inside = "\n".join(parts)
    return f"<table{markup.block_attributes(block)}>\n{inside}\n</table>"


def _rows(markup: Markup, rows: list[list[Cell]], *, is_head: bool) -> str:
    lines = []
    for index, row in enumerate(rows):
        below = len(rows) - index
        cells = "".join(_cell(markup, cell, below, is_head=is_head) for cell in row)
        lines.append(f"<tr>{cells}</tr>")
    return "\n".join(lines)


def _cell(markup: Markup, cell: Cell, rows_below: int, *, is_head: bool) -> str:
    """Return a table cell. Its row span ends within its own group of rows."""
    columns = min(max(cell.colspan, 1), _MAX_COLUMNS)
    rows = min(max(cell.rowspan, 1), rows_below)
    attributes = f' class="{cell.align}"' if cell.align is not Align.AUTO else ""
    attributes += f' colspan="{columns}"' if columns > 1 else ""
    attributes += f' rowspan="{rows}"' if rows > 1 else ""
    if len(cell.blocks) == 1 and type(only := cell.blocks[0]) is Paragraph and not markup.paragraph_attributes(only):
        inside = markup.inlines(only.inlines)
        attributes += markup.number(only.inlines)
    else:
        inside = markup.blocks(cell.blocks)
    if not (cell.header or is_head) or not has_content(inside):  # an empty heading would be announced as one
        return f"<td{attributes}>{inside}</td>"
    return f'<th{attributes} scope="{"col" if is_head else "row"}">{inside}</th>'


def _figure(markup: Markup, block: Figure) -> str:
    picture = markup.picture(block, block.picture_dress)
    caption = markup.inlines(block.caption)
    if not picture:
        return f'<p class="caption">{caption}</p>' if caption else ""
    inside = picture if picture.startswith("<") else f"<p>{picture}</p>"
    if caption:
        inside += f"\n<figcaption{markup.number(block.caption)}>{caption}</figcaption>"
    return f"<figure{markup.block_attributes(block)}{markup.number(block)}>{inside}</figure>"


def _code(markup: Markup, block: CodeBlock) -> str:
    language = f' class="language-{block.language}"' if _CODE_LANGUAGE.fullmatch(block.language) else ""
    return (
        f"<pre{markup.block_attributes(block)}{markup.number(block)}><code{language}>{escape(block.text)}</code></pre>"
    )


def _scene_break(markup: Markup, block: SceneBreak) -> str:
    return f"<hr{markup.block_attributes(block)}{markup.number(block)}/>"


def _aside(markup: Markup, block: Aside) -> str:
    inside = markup.blocks(block.blocks)
    return f'<aside{markup.block_attributes(block, "box")} role="note">\n{inside}\n</aside>' if inside else ""


RENDER: dict[type, Callable[[Markup, Any], str]] = {
    Paragraph: _paragraph,
    Heading: _heading,
    Verse: _verse,
    Quotation: _quotation,
    ListBlock: _list,
    DefinitionList: _definitions,
    Table: _table,
    Figure: _figure,
    CodeBlock: _code,
    SceneBreak: _scene_break,
    Aside: _aside,
}
