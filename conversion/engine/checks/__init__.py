"""Coded remarks on a Book, in words an author can act on (conversion/messages*.py).

`look` walks the Book once; `of_book` runs every check of `registry.py` over what it saw. A habit of typing that is
kept over forty chapters is one finding with a count. Nothing here changes the Book: `conversion/engine/fixes` does.
"""

from .analysis import STAND_IN, Looked, Passage, look
from .registry import BOOK_CHECKS, FAMILIES, of_book
from .remarks import ordered, quote_around

__all__ = ["BOOK_CHECKS", "FAMILIES", "STAND_IN", "Looked", "Passage", "look", "of_book", "ordered", "quote_around"]
