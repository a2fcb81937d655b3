"""Notes as JSON of our own: everything there is to a note, so that reading what was written gives the same."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from storefront.reading.formats import entries
from storefront.reading.formats.entries import BookEntry, BookNotes, NoteEntry, UnreadableFile
from storefront.reading.models import Spot

_FORMAT, _VERSION = "octavo-notes", 1
_MAX_CONTEXT = 64


def write(books: Iterable[BookNotes], *, made_at: datetime) -> str:
    content = {
        "format": _FORMAT,
        "version": _VERSION,
        "made_at": made_at.isoformat(),
        "books": [{**_book_record(one.book), "notes": [_note_record(note) for note in one.notes]} for one in books],
    }
    return json.dumps(content, ensure_ascii=False, indent=2) + "\n"


def _book_record(book: BookEntry) -> dict[str, Any]:
    return {
        "work": book.work,
        "title": book.title,
        "authors": book.authors,
        "identifiers": book.identifiers,
        "language": book.language,
        "url": book.url,
    }


def _note_record(note: NoteEntry) -> dict[str, Any]:
    placed = note.placed
    return {
        "id": note.uid,
        "kind": note.kind,
        "colour": note.colour,
        "body": note.body,
        "other_body": note.other_body,
        "made_at": note.made_at.isoformat() if note.made_at is not None else None,
        "target": {
            "edition": note.edition,
            "start": note.start,
            "end": note.end,
            "page": note.page,
            "exact": note.exact,
            "prefix": note.prefix,
            "suffix": note.suffix,
            "chapter": note.chapter,
        },
        "placed": {"edition": placed.edition, "start": placed.start, "end": placed.end} if placed else None,
    }


def is_one(content: Any) -> bool:
    return isinstance(content, dict) and content.get("format") == _FORMAT


def read(content: Any) -> list[BookNotes]:
    """Return the books with their notes from the parsed JSON. Raises UnreadableFile."""
    if content.get("version") != _VERSION or not isinstance(content.get("books"), list):
        raise UnreadableFile
    return [_book(one) for one in content["books"]]


def _book(record: Any) -> BookNotes:
    if not isinstance(record, dict) or not isinstance(record.get("notes"), list):
        raise UnreadableFile
    book = BookEntry(
        work=entries.line(record.get("work")),
        title=entries.line(record.get("title")),
        authors=_lines(record.get("authors")),
        identifiers=_lines(record.get("identifiers")),
        language=entries.line(record.get("language")),
        url=entries.line(record.get("url")),
    )
    return BookNotes(book, tuple(_note(one) for one in record["notes"]))


def _note(record: Any) -> NoteEntry:
    if not isinstance(record, dict) or not isinstance(record.get("target"), dict):
        raise UnreadableFile
    target = record["target"]
    return NoteEntry(
        uid=entries.line(record.get("id")),
        kind=entries.kind(record.get("kind")),
        colour=entries.colour(record.get("colour")),
        body=entries.body(record.get("body")),
        other_body=entries.body(record.get("other_body")),
        exact=entries.exact(target.get("exact")),
        prefix=entries.context(target.get("prefix"))[-_MAX_CONTEXT:],
        suffix=entries.context(target.get("suffix"))[:_MAX_CONTEXT],
        chapter=entries.line(target.get("chapter")),
        made_at=entries.moment(record.get("made_at")),
        edition=entries.line(target.get("edition")),
        start=_point(target.get("start")),
        end=_point(target.get("end")),
        page=entries.line(target.get("page")),
        placed=_spot(record.get("placed")),
    )


def _lines(value: Any) -> tuple[str, ...]:
    return tuple(filter(None, (entries.line(one) for one in value))) if isinstance(value, list) else ()


def _point(value: Any) -> tuple[int, int] | None:
    if not isinstance(value, list) or len(value) != 2 or any(type(one) is not int for one in value):
        return None
    block, offset = value
    return (block, offset) if 0 <= block < 1 << 31 and 0 <= offset < 1 << 31 else None


def _spot(value: Any) -> Spot | None:
    if not isinstance(value, dict):
        return None
    start, end = _point(value.get("start")), _point(value.get("end"))
    return Spot(entries.line(value.get("edition")), start, end) if start and end else None
