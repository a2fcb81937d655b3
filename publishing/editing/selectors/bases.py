"""Stored bases as the engine reads them."""

from __future__ import annotations

from functools import lru_cache

from common import storage
from conversion.engine.api import patches
from publishing.editing.errors import NoText
from publishing.editing.models import Base

# Reading the base of a novel takes longer than everything else that a save does, and editors save every few seconds.
_CACHED = 3


def engine_base(base: Base) -> patches.Base:
    """Return the stored base. Raises NoText for one that this version cannot read, which is made anew."""
    found = _read(base.file)
    if found is None:
        raise NoText
    return found


@lru_cache(maxsize=_CACHED)
def _read(file: str) -> patches.Base | None:
    """Read the file, whose name contains its checksum. Raises ValueError if it is damaged."""
    with storage.private().open(file) as content:
        return patches.Base.from_bytes(content.read())
