"""Checks that produce coded findings about a Book; their words for authors are in conversion/messages*.py.

`look` traverses the Book once; `of_book` then runs every check of `registry.py` on the result. A typing habit that runs
through forty chapters is one finding with a count. Nothing here changes the Book: `conversion/engine/fixes` does.
"""

from .analysis import STAND_IN, BookAnalysis, Passage, analyse
from .making import ordered, quote_around
from .registry import BOOK_CHECKS, FAMILIES, failed_checks, of_book

__all__ = [
    "BOOK_CHECKS",
    "FAMILIES",
    "STAND_IN",
    "BookAnalysis",
    "Passage",
    "analyse",
    "failed_checks",
    "of_book",
    "ordered",
    "quote_around",
]
