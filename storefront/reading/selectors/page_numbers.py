"""The number of the page of a place, as the reader shows it."""

from __future__ import annotations

from bisect import bisect_right

from storefront.catalogue.selectors.web_book_archive import WebBook, pages_of
from storefront.reading.selectors.anchors import NoteAnchor
from storefront.reading.selectors.pagination import pagination_of


def page_number(book: WebBook, anchor: NoteAnchor) -> str:
    """Return the number of the page that a note is on: as printed if the book has a print edition; "" for a note
    without a place."""
    if book.is_pages:
        ids = [str(one["id"]) for one in pages_of(book)]
        return str(ids.index(anchor.page) + 1) if anchor.page in ids else ""
    if anchor.start is None:
        return ""
    pagination = pagination_of(book.file)
    number = bisect_right(pagination["pages"], anchor.start)
    labels = pagination["labels"]
    if labels:
        return str(labels[number - 1]) if number else ""
    return str(max(number, 1))
