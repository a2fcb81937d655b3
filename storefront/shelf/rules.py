"""Figures of the shelf."""

from __future__ import annotations

from typing import Final

FINISHED_BPS: Final = 9700  # of the whole: what follows is imprint, thanks and advertisements
BOOKS_ON_PAGE: Final = 60
MAX_QUERY: Final = 100
NOTES_FOUND: Final = 8  # that a search of the library shows; the page of notes has all
MAX_COLLECTIONS: Final = 100
ALSO_READING: Final = 3  # books beside the one that was read last
