"""Write a Book as EPUB 3.3 with EPUB Accessibility 1.1, valid for EPUBCheck without errors or warnings.

`builder.py` assembles the package, and `package.py` writes it through EbookLib with fixed times, so that equal input
gives equal bytes. `variants.py` describes what KEPUB and Send to Kindle need instead.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from ..book.model import Asset, Book
from ..markup.survey import MEDIA_TYPES
from .builder import build
from .fixed import write_fixed
from .package import File, PackageWriter
from .variants import EPUB, KEPUB, KINDLE, EpubVariant

__all__ = ["EPUB", "KEPUB", "KINDLE", "EpubVariant", "write_epub"]


def write_epub(
    book: Book,
    out: Path,
    *,
    cover: Asset | None,
    modified: str,
    sample: bool = False,
    shape: EpubVariant = EPUB,
    style: bytes = b"",
    faces: Sequence[File] = (),
) -> None:
    """Write the EPUB to `out`. `modified` is an ISO 8601 date and time; without an offset it is taken as UTC.

    A cover of None means the source's own, if it has one. A sample says so in its metadata, has an identifier of its
    own and ends with a page that tells the reader. `style` is a design's style sheet that replaces the shape's own,
    `faces` the fonts it uses; a shape that takes no fonts uses neither. Raises ValueError for an invalid `modified`.
    """
    moment = _moment(modified)
    if cover is None:
        cover = book.assets.get(book.cover)
    if cover is not None and cover.media_type not in MEDIA_TYPES:
        cover = None
    if book.is_fixed:
        write_fixed(book, out, cover=cover, moment=moment, is_sample=sample)
        return
    package = build(book, cover, shape, is_sample=sample, style=style, faces=faces)
    PackageWriter(package, moment).write_to(out)


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
