"""Checks that produce coded findings about a Book; their words for authors are in conversion/messages*.py.

`look` traverses the Book once; `of_book` then runs every check of `registry.py` on the result. A typing habit that runs
through forty chapters is one finding with a count. Nothing here changes the Book: `conversion/engine/fixes` does.
"""

from .analysis import STAND_IN, Looked, Passage, look
from .registry import BOOK_CHECKS, FAMILIES, of_book
from .remarks import ordered, quote_around

__all__ = ["BOOK_CHECKS", "FAMILIES", "STAND_IN", "Looked", "Passage", "look", "of_book", "ordered", "quote_around"]
