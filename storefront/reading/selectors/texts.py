"""The text of a web book. An archive never changes, so each process remembers those used last."""

from __future__ import annotations

import gzip
import zipfile
from functools import lru_cache

from common import storage
from conversion.engine.api import edition_text


@lru_cache(maxsize=8)
def text_of(file: str) -> edition_text.EditionText:
    """Return the text of the archive. Archives made before there was a `text.json` have it read from their chapters."""
    with storage.private().open(file, "rb") as opened, zipfile.ZipFile(opened) as archive:
        return edition_text.text_of_archive(archive)


@lru_cache(maxsize=16)
def compressed_text(file: str) -> bytes:
    """Return `text.json`, compressed by gzip."""
    return gzip.compress(text_of(file).to_json().encode(), 6, mtime=0)
