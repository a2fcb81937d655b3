"""Our own setting engine for plain prose: a piece of the book becomes pages without WeasyPrint, many times faster.

    threads, blocks    the book's elements to shaped text: shaped words in paragraphs, the same for every target
    lines, breaking    a paragraph to lines, the whole of it at once
    layout, paging     lines to pages, with notes at their foot
    painting, batches  pages to contents with tags, in the form the joiner takes
    display            title page, contents, running heads

What a piece may hold is told by `Setter.suits`; for the rest `Unsettable` is raised, and WeasyPrint sets the piece.
"""

from .display import Display, Entry, Stamp
from .errors import Unsettable
from .setter import Setter
from .shaped_text import Side
from .words import Look

__all__ = ["Display", "Entry", "Look", "Setter", "Side", "Stamp", "Unsettable"]
