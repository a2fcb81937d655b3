"""What the reader's script must know of a book: in the reader's page, and as `book.json` for a page without a book."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from django.conf import settings
from django.urls import reverse

from accounts.models import User
from storefront.catalogue.selectors import web_book_archive
from storefront.checkout import permissions
from storefront.reading.dictionaries.lookup import dictionaries_for
from storefront.reading.selectors import books as reading_selectors
from storefront.reading.selectors import text_sizes
from storefront.reading.selectors.books import Reading
from storefront.reading.views.access import files_root, reader_url


def book_facts(reading: Reading, reader: User | None) -> dict[str, Any]:
    """Return the facts of a book for `reader`, None for its sample. They include every URL; the script builds none.

    Staff who inspect a book keep nothing of it and synchronise nothing.
    """
    book, slug = reading.book, reading.work.slug
    root = reader_url("sample" if reading.is_sample else "read", slug)
    is_own = reader is not None and permissions.may_read(reader, reading.work)
    return {
        "title": book.title,
        "language": book.language,
        # Vertical lines run from right to left, so the next page is on the left.
        "direction": "rtl" if book.vertical else book.direction,
        "vertical": book.vertical,
        "is_pages": book.is_pages,
        "work": reading.work.public_id,
        "edition": reading.edition.public_id,
        "text": _text_facts(reading),
        "root": root,
        "files": files_root(reading, root),
        "search": reader_url("sample-search" if reading.is_sample else "search", slug),
        "define": _define_url(book.language),
        "chapters": [{"id": one.id, "title": one.title, "href": one.href, "words": one.words} for one in book.chapters],
        "opening": book.opening,
        "toc": [_toc(line) for line in book.toc],
        "takes_typos": not reading.is_sample and not reading.work.is_personal,
        "person": reader.public_id if reader is not None else "",
        "sync": reverse("reading:sync") if is_own else "",
        "keep": _keep_facts(reading) if reader is not None and may_keep(reading, reader) else None,
    }


def may_keep(reading: Reading, reader: User) -> bool:
    """Return whether the person's devices may keep the book, which is a download. A draft is not kept: its edition has
    another text once it is published."""
    return settings.READER_OFFLINE and not reading.is_draft and permissions.may_download(reader, reading.work)


def _define_url(language: str) -> str:
    """Return where words of the book are looked up; "" if no dictionary of its language is installed."""
    if not dictionaries_for(language):
        return ""
    return reverse("reading:define", query={"language": language})


def _keep_facts(reading: Reading) -> dict[str, Any]:
    """Return what a device needs to keep the book: the archive, and how many bytes it takes up there."""
    slug, edition_id = reading.work.slug, reading.edition.public_id
    return {
        "slug": slug,
        "archive": reader_url("archive", slug, edition_id),
        "bytes": web_book_archive.unpacked_bytes(reading.book.file),
        "shelf": reader_url("shelf"),
        "worker": "/read/sw.js",
    }


def _text_facts(reading: Reading) -> dict[str, Any]:
    """Return blocks and characters of each chapter or page, and where those of a sample stand in the edition."""
    facts: dict[str, Any] = asdict(text_sizes.text_size(reading.book))
    if reading.is_sample and (whole := reading_selectors.whole_book(reading.work, reading.edition.public_id)):
        facts["sample_runs"] = text_sizes.sample_runs(reading.book.file, whole.book.file)
    return facts


def _toc(line: web_book_archive.TocLine) -> dict[str, Any]:
    return {"label": line.title, "href": line.href, "subitems": [_toc(child) for child in line.children] or None}
