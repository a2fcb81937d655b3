"""The variants of the EPUB, as data: what each kind of reading system needs beyond the standard.

Nothing here is computed. `EPUB` follows the standard; the others leave out what their reading systems do not support.
Their rules and sources are in docs/decisions/0021-shapes-of-the-epub.md.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class EpubVariant:
    """One variant.

    `has_kobo_spans` divides the text into the numbered sentences that Kobo uses for highlights and positions.
    `is_opaque` puts transparent pictures on white; `is_raster` also rasterises drawings and formulas. `has_cover_page`
    shows the cover as the first page too. `sheet` is the style sheet in `assets/`.
    """

    name: str
    sheet: str = "epub"
    has_kobo_spans: bool = False
    is_opaque: bool = False
    is_raster: bool = False
    has_cover_page: bool = True
    has_nested_tables: bool = True
    may_embed_fonts: bool = True


EPUB = EpubVariant("epub")
KEPUB = EpubVariant("kepub", has_kobo_spans=True, is_opaque=True)
KINDLE = EpubVariant(
    "kindle",
    sheet="kindle",
    is_opaque=True,
    is_raster=True,
    has_cover_page=False,
    has_nested_tables=False,
    may_embed_fonts=False,
)
