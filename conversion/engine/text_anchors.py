"""Where the elements of a chapter file stand in its text: print pages and the lines of a table of contents are links to
ids, readers' places are blocks and offsets (`edition_text.py`)."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from lxml import etree

from .edition_text import BLOCKS, chapter_texts, normalised

# Noncharacters, which no text contains, put the number of an id into the text until its blocks have been made.
_OPEN, _CLOSE, _ZERO = "\ufdda", "\ufddb", 0xFDD0
_MARK = re.compile(f"{_OPEN}([\ufdd0-\ufdd9]+){_CLOSE}")

type Element = etree._Element
type Place = tuple[int, int]  # a block, counted from the first of the chapter, and an offset in code points


def places_of(file: bytes, ids: Collection[str]) -> dict[str, Place]:
    """Return where the text that follows the elements with these ids begins.

    An element behind the last block is at the number of blocks. An id that the chapter does not have is left out.
    """
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=True, remove_comments=True, remove_pis=True
    )
    root = etree.fromstring(file, parser)
    names = list(ids)
    behind = _insert_marks(root, {name: _mark(number) for number, name in enumerate(names)})
    texts = chapter_texts(etree.tostring(root, encoding="utf-8"))
    found = {names[number]: place for number, place in _read_marks(texts)}
    count = sum(1 for text in texts if normalised(_MARK.sub("", text)))
    return found | dict.fromkeys((names[number] for number in _numbers(behind)), (count, 0))


def _mark(number: int) -> str:
    return _OPEN + "".join(chr(_ZERO + int(digit)) for digit in str(number)) + _CLOSE


def _numbers(text: str) -> Iterator[int]:
    for found in _MARK.finditer(text):
        yield int("".join(str(ord(digit) - _ZERO) for digit in found[1]))


def _insert_marks(root: Element, marks: dict[str, str]) -> str:
    """Put each mark before its element, or at the beginning of the next block; return those of no block."""
    waiting = ""
    block: Element | None = None
    walk = etree.iterwalk(root, events=("start", "end"))
    for event, element in walk:
        if event == "end":
            block = None if element is block else block
            continue
        mark = marks.get(element.get("id") or "", "")
        if block is not None:
            _insert_before(element, mark)
            continue
        waiting += mark
        if str(element.tag).rpartition("}")[2] in BLOCKS:
            block = element
            element.text = waiting + (element.text or "")
            waiting = ""
    return waiting


def _insert_before(element: Element, mark: str) -> None:
    above, previous = element.getparent(), element.getprevious()
    if not mark or above is None:
        return
    if previous is None:
        above.text = (above.text or "") + mark
    else:
        previous.tail = (previous.tail or "") + mark


def _read_marks(texts: list[str]) -> Iterator[tuple[int, Place]]:
    block = 0
    for text in texts:
        for found in _MARK.finditer(text):
            before = normalised(_MARK.sub("", text[: found.start()]) + "|")  # so that a blank at the end stays
            yield next(_numbers(found[0])), (block, len(before) - 1)
        block += 1 if normalised(_MARK.sub("", text)) else 0
