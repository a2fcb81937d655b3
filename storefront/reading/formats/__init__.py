"""The formats in which notes leave and come back, each written and read by one module."""

from __future__ import annotations

import json
from itertools import accumulate
from typing import Any

from storefront.reading.formats import markdown, own_json, readwise, web_annotations
from storefront.reading.formats.entries import MAX_NOTES, BookEntry, BookNotes, NoteEntry, TooLong, UnreadableFile

__all__ = ["MAX_NOTES", "BookEntry", "BookNotes", "NoteEntry", "TooLong", "TooManyNotes", "UnreadableFile", "read"]


class TooManyNotes(UnreadableFile):
    """The file has more notes than are read at a time."""


def read(content: bytes) -> list[BookNotes]:
    """Return the books and notes of a file, whichever format it has. Raises UnreadableFile, or its
    TooLong and TooManyNotes."""
    books = _books(content)
    if any(count > MAX_NOTES for count in accumulate(len(one.notes) for one in books)):
        raise TooManyNotes
    found = [one for one in books if one.notes]
    if not found:
        raise UnreadableFile
    return found


def _books(content: bytes) -> list[BookNotes]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UnreadableFile from error
    if text.lstrip()[:1] in {"{", "["}:
        return _from_json(text)
    header = text.lstrip().partition("\n")[0].lower()
    return readwise.read(text) if "highlight" in header and "," in header else markdown.read(text)


def _from_json(text: str) -> list[BookNotes]:
    try:
        content: Any = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise UnreadableFile from error
    if own_json.is_one(content):
        return own_json.read(content)
    if web_annotations.is_one(content):
        return web_annotations.read(content)
    raise UnreadableFile
