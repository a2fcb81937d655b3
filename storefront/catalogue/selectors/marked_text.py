"""Marks ranges of a chapter's text, given as blocks and offsets, before it is rebuilt for our pages."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from lxml import etree

from conversion.engine.api import edition_text

type Range = tuple[int, int]
type Piece = tuple[etree._Element, bool, int, int]  # an element, whether its tail, and from where to where in it


@dataclass(frozen=True, slots=True)
class Mark:
    """A range of one block. If it has a note below the text, `ref` is its number there, and `label` names the link."""

    block: int
    start: int
    end: int
    css_class: str
    ref: int = 0
    label: str = ""


def insert_marks(blocks: Mapping[int, etree._Element], marks: Sequence[Mark]) -> dict[etree._Element, Mark]:
    """Put the marked words into new elements; return these. Only the last element of a mark has its `ref`.

    Where marks overlap, the words belong to the one that begins first.
    """
    made: dict[etree._Element, Mark] = {}
    for block in {mark.block for mark in marks} & blocks.keys():
        end = 0
        cut: list[Mark] = []
        for mark in sorted((one for one in marks if one.block == block), key=lambda one: (one.start, one.end)):
            if mark.end > max(end, mark.start):
                cut.append(replace(mark, start=max(mark.start, end)))
                end = mark.end
        for mark in reversed(cut):  # from the end, so that what is before stays where it is
            _insert(blocks[block], mark, made)
    return made


def _insert(block: etree._Element, mark: Mark, made: dict[etree._Element, Mark]) -> None:
    pieces = [piece for piece in _pieces(block, mark.start, mark.end) if _text(piece)]
    for position, piece in enumerate(reversed(pieces)):
        made[_wrap(piece)] = replace(mark, ref=0) if position else mark


def _pieces(block: etree._Element, start: int, end: int) -> list[Piece]:
    """Return the parts of the block's text nodes that the characters from `start` to before `end` come from."""
    pieces = list(edition_text.text_pieces(block)) if len(block) else [(block, False, block.text or "")]
    ranges = raw_ranges("".join(text for _, _, text in pieces))
    if start >= min(end, len(ranges)):
        return []
    first, last = ranges[start][0], ranges[min(end, len(ranges)) - 1][1]
    found, at = [], 0
    for element, is_tail, text in pieces:
        low, high = max(first - at, 0), min(last - at, len(text))
        if element is not None and low < high:
            found.append((element, is_tail, low, high))
        at += len(text)
    return found


def _text(piece: Piece) -> str:
    element, is_tail, low, high = piece
    return edition_text.normalised(((element.tail if is_tail else element.text) or "")[low:high])


def _wrap(piece: Piece) -> etree._Element:
    """Put a part of a text node into an element of its own."""
    element, is_tail, low, high = piece
    text = (element.tail if is_tail else element.text) or ""
    wrapped = etree.Element("mark")
    wrapped.text, wrapped.tail = text[low:high], text[high:]
    if is_tail and (parent := element.getparent()) is not None:
        element.tail = text[:low]
        parent.insert(parent.index(element) + 1, wrapped)
    else:
        element.text = text[:low]
        element.insert(0, wrapped)
    return wrapped


def raw_ranges(raw: str) -> list[Range]:
    """Return for each character of a text as it is normalised where it is in the text as it stands."""
    ranges: list[Range] = []
    is_after_blank = True
    for start, end in _clusters(raw):
        shown = edition_text.normalised(raw[start:end])
        if shown:
            ranges += [(start, end)] * len(shown)
            is_after_blank = False
        elif edition_text.normalised(f"x{raw[start:end]}x") != "xx":  # a blank, not an invisible character
            if not is_after_blank:
                ranges.append((start, end))
            is_after_blank = True
    return ranges[:-1] if ranges and is_after_blank else ranges


def _clusters(raw: str) -> list[Range]:
    """Return the ranges of what is normalised by itself: a character with the marks, or the vowels and finals of
    Hangul, that may join it."""
    starts = [i for i, letter in enumerate(raw) if not i or raw[i - 1].isspace() or not _joins(letter)]
    return list(zip(starts, [*starts[1:], len(raw)], strict=False))


def _joins(letter: str) -> bool:
    return unicodedata.category(letter)[0] == "M" or "\u1160" <= letter <= "\u11ff"
