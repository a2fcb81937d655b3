"""The text of a web book, as the reader fetches it. Archives never change, so processes remember those used last."""

from __future__ import annotations

import gzip
from functools import lru_cache

from storefront.catalogue.selectors.edition_texts import archive_text


@lru_cache(maxsize=16)
def compressed_text(file: str) -> bytes:
    """Return `text.json`, compressed by gzip."""
    return gzip.compress(archive_text(file).to_json().encode(), 6, mtime=0)
