"""What a damaged container still shows, without unpacking: the headers of its entries, their names, and whether these
are a book's. The gate says by it whether a repair may help; the repair begins with it.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable
from dataclasses import dataclass

from .archive import MAX_ENTRIES

SIGNATURE = b"PK\x03\x04"
PAGES = (".xhtml", ".html", ".htm")
_LOCAL = struct.Struct("<4sHHHHHIIIHH")
_DESCRIPTOR_FLAG = 0x8
_UTF8_FLAG = 0x800


@dataclass(frozen=True, slots=True)
class Header:
    """A local header; `start` is where its data begins."""

    name: str
    flags: int
    method: int
    checksum: int
    packed_bytes: int
    start: int

    @property
    def has_descriptor(self) -> bool:
        return bool(self.flags & _DESCRIPTOR_FLAG)


def header_at(data: bytes, position: int) -> Header | None:
    """The header that begins there; None where there is no whole one."""
    raw = data[position : position + _LOCAL.size]
    if len(raw) < _LOCAL.size:
        return None
    _, _, flags, method, _, _, checksum, packed, _, name_bytes, extra_bytes = _LOCAL.unpack(raw)
    begin = position + _LOCAL.size
    start = begin + name_bytes + extra_bytes
    if start > len(data) or not name_bytes:
        return None
    name = decoded(data[begin : begin + name_bytes], flags)
    return Header(name, flags, method, checksum, packed, start)


def decoded(raw: bytes, flags: int) -> str:
    """A name as its entry's flags say, or as old programs wrote names."""
    try:
        return raw.decode("utf-8") if flags & _UTF8_FLAG or not raw.isascii() else raw.decode("ascii")
    except UnicodeDecodeError:
        return raw.decode("cp437")


def entry_names(data: bytes) -> list[str]:
    """The names in an archive's local headers, without a look at what they hold."""
    names: list[str] = []
    position = data.find(SIGNATURE)
    while position >= 0 and len(names) <= MAX_ENTRIES:
        header = header_at(data, position)
        if header is not None:
            names.append(header.name)
        position = data.find(SIGNATURE, position + len(SIGNATURE))
    return names


def could_be_a_book(names: Iterable[str]) -> bool:
    """Whether a container with entries of these names may be a damaged EPUB, DOCX or ODT."""
    present = frozenset(names)
    return is_docx(present) or is_epub(present) or "content.xml" in present


def is_docx(names: Iterable[str]) -> bool:
    return any(name.startswith("word/") and name.endswith(".xml") for name in names)


def is_epub(names: Iterable[str]) -> bool:
    return any(name.lower().endswith((".opf", *PAGES)) for name in names)
