"""Small books, their next versions, and patches of them, for the tests of one rule each."""

from __future__ import annotations

from collections.abc import Sequence

from conversion.engine.book.model import AnyBlock, Book, Chapter, Inline, Metadata, Paragraph, Text, TocEntry
from conversion.engine.patches import Applied, Base, Edit, Fit, FitState, Patch, apply_patches, base_of, words_patches
from conversion.engine.patches.leaves import leaves_of
from conversion.engine.patches.pieces import Piece
from conversion.engine.patches.words import text_of

LINES = (
    "It is a truth universally acknowledged that a harbour in winter belongs to nobody.",
    "The lamp went out at four, and the keeper slept through the hour when the mail boat passed.",
    "“Who is there?” asked the girl who had brought the oil, and she set down both her cans.",
    "Nobody answered but the wind, which had much to say that night of ships and their masters.",
    "In the morning they found a hat upon the stones, a good one, lined with yellow silk.",
    "He said he had bought it in a town whose name he would not tell for any money.",
)


def paragraph(*inlines: str | Inline) -> Paragraph:
    return Paragraph([Text(one) if isinstance(one, str) else one for one in inlines])


def book_of(*chapters: Sequence[str | AnyBlock], titles: Sequence[str] = ()) -> Book:
    """A book of chapters, each a list of paragraphs' texts and blocks."""
    made = [
        Chapter(
            f"c{number}",
            titles[number] if number < len(titles) else f"Chapter {number}",
            [paragraph(one) if isinstance(one, str) else one for one in blocks],
        )
        for number, blocks in enumerate(chapters)
    ]
    return Book(Metadata(), made, [TocEntry(chapter.title, chapter.id) for chapter in made])


def texts(book: Book) -> list[str]:
    return [text_of(leaf.words) for leaf in leaves_of(book).leaves]


def correction(book: Book, block: int, old: str, new: str) -> tuple[Base, Patch]:
    """The patch that puts `new` in place of `old` in a block."""
    base = base_of(book)
    before = base.blocks[block].text
    assert before.count(old) == 1
    (patch,) = words_patches(base, block, [Piece(before.replace(old, new))])
    return base, patch


def structural(book: Book, block: int, edit: Edit, *, start: int = 0) -> tuple[Base, Patch]:
    base = base_of(book)
    return base, Patch(base.identity, base.anchor(block, start, start or None), edit)


def applied(book: Book, base: Base, *patches: Patch) -> tuple[Applied, list[Fit]]:
    result = apply_patches(book, {base.identity: base}, patches)
    return result, result.fits


def carried(old: Book, new: Book, block: int, before: str, after: str) -> tuple[FitState, list[str]]:
    """What becomes of one correction in the next version: how it fits, and the text."""
    base, patch = correction(old, block, before, after)
    result, (fit,) = applied(new, base, patch)
    return fit.state, texts(result.book)
