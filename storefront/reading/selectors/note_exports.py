"""Notes as they leave: whole, with the pages they are on now."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Sequence
from itertools import groupby

import structlog
from django.conf import settings
from django.urls import reverse
from lxml import etree

from accounts.models import User
from conversion.models import Artifact
from publishing.models import Edition, Work
from publishing.selectors import author_names
from storefront.catalogue.selectors import edition_texts
from storefront.catalogue.selectors.edition_texts import BookText
from storefront.catalogue.selectors.editions import edition_to_read
from storefront.catalogue.selectors.epub_files import files_of_blocks
from storefront.catalogue.selectors.web_book_archive import WebBook, web_book
from storefront.reading.formats import BookEntry, BookNotes, NoteEntry
from storefront.reading.models import Note
from storefront.reading.selectors.anchors import NoteAnchor, anchors_of
from storefront.reading.selectors.note_lists import notes_of, reader_address
from storefront.reading.selectors.page_numbers import page_number

logger = structlog.stdlib.get_logger(__name__)


def exported(holders: Sequence[User], *, work_id: str = "", with_files: bool = False) -> Iterator[BookNotes]:
    """Yield the books with their notes in reading order, all or one; `with_files` names the EPUB's file of each note,
    which takes longer."""
    notes = notes_of(holders).select_related("work__listing", "edition").order_by("work__title", "work", "pk")
    if work_id:
        notes = notes.filter(work__public_id=work_id)
    for work, group in groupby(notes, key=lambda note: note.work):
        edition = edition_to_read(work)
        if edition is not None:
            yield _book_notes(work, edition, list(group), with_files=with_files)


def _book_notes(work: Work, edition: Edition, notes: list[Note], *, with_files: bool) -> BookNotes:
    text, anchors = edition_texts.text_of(edition), anchors_of(notes, edition)
    notes.sort(key=lambda note: (anchors[note.uid].start or (note.start_block, note.start_offset), note.pk))
    book = web_book(text.file) if text.file else None
    files = _files(edition, text) if with_files else ()
    entries = [_entry(note, anchors[note.uid], book, files) for note in notes]
    return BookNotes(_book(work, edition), tuple(entries))


def _book(work: Work, edition: Edition) -> BookEntry:
    listing = getattr(work, "listing", None)
    byline = author_names([work.pk]).get(work.pk, "") if work.is_personal else getattr(listing, "byline", "")
    page = "reading:read" if work.is_personal else "pages:book"
    return BookEntry(
        work=work.public_id,
        title=work.title,
        authors=(byline,) if byline else (),
        identifiers=(edition.identifier,) if edition.identifier else (),
        language=work.language,
        url=settings.SITE_URL + reverse(page, args=[work.slug]),
    )


def _entry(note: Note, anchor: NoteAnchor, book: WebBook | None, files: Sequence[str]) -> NoteEntry:
    block = anchor.start[0] if anchor.start else len(files)
    return NoteEntry(
        uid=str(note.uid),
        kind=note.kind,
        colour=note.colour,
        body=note.body,
        other_body=note.other_body,
        exact=note.exact,
        prefix=note.prefix,
        suffix=note.suffix,
        chapter=note.chapter,
        made_at=note.made_at,
        edition=note.edition.public_id,
        start=(note.start_block, note.start_offset),
        end=(note.end_block, note.end_offset),
        page=note.page,
        placed=note.placed,
        number=page_number(book, anchor) if book else "",
        url=settings.SITE_URL + reader_address(note),
        source=files[block] if block < len(files) else "",
    )


def _files(edition: Edition, text: BookText) -> Sequence[str]:
    """Return the file of the EPUB that has each block; nothing without an EPUB that can be read."""
    epub = Artifact.objects.filter(job_id=edition.job_id, kind="epub").values_list("file", flat=True).first()
    try:
        return files_of_blocks(epub, text) if epub else ()
    except (OSError, KeyError, StopIteration, zipfile.BadZipFile, etree.XMLSyntaxError):
        logger.warning("reading.epub_unreadable", edition=edition.public_id)
        return ()
