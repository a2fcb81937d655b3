"""The ten figures in which a book counts its pages: those its own text is written with."""

from __future__ import annotations

from ..book.model import Book
from ..book.walk import plain
from ..markup.terms import primary

WESTERN = "0123456789"
_OF_LANGUAGE = {"ar": "٠١٢٣٤٥٦٧٨٩", "fa": "۰۱۲۳۴۵۶۷۸۹", "ur": "۰۱۲۳۴۵۶۷۸۹"}


def figures_of(book: Book) -> str:
    """Return ten figures, from nought to nine. Where a language has its own, books are written with either: whichever
    the text uses more often, the language's own where it uses none."""
    own = _OF_LANGUAGE.get(primary(book.metadata.language))
    if own is None:
        return WESTERN
    texts = [plain(chapter.blocks) for chapter in book.chapters]
    owned, western = (sum(text.count(figure) for text in texts for figure in figures) for figures in (own, WESTERN))
    return own if owned >= western else WESTERN


def written(number: int, figures: str) -> str:
    """Return a number in these figures."""
    return str(number).translate(dict(zip(map(ord, WESTERN), figures, strict=True)))
