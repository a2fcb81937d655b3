"""A mark in the comment of a JPEG, which changes no pixel."""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator

_START = b"\xff\xd8"
_COMMENT = 0xFE
_START_OF_SCAN = 0xDA
_APPLICATION = range(0xE0, 0xF0)
_MARK = re.compile(rb"[0-9a-f]{32}")


def is_jpeg(picture: bytes) -> bool:
    return picture.startswith(_START + b"\xff")


def mark_cover(picture: bytes, mark: str) -> bytes:
    """Return the JPEG with the mark in a comment, after the segments that programs expect first."""
    at = len(_START)
    for kind, begin, end in _segments(picture):
        if kind not in _APPLICATION:
            at = begin
            break
        at = end
    text = mark.encode("ascii")
    return picture[:at] + struct.pack(">BBH", 0xFF, _COMMENT, len(text) + 2) + text + picture[at:]


def marks_of_cover(picture: bytes) -> list[str]:
    """Return everything in the comments of a JPEG that could be a mark."""
    comments = [picture[begin + 4 : end] for kind, begin, end in _segments(picture) if kind == _COMMENT]
    return [text.decode("ascii") for text in comments if _MARK.fullmatch(text)]


def _segments(picture: bytes) -> Iterator[tuple[int, int, int]]:
    """Yield kind, beginning and end of the segments before the picture itself. Damaged ones end it."""
    at = len(_START)
    while at + 4 <= len(picture) and picture[at] == 0xFF:
        kind, length = picture[at + 1], int.from_bytes(picture[at + 2 : at + 4])
        if kind == _START_OF_SCAN or length < 2:
            return
        yield kind, at, at + 2 + length
        at += 2 + length
