"""From a Book's elements to safe markup.

`survey.py` looks the whole Book over first, `render.py` turns elements into markup, `xhtml.py` is its form
for EPUB and the web; the PDF writer has its own. Nothing of a source's markup is copied: every tag and
attribute in the output is written here.
"""

from ..book.walk import count_words, plain, word_count

__all__ = ["count_words", "plain", "word_count"]
