"""A person's books for their devices: what the library shows, where it has files."""

from __future__ import annotations

import hashlib

from accounts.models import User
from conversion.engine.api import ArtifactKind
from storefront.library.selectors import library as library_selectors
from storefront.library.selectors.library import OwnedBook, OwnedFile
from storefront.shelf.selectors.books import hidden_works

# The Kindle's own kind of EPUB is for mailing to it, and would stand beside the EPUB as a second one.
_LEFT_OUT = {ArtifactKind.KINDLE}


def shelf_of(user: User) -> list[OwnedBook]:
    """Return the books that the person may download and has not hidden, the newest first; a fixed number of queries."""
    hidden = hidden_works(user)
    books = [*library_selectors.library_of(user), *library_selectors.advance_copies_of(user)]
    return [book for book in books if device_files(book) and book.work_id not in hidden]


def device_files(book: OwnedBook) -> list[OwnedFile]:
    """Return the files that reading devices and apps take."""
    return [file for file in book.files if file.kind not in _LEFT_OUT]


def digest_of(books: list[OwnedBook]) -> str:
    """Return a digest that changes with whatever a device sees of them."""
    told = [
        (
            *(book.work_id, book.title, book.byline, book.cover, book.edition_label, book.granted_at.isoformat()),
            [file.public_id for file in book.files],
        )
        for book in books
    ]
    return hashlib.sha256(repr(told).encode("utf-8", "surrogatepass")).hexdigest()
