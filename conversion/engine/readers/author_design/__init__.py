"""Keeping what an author designed in an EPUB or HTML file, as far as it is safe.

No rule of the source's style sheets reaches an artifact. Its selectors are only matched here, against its own elements
(`cascade.py`); what they declare is taken apart and written anew from a list of properties and values (`values.py`).
What comes out is a table of "dresses", each a set of such declarations under a name of our own, and blocks of the Book
name theirs. Faces are taken apart and written again, too, where their licence allows it (`fonts.py`).
"""

from __future__ import annotations

from .cascade import StyleResolver, StyleTable

__all__ = ["StyleResolver", "StyleTable"]
