"""Turn a Book's elements into safe markup.

`survey.py` first examines the whole Book, `render.py` turns elements into markup, and `xhtml.py` is the variant for
EPUB and the web; the PDF writer has its own. Nothing of a source's markup is copied: every tag and attribute in the
output is written here.
"""

from ..book.walk import count_words, plain, word_count

__all__ = ["count_words", "plain", "word_count"]
