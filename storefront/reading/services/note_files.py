"""Files of notes in each format, for one book or all."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.conf import settings
from django.utils.text import slugify

from accounts.models import User
from common.errors import NotFound
from storefront.reading.formats import BookNotes, markdown, own_json, readwise, web_annotations
from storefront.reading.selectors.note_exports import exported


class NoteFormat(StrEnum):
    MARKDOWN = "markdown"
    READWISE = "readwise"
    ANNOTATIONS = "annotations"
    OCTAVO = "octavo"


@dataclass(frozen=True, slots=True)
class NoteFile:
    name: str
    media_type: str
    content: bytes


def make(*, holders: Sequence[User], kind: NoteFormat, at: datetime, work_id: str = "") -> NoteFile:
    """Return the notes of one book, or of all, as a file. Raises NotFound if there are none."""
    books = list(exported(holders, work_id=work_id, with_files=kind == NoteFormat.ANNOTATIONS))
    if not books:
        raise NotFound
    stem = f"{slugify(books[0].book.title) or 'book'}-notes" if work_id else "notes"
    match kind:
        case NoteFormat.MARKDOWN:
            return NoteFile(f"{stem}.md", "text/markdown; charset=utf-8", "".join(markdown.write(books)).encode())
        case NoteFormat.READWISE:
            # Spreadsheets take a file without the mark for one in the encoding of their own system.
            content = "".join(readwise.write(books)).encode("utf-8-sig")
            return NoteFile(f"{stem}-readwise.csv", "text/csv; charset=utf-8", content)
        case NoteFormat.OCTAVO:
            return NoteFile(f"{stem}.json", "application/json", own_json.write(books, made_at=at).encode())
        case NoteFormat.ANNOTATIONS if work_id:
            return NoteFile(f"{stem}-annotations.json", "application/json", _annotations(books[0], at))
        case NoteFormat.ANNOTATIONS:
            return NoteFile(f"{stem}-annotations.zip", "application/zip", _archive(books, at))


def _annotations(book: BookNotes, at: datetime) -> bytes:
    return web_annotations.write(book, site=settings.SITE_URL, made_at=at).encode()


def _archive(books: Iterable[BookNotes], at: datetime) -> bytes:
    """Return one annotation set for each book: reading systems import them book by book."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for one in books:
            name = f"{slugify(one.book.title) or 'book'}-{one.book.work}.json"
            archive.writestr(zipfile.ZipInfo(name, at.timetuple()[:6]), _annotations(one, at), zipfile.ZIP_DEFLATED)
    return made.getvalue()
