"""Stored bases as the engine reads them: 10 ms for a novel."""

from __future__ import annotations

from common import storage
from conversion.engine.api import patches
from publishing.editing.errors import TextOutdated
from publishing.editing.models import Base


def engine_base(base: Base) -> patches.Base:
    """Return the stored base.

    Raises TextOutdated for one that this version cannot read: `builds.renew_base` has it made anew; ValueError for a
    damaged file.
    """
    with storage.private().open(base.file) as content:
        found = patches.Base.from_bytes(content.read())
    if found is None:
        raise TextOutdated
    return found
