"""Limits of own books; the bytes are settings (docs/operations.md)."""

from __future__ import annotations

from typing import Final

MAX_BOOKS: Final = 1000  # of one person
FINISHED_AT_ONCE: Final = 50
ASK_AGAIN_SECONDS: Final = 3  # while a book is being made ready
