"""Addresses in a source that name one of its own files."""

from __future__ import annotations

import posixpath
import re
from urllib.parse import unquote


def local_part(folder: str, address: str) -> str:
    """The archive name of an address inside the book; "" for anything else."""
    path = unquote(address.strip()).partition("#")[0]
    if not path or re.match(r"[a-z][a-z0-9+.-]*:|/|\\", path, re.IGNORECASE):
        return ""
    name = posixpath.normpath(posixpath.join(folder, path))
    return "" if name.startswith(("../", "/")) or name == ".." else name
