"""Front and back pages that are made from the record at each build: copyright page, dedication, about the author, also
by, and the title page that EPUB and PDF writers set.

They are chapters like others, marked as made. They come after the author's patches, so no patch counts in them, and
after the analysis, so no check or word count includes them. A page that the manuscript has itself is not made again.
"""

from .pages import add_matter, without_made
from .shown import ShownLine, ShownPage, shown_pages

__all__ = ["ShownLine", "ShownPage", "add_matter", "shown_pages", "without_made"]
