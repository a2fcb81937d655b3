"""Where the sample of a book ends in the whole of it."""

from __future__ import annotations

from dataclasses import dataclass

from storefront.catalogue.selectors import block_numbers
from storefront.reading.selectors import books, text_sizes
from storefront.reading.selectors.books import Reading


@dataclass(frozen=True, slots=True)
class SampleEnd:
    """The last block of the sample, and the chapter it is in."""

    chapter_id: str
    block: int


def end_of_sample(reading: Reading) -> SampleEnd | None:
    """Return where the sample ends in the whole book; None if there is no sample of this edition."""
    sample = books.sample_book(reading.work.slug, reading.edition.public_id)
    if sample is None or reading.book.is_pages:
        return None
    runs = text_sizes.sample_runs(sample.book.file, reading.book.file)
    block = max((there + length - 1 for _here, there, length in runs), default=None)
    index = block_numbers.chapter_with(reading.book, block) if block is not None else None
    if block is None or index is None:
        return None
    return SampleEnd(reading.book.chapters[index].id, block)
