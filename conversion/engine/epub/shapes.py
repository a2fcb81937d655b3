"""The shapes of one EPUB, as data: what each kind of reading system needs beside the standard.

Nothing here is computed. `EPUB` is the book as the standard has it; the others give up what their readers do not
take. Their rules and where these come from are in docs/decisions/0021-shapes-of-the-epub.md.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Shape:
    """One shape.

    `has_kobo_spans` divides the text into the numbered sentences Kobo's readers mark and remember places by.
    `is_opaque` puts pictures that let the page show through on white; `is_raster` also turns drawings and formulas
    into pixels. `has_cover_page` shows the cover as the first page too. `sheet` is the style sheet in `assets/`.
    """

    name: str
    sheet: str = "epub"
    has_kobo_spans: bool = False
    is_opaque: bool = False
    is_raster: bool = False
    has_cover_page: bool = True
    has_nested_tables: bool = True
    may_embed_fonts: bool = True


EPUB = Shape("epub")
KEPUB = Shape("kepub", has_kobo_spans=True, is_opaque=True)
KINDLE = Shape(
    "kindle",
    sheet="kindle",
    is_opaque=True,
    is_raster=True,
    has_cover_page=False,
    has_nested_tables=False,
    may_embed_fonts=False,
)
