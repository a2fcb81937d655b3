"""Places as KOReader's engine writes them: `/body/DocFragment[12]/body/section/p[3]/text()[2].17`.

DocFragment counts all files of the spine, an index counts the siblings of that name or the text nodes, and the last
number is a character of the text. Engines before 12 August 2026 leave the index of an only child out, later ones write
every index (`toStringV2` in crengine/src/lvtinydom.cpp); both read both. We write the older, shorter form.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import NamedTuple

from lxml import etree

from conversion.engine.api import edition_text

type Element = etree._Element

_POINTER = re.compile(r"/body(?:\[1\])?/DocFragment(?:\[([0-9]{1,6})\])?((?:/[^/]+)*)")
_STEP = re.compile(r"(text\(\)|[A-Za-z][\w:-]*)(?:\[([0-9]{1,6})\])?")
_OFFSET = re.compile(r"\.([0-9]{1,9})$")
# Elements that the engine puts around others for its layout; older versions wrote them into places.
_BOXES = frozenset({"autoBoxing", "floatBox", "inlineBox", "rubyBox", "tabularBox"})
_TEXT = "text()"


class Step(NamedTuple):
    """The name of an element or `text()`, and which one of that name it is."""

    name: str
    number: int


@dataclass(frozen=True, slots=True)
class XPointer:
    """A place: the file by its number in the spine, from 1; the way to it below `html`; a character of a text."""

    fragment: int
    steps: tuple[Step, ...]
    offset: int = 0


def parse(text: str) -> XPointer | None:
    """Return the place; None for what is none in an EPUB, such as the number of a page."""
    found = _OFFSET.search(text)
    offset = int(found[1]) if found else 0
    match = _POINTER.fullmatch(text[: found.start()] if found else text)
    if match is None:
        return None
    steps = []
    for part in match[2].split("/")[1:]:
        step = _STEP.fullmatch(part)
        if step is None:
            return None
        if step[1] not in _BOXES:
            steps.append(Step(step[1], int(step[2] or 1)))
    return XPointer(int(match[1] or 1), tuple(steps), offset)


class Found(NamedTuple):
    """A block of a file by its ordinal in it, and a character of the block's text."""

    ordinal: int
    offset: int


def find(root: Element, pointer: XPointer) -> Found | None:
    """Return the block that a place in the file is in, else the next one; the last one if none follows.

    Where the way leads nowhere, its last element that there is counts. None for a file without blocks.
    """
    blocks = list(edition_text.block_elements(root))
    if not blocks:
        return None
    node, text_index = _follow(root, pointer.steps)
    above = {node, *node.iterancestors()}
    for ordinal, (block, text) in enumerate(blocks):
        if block in above:
            before = _raw_before(block, node, text_index, pointer.offset)
            return Found(ordinal, min(len(edition_text.normalised(before)), len(text)))
    order = {element: number for number, element in enumerate(root.iter())}
    following = (ordinal for ordinal, (block, _text) in enumerate(blocks) if order[block] >= order[node])
    return Found(next(following, len(blocks) - 1), 0)


def write(root: Element, *, fragment: int, ordinal: int) -> str:
    """Return the place at which a block of the file begins."""
    block = list(edition_text.block_elements(root))[ordinal][0]
    parent = _first_text_parent(block)
    end = f"/{_TEXT}{_short(1, len(_texts(parent)))}.0" if parent is not None else ".0"
    way = ""
    node: Element | None = block if parent is None else parent
    while node is not None and node is not root:
        above = node.getparent()
        alike = [one for one in above if one.tag == node.tag] if above is not None else [node]
        way = f"/{_name(node)}{_short(alike.index(node) + 1, len(alike))}{way}"
        node = above
    return f"/body/DocFragment[{fragment}]{way}{end}"


def _short(index: int, count: int) -> str:
    return f"[{index}]" if count > 1 else ""


def _follow(root: Element, steps: tuple[Step, ...]) -> tuple[Element, int | None]:
    """Return the element that the steps lead to, and which of its texts is meant, if one is."""
    node = root
    for step in steps:
        if step.name == _TEXT:
            return node, step.number
        alike = [child for child in node if _name(child).lower() == step.name.lower()]
        if not 1 <= step.number <= len(alike):
            break
        node = alike[step.number - 1]
    return node, None


def _raw_before(block: Element, node: Element, text_index: int | None, offset: int) -> str:
    """Return the text of the block before the place, as the file has it."""
    wanted = _texts(node)[text_index - 1 : text_index] if text_index else []
    raw = ""
    for element, is_tail, text in edition_text.text_pieces(block):
        if element is not None:
            if wanted and (element, is_tail) == wanted[0]:
                return raw + text[:offset]
            is_inside = element in node.iterdescendants() or (element is node and not is_tail)
            if not wanted and is_inside:
                return raw
        raw += text
    return "" if node is block else raw


def _texts(node: Element) -> list[tuple[Element, bool]]:
    """Return the text nodes of an element: its own, and the tails of its children."""
    own = [(node, False)] if node.text else []
    return own + [(child, True) for child in node if child.tail]


def _first_text_parent(block: Element) -> Element | None:
    """Return the element whose first text node is the first of the block that shows anything.

    None where white space stands before it: the engine may have dropped that, or not.
    """
    for element, is_tail, text in edition_text.text_pieces(block):
        if element is not None and edition_text.normalised(text):
            parent = element.getparent() if is_tail else element
            is_first = parent is not None and _texts(parent)[0] == (element, is_tail)
            return parent if is_first else None
    return None


def _name(element: Element) -> str:
    return str(element.tag).rpartition("}")[2]
