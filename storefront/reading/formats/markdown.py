"""Notes as Markdown, for people and their editors. Comments, which no editor shows, have the ids for the way back.

    # The Lighthouse
    <!-- octavo book wrk_… urn:uuid:… -->
    Ada Quill

    ## The Harbour

    <!-- octavo note <uuid> highlight yellow 2026-11-30T12:00:00+00:00 edn_… 1:4-1:13 -->
    *Page 12 · 30 November 2026*

    > Rain fell

    What I think of it.

Markdown of other origin is read, too: each quotation is a note, and the text after it its body.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from django.utils.translation import gettext as _

from common.templatetags.money import day
from storefront.reading.formats import entries
from storefront.reading.formats.entries import BookEntry, BookNotes, NoteEntry

_COMMENT = re.compile(r"<!-- octavo (book|note|other)((?: [^\s<>]+)*) -->\s*\Z")
_RANGE = re.compile(r"(\d{1,9}):(\d{1,9})-(\d{1,9}):(\d{1,9})\Z")
_HEADING = re.compile(r"(#{1,6})(?:[ \t]+(.*))?\Z")
_NEEDS_ESCAPE = re.compile(r"[\\#>]|<!--|\s+[#>]")


def write(books: Iterable[BookNotes]) -> Iterator[str]:
    """Yield the file in pieces."""
    for one in books:
        yield from _book(one.book)
        chapter = ""
        for note in one.notes:
            if note.chapter != chapter:
                chapter = note.chapter
                yield f"## {chapter}\n\n"
            yield from _note(note)


def _book(book: BookEntry) -> Iterator[str]:
    yield f"# {' '.join(book.title.split())}\n"
    yield f"<!-- octavo book {' '.join(filter(None, (book.work, *book.identifiers)))} -->\n"
    if book.authors:
        yield f"{', '.join(book.authors)}\n"
    yield "\n"


def _note(note: NoteEntry) -> Iterator[str]:
    facts = [note.uid, note.kind, note.colour]
    if note.made_at is not None:
        facts.append(note.made_at.isoformat())
    if note.edition and note.start and note.end:
        facts += [note.edition, f"{note.start[0]}:{note.start[1]}-{note.end[0]}:{note.end[1]}"]
    yield f"<!-- octavo note {' '.join(facts)} -->\n*{_said(note)}*\n\n"
    if note.exact:
        yield "\n".join(f"> {line}" if line else ">" for line in note.exact.split("\n")) + "\n\n"
    if note.body:
        yield f"{_escaped(note.body)}\n\n"
    if note.other_body:
        yield f"<!-- octavo other -->\n{_escaped(note.other_body)}\n\n"


def _said(note: NoteEntry) -> str:
    """Return the line about a note for people."""
    parts = [_("Page %(number)s") % {"number": note.number}] if note.number else []
    if note.made_at is not None:
        parts.append(day(note.made_at))
    return " · ".join(parts) or "…"


def _escaped(body: str) -> str:
    """Return a body without lines that would begin something else."""
    return "\n".join(f"\\{line}" if _NEEDS_ESCAPE.match(line) else line for line in body.split("\n"))


def read(file: str) -> list[BookNotes]:
    """Return the books of a file with their notes. Raises UnreadableFile."""
    reader = _Reader()
    for line in file.split("\n"):
        reader.line(line.rstrip("\r"))
    return reader.done()


class _Reader:
    """Reads line by line. `part` is what lines now belong to: "head", "quote", "body" or "other"."""

    def __init__(self) -> None:
        self.books: list[BookNotes] = []
        self.book, self.notes = BookEntry(), list[NoteEntry]()
        self.note: NoteEntry | None = None
        self.chapter, self.part = "", "head"
        self.lines: dict[str, list[str]] = {}
        self.is_after_comment = False

    def done(self) -> list[BookNotes]:
        self._finish_book(BookEntry())
        return self.books

    def line(self, line: str) -> None:
        is_after_comment, self.is_after_comment = self.is_after_comment, False
        if comment := _COMMENT.match(line):
            self._comment(comment[1], comment[2].split())
        elif heading := _HEADING.match(line):
            self._heading(len(heading[1]), heading[2] or "")
        elif line.startswith(">"):
            self._quote(line[1:].removeprefix(" "))
        elif is_after_comment and self.part == "head" and line.startswith("*") and line.endswith("*"):
            return  # the line for people
        elif self.note is not None:
            self._body(line)
        elif line.strip() and self.book.title and not self.book.authors and not self.notes:
            self.book = replace(self.book, authors=(entries.line(line),))

    def _comment(self, name: str, facts: list[str]) -> None:
        if name == "book":
            work = next((fact for fact in facts if fact.startswith("wrk_")), "")
            others = tuple(entries.line(fact) for fact in facts if fact != work)
            self.book = replace(self.book, work=entries.line(work), identifiers=others)
        elif name == "note":
            self._finish_note()
            self.note, self.is_after_comment = _from_facts(facts), True
        elif self.note is not None:
            self.part = "other"

    def _heading(self, level: int, title: str) -> None:
        self._finish_note()
        if level == 1:
            self._finish_book(BookEntry(title=entries.line(title)))
        else:
            self.chapter = entries.line(title)

    def _quote(self, line: str) -> None:
        if self.note is None or self.part in {"body", "other"}:
            self._finish_note()
            self.note = NoteEntry()
        self.part = "quote"
        self.lines.setdefault("quote", []).append(line)

    def _body(self, line: str) -> None:
        if self.part in {"head", "quote"}:
            if not line.strip():
                return
            self.part = "body"
        self.lines.setdefault(self.part, []).append(line[1:] if line.startswith("\\") else line)

    def _finish_note(self) -> None:
        if self.note is not None:
            parts = {name: "\n".join(lines) for name, lines in self.lines.items()}
            exact, body = entries.exact(parts.get("quote", "")), entries.body(parts.get("body", ""))
            other = entries.body(parts.get("other", ""))
            note = replace(self.note, chapter=self.chapter, exact=exact, body=body, other_body=other)
            self.notes.append(note)
        self.note, self.part, self.lines = None, "head", {}

    def _finish_book(self, following: BookEntry) -> None:
        self._finish_note()
        if self.notes or self.book.work:
            self.books.append(BookNotes(self.book, tuple(self.notes)))
        self.book, self.notes, self.chapter = following, [], ""


def _from_facts(facts: list[str]) -> NoteEntry:
    """Return a note from its comment; facts that are missing or changed are left out."""
    uid, kind, colour, made_at, edition, place = [*facts, *[""] * 6][:6]
    note = NoteEntry(
        uid=entries.line(uid),
        kind=entries.kind(kind),
        colour=entries.colour(colour),
        made_at=entries.moment(made_at),
        edition=entries.line(edition),
    )
    if found := _RANGE.match(place):
        first, start, last, end = map(int, found.groups())
        return replace(note, start=(first, start), end=(last, end))
    return note
