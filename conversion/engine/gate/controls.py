"""Control characters, which no book can hold: dropped from a source, and counted for the finding that tells of them.

They come from old word processors, terminals and broken conversions. Whoever reads a source opens a count around it
(`counted`); parsers deep below add to it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

# What XML 1.0 forbids or discourages, but for surrogates (which no decoder yields) and white space.
_IN_TEXT = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ufdd0-\ufdef\ufffe\uffff]")
_IN_XML = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]|\xef\xbf[\xbe\xbf]")
_REFERENCE = re.compile(rb"&#(?:x([0-9a-fA-F]{1,8})|([0-9]{1,8}));")

_count: ContextVar[list[int] | None] = ContextVar("dropped control characters", default=None)


@contextmanager
def counted() -> Iterator[list[int]]:
    """Count what is dropped inside of the block: the sum of the list."""
    dropped: list[int] = []
    token = _count.set(dropped)
    try:
        yield dropped
    finally:
        _count.reset(token)


def without(text: str) -> str:
    """The text of a file without control characters."""
    cleaned, count = _IN_TEXT.subn("", text)
    _add(count)
    return cleaned


def without_references(markup: str) -> str:
    """HTML without references to control characters, which its parser would drop silently."""
    return _dropped_references(markup.encode("utf-8", "surrogatepass")).decode("utf-8", "surrogatepass")


def without_in_xml(data: bytes) -> bytes:
    """XML without the characters, written as such or as references, that make a parser refuse it."""
    cleaned, count = _IN_XML.subn(b"", data)
    _add(count)
    return _dropped_references(cleaned)


def _dropped_references(data: bytes) -> bytes:
    dropped = 0

    def replaced(match: re.Match[bytes]) -> bytes:
        nonlocal dropped
        number = int(match.group(1), 16) if match.group(1) else int(match.group(2))
        is_legal = number in (9, 10, 13) or 0x20 <= number < 0xD800 or 0xE000 <= number < 0xFFFE
        if is_legal or 0x10000 <= number <= 0x10FFFF:
            return match.group()
        dropped += 1
        return b""

    cleaned = _REFERENCE.sub(replaced, data)
    _add(dropped)
    return cleaned


def _add(count: int) -> None:
    into = _count.get()
    if count and into is not None:
        into.append(count)
