"""Notes as the CSV that Readwise imports: https://readwise.io/import_bulk. Only highlights: it has no bookmarks.

A cell never begins a formula of a spreadsheet: one that would gets an apostrophe in front, which reading takes away.
Colours and contexts have no columns. The id of a note is at the end of its URL.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator

from common.csv_cells import csv_lines, escape_formula
from storefront.reading.formats import entries
from storefront.reading.formats.entries import BookEntry, BookNotes, NoteEntry, UnreadableFile

COLUMNS = ("Highlight", "Title", "Author", "URL", "Note", "Location", "Date")
_OURS = "#note-"


def write(books: Iterable[BookNotes]) -> Iterator[str]:
    """Yield the file in pieces."""
    yield from csv_lines([COLUMNS])
    yield from csv_lines(_row(one.book, note) for one in books for note in one.notes if note.exact)


def _row(book: BookEntry, note: NoteEntry) -> tuple[str | int, ...]:
    return (
        note.exact,
        book.title,
        ", ".join(book.authors),
        note.url,
        note.body,
        note.number if note.number.isdecimal() else "",
        f"{note.made_at:%Y-%m-%d %H:%M:%S}" if note.made_at is not None else "",
    )


def read(file: str) -> list[BookNotes]:
    """Return the books of a file with their notes. Raises UnreadableFile."""
    rows = csv.DictReader(io.StringIO(file, newline=""), strict=True)
    books: dict[tuple[str, str], tuple[BookEntry, list[NoteEntry]]] = {}
    try:
        names = {name.strip().lower(): name for name in rows.fieldnames or ()}
        if "highlight" not in names:
            raise UnreadableFile
        for row in rows:
            cells = {name: _cell(row.get(given)) for name, given in names.items()}
            book, note = _book(cells), _note(cells)
            if note.exact or note.body:
                books.setdefault((book.title, book.url), (book, []))[1].append(note)
    except csv.Error as error:
        raise UnreadableFile from error
    return [BookNotes(book, tuple(notes)) for book, notes in books.values()]


def _book(cells: dict[str, str]) -> BookEntry:
    author = entries.line(cells.get("author", ""))
    url = entries.line(cells.get("url", "")).partition("#")[0].partition("?")[0]
    return BookEntry(title=entries.line(cells.get("title", "")), authors=(author,) if author else (), url=url)


def _note(cells: dict[str, str]) -> NoteEntry:
    url = entries.line(cells.get("url", ""))
    return NoteEntry(
        uid=url.partition(_OURS)[2],
        exact=entries.exact(cells["highlight"]),
        body=entries.body(cells.get("note", "")),
        made_at=entries.moment(cells.get("date", "")),
    )


def _cell(value: object) -> str:
    """Return a cell as it was before a formula was made harmless in it."""
    if not isinstance(value, str):
        return ""
    return value[1:] if value.startswith("'") and escape_formula(value[1:]) == value else value
