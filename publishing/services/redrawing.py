"""Pictures redrawn in the sandbox by a conversion of their own, so that pages can show them before a book has them."""

from __future__ import annotations

import io
from datetime import datetime

from accounts.models import User
from common import storage
from conversion import services as conversion_services
from conversion.engine.api import AuthorDetails
from conversion.models import ConversionJob
from conversion.options import PICTURE, ConversionOptions

# A conversion needs a book. That of a picture has these words, and a cover.
_BOOK = b"A picture.\n"
_FOLDER = "picture-books"


def request_redrawing(*, actor: User, file: str, name: str, title: str, at: datetime) -> ConversionJob:
    """Request the sizes of a stored picture that pages show. Raises TooManyOpenJobs."""
    book = storage.store_private(_FOLDER, io.BytesIO(_BOOK), "picture.txt")
    return conversion_services.request_conversion(
        actor=actor,
        source_file=book.file,
        source_name=book.name,
        source_sha256=book.sha256,
        source_bytes=book.size_bytes,
        cover_file=file,
        cover_name=name or "picture",
        options=ConversionOptions(overrides=AuthorDetails(title=title, language="en"), formats=PICTURE, targets=()),
        at=at,
    )


def is_book_of_pictures(name: str) -> bool:
    """Return whether a stored file is the book that conversions of pictures share, which is never deleted."""
    return name.startswith(f"{_FOLDER}/")
