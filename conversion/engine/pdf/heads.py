"""What each page of a batch begins with: the first letters of its text, and how many there are at most.

It is read from the content that was set, where words still stand in the order of the book. Only the head of a page is
turned into characters; reading whole books back from finished PDFs takes longer than setting a chapter.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from .page_batch import Leaf, PageBatch

_CHARACTERS = 120
_CODE_BYTES = 2  # of each sign that is shown
_FACE_OR_TEXT = re.compile(
    rb"/(\S+) [\d.]+ Tf\b|\[((?:[^\[\]()\\]|\((?:\\.|[^\\()])*\))*)\]\s*TJ|(\((?:\\.|[^\\()])*\))\s*Tj", re.DOTALL
)
_STRING = re.compile(rb"\(((?:\\.|[^\\()])*)\)|<([0-9A-Fa-f]+)>", re.DOTALL)
_ESCAPED = re.compile(rb"\\(.)", re.DOTALL)
_ESCAPES = {b"r": b"\r", b"n": b"\n", b"t": b"\t", b"b": b"\b", b"f": b"\f"}


@dataclass(frozen=True, slots=True)
class PageHead:
    """`label` is the number printed on the page. `text` is its beginning, without spaces; the whole page has at most
    `length` signs."""

    label: str
    text: str
    length: int = 0


def heads_of(batch: PageBatch, labels: list[str]) -> list[PageHead]:
    """The beginnings of all pages."""
    return [
        PageHead(label, *_head(leaf, {name.encode(): use.unicode for name, use in batch.faces.items()}))
        for label, leaf in zip(labels, batch.leaves, strict=True)
    ]


def _head(leaf: Leaf, faces: dict[bytes, dict[int, str]]) -> tuple[str, int]:
    content = zlib.decompress(leaf.content)
    parts: list[str] = []
    characters = 0
    for face, codes in _texts(content):
        texts = faces.get(face, {})
        part = "".join(texts.get(codes[at] << 8 | codes[at + 1], "") for at in range(0, len(codes) - 1, 2))
        parts.append(part)
        characters += len(part)
        if characters >= _CHARACTERS:
            break
    return "".join(parts), len(content) // _CODE_BYTES


def _texts(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Each text that is shown, as codes of two bytes, with the name of its face."""
    face = b""
    for match in _FACE_OR_TEXT.finditer(content):
        if match[1] is not None:
            face = match[1]
            continue
        for literal, figures in _STRING.findall(match[2] or match[3]):
            yield face, bytes.fromhex(figures.decode()) if figures else _unescaped(literal)


def _unescaped(literal: bytes) -> bytes:
    if b"\\" not in literal:
        return literal
    return _ESCAPED.sub(lambda match: _ESCAPES.get(match[1], match[1]), literal)
