"""Passages that two books share, in plain Python. A fingerprint finds the books, an exact step the words.

folding     words without case, marks, invisible characters and look-alike letters
body        the body of a book, from its web archive
prints      the fingerprint: a small sample of the hashes of eight words in a row
matching    the exact step: which words of one body also stand in another, and where
excerpts    the words of a passage as they are written, with those that are the same marked
"""

from .body import Body, Chapter, body_of_archive, body_of_text
from .excerpts import Segment, excerpt
from .folding import fold_words
from .matching import Comparison, Piece, compare, windows_within
from .prints import VERSION, prints_of

__all__ = [
    "VERSION",
    "Body",
    "Chapter",
    "Comparison",
    "Piece",
    "Segment",
    "body_of_archive",
    "body_of_text",
    "compare",
    "excerpt",
    "fold_words",
    "prints_of",
    "windows_within",
]
