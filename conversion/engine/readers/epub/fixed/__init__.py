"""The reader for fixed-layout EPUB: each page drawn once, as its author placed it, with the words at their places.

`layout.py` says which documents of the spine are fixed and on which side they lie; `reader.py` takes plain picture
pages as they are; `markup.py` and `styles.py` rebuild the others from closed sets, and `drawing.py` has WeasyPrint set
them on a page of their viewport and pdfium draw that.
"""
