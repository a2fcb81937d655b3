"""Faces of fixed pages: taken apart and written again with the tables that drawing needs.

They are only used to draw the page's picture; no artifact holds them.
"""

from __future__ import annotations

import hashlib
import io

from fontTools.ttLib import TTFont, TTLibError

MAX_FACE_BYTES = 12 << 20
MAX_FACES = 24
_MIXED_BYTES = 1040
_TABLES = frozenset(
    {
        "head", "hhea", "maxp", "OS/2", "hmtx", "cmap", "name", "post", "glyf", "loca", "CFF ", "GSUB", "GPOS", "GDEF",
        "kern", "vhea", "vmtx", "cvt ", "fpgm", "prep", "gasp",
    }
)  # fmt: skip


def rebuilt(data: bytes, identifier: str) -> bytes | None:
    """The face again as TrueType or OpenType, or None when it is none. Obfuscated ones are opened with the book's
    identifier, as the IDPF's method has it."""
    if not data or len(data) > MAX_FACE_BYTES:
        return None
    for candidate in (data, _unmixed(data, identifier)):
        if candidate[:4] in (b"\0\1\0\0", b"OTTO", b"true", b"wOFF", b"wOF2"):
            return rewritten(candidate)
    return None


def rewritten(data: bytes) -> bytes | None:
    """The face again with the tables that setting needs, unpacked; None when it cannot be taken apart."""
    try:
        font = TTFont(io.BytesIO(data), fontNumber=0, lazy=False)
        for tag in set(font.keys()) - _TABLES - {"GlyphOrder"}:
            del font[tag]
        font.flavor = None
        font.recalcTimestamp = False
        out = io.BytesIO()
        font.save(out, reorderTables=False)
    except (TTLibError, ValueError, KeyError, IndexError, AssertionError, TypeError, OverflowError, AttributeError):
        return None
    except Exception:  # font parsers raise anything on files made to break them
        return None
    return out.getvalue()


def _unmixed(data: bytes, identifier: str) -> bytes:
    key = hashlib.sha1("".join(identifier.split()).encode(), usedforsecurity=False).digest()
    head = bytes(byte ^ key[position % len(key)] for position, byte in enumerate(data[:_MIXED_BYTES]))
    return head + data[_MIXED_BYTES:]
