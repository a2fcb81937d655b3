"""Texts as they travel to browsers, all of which take gzip."""

from __future__ import annotations

import gzip

_LEVEL = 5


def packed(text: bytes) -> bytes:
    """By gzip; the same text gives the same bytes at any time."""
    return gzip.compress(text, _LEVEL, mtime=0)


def unpacked(data: bytes) -> bytes:
    """For those who do not take gzip."""
    return gzip.decompress(data)


def takes_gzip(accepted: str) -> bool:
    """Whether somebody with this Accept-Encoding does."""
    return "gzip" in accepted
