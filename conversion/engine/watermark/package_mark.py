"""A mark in the package document: the first file after the container, so it stands in the first 2 kB of the archive.

KOReader knows a file by a digest of a few samples of its bytes, the first of them at its very beginning. A mark that is
unique therefore gives every file that is handed out a digest of its own, even when nothing else in it differs.
"""

from __future__ import annotations

import re

_DECLARATION = re.compile(rb"\s*<\?xml[^>]*\?>")
_COMMENT = re.compile(rb"\n?<!-- copy ([0-9a-f]{32}) -->")


def mark_package(package: bytes, mark: str) -> bytes:
    """Return the package document with this mark of 32 hexadecimal digits, in place of one it may have had."""
    bare = _COMMENT.sub(b"", package)
    declaration = _DECLARATION.match(bare)
    end = declaration.end() if declaration else 0
    return bare[:end] + (b"\n" if end else b"") + b"<!-- copy %s -->" % mark.encode("ascii") + bare[end:]


def mark_of_package(package: bytes) -> str:
    """Return the mark of a package document, "" when it has none."""
    found = _COMMENT.search(package)
    return found[1].decode("ascii") if found else ""
