"""Pandoc's line blocks and its lists with letters, Roman numbers, brackets, "#." and numbered examples."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock

MAX_NESTED = 20
_LINE = re.compile(r"\|(?: (.*)|)$")
_MARKER = re.compile(
    r"(?P<open>\()?(?P<label>#|@[\w-]{0,60}|[0-9]{1,9}|[A-Za-z]|[ivxlc]{2,7}|[IVXLC]{2,7})(?P<close>[.)])"
    r"(?P<gap> {1,4}(?! )|\t)(?=\S)"
)
_ROMAN = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100}


def blocks_plugin(parser: MarkdownIt) -> None:
    """Let `parser` read them."""
    parser.block.ruler.after("table", "line_block", _line_block, {"alt": ["reference"]})
    parser.block.ruler.before("list", "fancy_list", _fancy_list)


def definitions_not_in_code(parser: MarkdownIt) -> None:
    """Keep the plugin for definition lists from reading ":" in a code block as a definition."""
    ruler = parser.block.ruler
    read = next(rule.fn for rule in ruler.__rules__ if rule.name == "deflist")

    def rule(state: StateBlock, start: int, end: int, silent: bool) -> bool:
        after = start + 1
        while after < end and state.isEmpty(after):
            after += 1
        return not (after < end and state.is_code_block(after)) and bool(read(state, start, end, silent))

    ruler.at("deflist", rule, {"alt": ["paragraph", "reference"]})


def lines_from(state: StateBlock, start: int, end: int) -> list[str]:
    """Lines of the source without the indent of the blocks around them."""
    return state.getLines(start, end, state.blkIndent, False).split("\n")


def parse_inside(state: StateBlock, text: str, *, is_tight: bool) -> None:
    """Append the blocks of `text`; the paragraphs of a tight cell or item show no tags."""
    depth = int(state.env.get("nested", 0))
    before = len(state.tokens)
    if text.strip() and depth < MAX_NESTED:
        state.env["nested"] = depth + 1
        state.md.block.parse(text, state.md, state.env, state.tokens)
        state.env["nested"] = depth
    elif text.strip():
        state.push("inline", "", 0).content = text
        state.tokens[-1].children = []
    for token in state.tokens[before:]:
        token.map = None  # its lines are counted from the cell's own first
        if is_tight and token.level == 0 and token.type in ("paragraph_open", "paragraph_close"):
            token.hidden = True


# ---------------------------------------------------------------- line blocks


def _line_block(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Lines that begin with "| ": breaks and spaces at their starts are kept; an empty one parts stanzas."""
    if state.is_code_block(start) or not _LINE.match(lines_from(state, start, start + 1)[0]):
        return False
    if silent:
        return True
    stanzas: list[list[str]] = [[]]
    line = start
    while line < end:
        text = lines_from(state, line, line + 1)[0]
        match = _LINE.match(text)
        if match is None and (not text.startswith(" ") or not text.strip() or not stanzas[-1]):
            break
        if match is None:
            stanzas[-1][-1] += f" {text.strip()}"
        elif (match.group(1) or "").strip():
            stanzas[-1].append(match.group(1).rstrip())
        elif stanzas[-1]:
            stanzas.append([])
        line += 1
    state.push("line_block_open", "div", 1).attrSet("class", "line-block")
    state.tokens[-1].map = [start, line]
    for stanza in filter(None, stanzas):
        state.push("stanza_open", "div", 1).attrSet("class", "stanza")
        for words in stanza:
            bare = words.lstrip(" ")
            state.push("line_open", "div", 1).attrSet("class", "line")
            inline = state.push("inline", "", 0)
            inline.content, inline.children = "\u00a0" * (len(words) - len(bare)) + bare, []
            state.push("line_close", "div", -1)
        state.push("stanza_close", "div", -1)
    state.push("line_block_close", "div", -1)
    state.line = line
    return True


# ---------------------------------------------------------------- lists


@dataclass(slots=True)
class _Item:
    label: str
    lines: list[str] = field(default_factory=list)


def _fancy_list(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """A list that CommonMark does not know. It never interrupts a paragraph."""
    if silent or state.is_code_block(start):
        return False
    first = _marker(lines_from(state, start, start + 1)[0])
    if first is None:
        return False
    style = _styles(first.group("label"))[0]
    items: list[_Item] = []
    line, is_loose, after_blank = start, False, False
    offset = 0
    while line < end:
        text = lines_from(state, line, line + 1)[0]
        mark = _marker(text)
        indent = len(text) - len(text.lstrip(" "))
        if mark is not None and _continues(mark, first, style):
            is_loose = is_loose or (after_blank and bool(items))
            offset = mark.end()
            items.append(_Item(mark.group("label"), [text[offset:]]))
        elif not text.strip():
            items[-1].lines.append("")
        elif indent >= min(offset, 4) and indent:
            items[-1].lines.append(text[min(indent, offset) :])
        elif after_blank or mark is not None:
            break
        else:
            items[-1].lines.append(text)
        after_blank = not text.strip()
        line += 1
    _emit(state, (start, line), style, items, is_tight=not is_loose)
    return True


def _marker(text: str) -> re.Match[str] | None:
    """The marker at the start of a line, when it is not one of CommonMark's own."""
    match = _MARKER.match(text)
    if match is None:
        return None
    label, has_open = match.group("label"), match.group("open") is not None
    is_plain = match.group("close") == "." if has_open else label[0].isdigit() or label[0] == "@"
    if is_plain:
        return None
    if label[0].isupper() and match.group("close") == "." and len(match.group("gap")) < 2:
        return None  # "A. Smith" begins a sentence
    return match


def _styles(label: str) -> str:
    """The styles a label may belong to, the likeliest first: "i" is a number before it is a letter, "c" after."""
    if label[0] in "#@":
        return label[0]
    if label[0].isdigit():
        return "1"
    letters, numbers = ("a", "i") if label.islower() else ("A", "I")
    if len(label) > 1:
        return numbers
    if label in "iI":
        return numbers + letters
    return letters + numbers if label.lower() in _ROMAN else letters


def _continues(mark: re.Match[str], first: re.Match[str], style: str) -> bool:
    brackets = (mark.group("open"), mark.group("close")) == (first.group("open"), first.group("close"))
    return brackets and style in _styles(mark.group("label"))


def _emit(state: StateBlock, lines: tuple[int, int], style: str, items: list[_Item], *, is_tight: bool) -> None:
    opening = state.push("ordered_list_open", "ol", 1)
    opening.map = list(lines)
    first = _number(items[0].label, style)
    if style == "@":
        examples: dict[str, int] = state.env.setdefault("examples", {})
        first = int(state.env.get("example", 0)) + 1
        state.env["example"] = first + len(items) - 1
        examples.update((item.label[1:], first + n) for n, item in enumerate(items) if item.label[1:])
    if first != 1:
        opening.attrSet("start", str(first))
    if style in "aAiI":
        opening.attrSet("type", style)
    for item in items:
        state.push("list_item_open", "li", 1)
        parse_inside(state, "\n".join(item.lines).rstrip(), is_tight=is_tight)
        state.push("list_item_close", "li", -1)
    state.push("ordered_list_close", "ol", -1)
    state.line = lines[1]


def _number(label: str, style: str) -> int:
    if style == "1":
        return int(label)
    if style in "aA":
        return ord(label.lower()) - ord("a") + 1
    if style in "iI":
        values = [_ROMAN[letter] for letter in label.lower()]
        following = [*values[1:], 0]
        return sum(-value if value < after else value for value, after in zip(values, following, strict=True))
    return 1
