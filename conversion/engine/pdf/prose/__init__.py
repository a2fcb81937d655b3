"""Our own setting engine for plain prose: a piece of the book becomes pages without WeasyPrint, many times faster.

    threads, blocks   the book's elements to a galley: shaped words in paragraphs, the same for every target
    lines, breaking   a paragraph to lines, the whole of it at once
    layout, paging    lines to pages, with notes at their foot
    painting, leaves  pages to contents with tags, kept until the parts are joined
    sheets            leaves to a PDF with each face once

What a piece may hold is told by `Setter.suits`; for the rest `Unsettable` is raised, and WeasyPrint sets the piece.
"""

from .errors import Unsettable
from .setter import Setter

__all__ = ["Setter", "Unsettable"]
