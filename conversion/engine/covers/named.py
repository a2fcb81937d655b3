"""Covers drawn as their authors chose: the designs, palettes and faces by their names in `book/cover_choice.py`."""

from __future__ import annotations

import hashlib
import io
import random

from PIL import Image

from ..book import cover_choice as choice
from ..book.cover_choice import CoverChoice
from ..book.model import Asset
from ..book.names import shortened
from ..images.reencode import raster_asset
from . import designs, lettering, more_designs, picture_designs
from .composition import BOOK, GARAMOND, GEOMETRIC, NARROW, PALETTES, PLAIN, Design, Lettering, Page, Palette
from .lettering import Face

TITLE_CHARACTERS = 180
AUTHOR_CHARACTERS = 80
SERIES_CHARACTERS = 60

DRAWN_BY: dict[str, Design] = dict(
    zip(
        choice.DESIGNS,
        (
            *designs.DESIGNS,
            *(more_designs.plain, more_designs.layers, more_designs.ridges, more_designs.night),
            *(picture_designs.full, picture_designs.window, picture_designs.band, picture_designs.circle),
        ),
        strict=True,
    )
)
_MORE_PALETTES = (
    Palette("#14130F", "#F7F1E3", "#D9A441", ("#2A2721", "#4A443A", "#8C8069", "#D8CBB0")),
    Palette("#F7E4DF", "#3A1B2B", "#C2415C", ("#F0CDC6", "#DF9E9C", "#A8586B", "#6B2D45")),
    Palette("#0B3B40", "#F2F4EA", "#F4A259", ("#14494E", "#2B6E70", "#6BA59A", "#F3D9A4")),
    Palette("#FBF8F1", "#211C16", "#A3301D", ("#ECE5D6", "#CBBFA8", "#8B7D68", "#4C4339")),
)
PALETTE_OF: dict[str, Palette] = dict(zip(choice.PALETTES, (*PALETTES, *_MORE_PALETTES), strict=True))
LETTERING_OF: dict[str, Lettering | None] = {
    "own": None,
    "playfair": Lettering(Face(("playfair-display:700", "literata:700", "DejaVuSerif-Bold")), PLAIN),
    "cormorant": Lettering(GARAMOND, GARAMOND),
    "garamond": Lettering(
        Face(("eb-garamond:700", "source-serif-4:700", "DejaVuSerif-Bold")),
        Face(("eb-garamond:500", "source-serif-4:500", "DejaVuSerif")),
    ),
    "literata": Lettering(BOOK, PLAIN),
    "josefin": Lettering(GEOMETRIC, GEOMETRIC),
    "oswald": Lettering(NARROW, PLAIN),
    "plex": Lettering(
        Face(("ibm-plex-sans:600", "source-sans-3:600", "DejaVuSans-Bold"), "sans"),
        Face(("ibm-plex-sans:400", "source-sans-3:400", "DejaVuSans"), "sans"),
    ),
}


def named_cover(
    chosen: CoverChoice, *, title: str, subtitle: str = "", author: str = "", picture: bytes | None = None
) -> Image.Image:
    """Draw the cover of 1600 x 2560 pixels. `picture` is one that the engine has redrawn. Equal arguments and fonts
    give equal pixels."""
    digest = int.from_bytes(hashlib.sha256(title.encode()).digest()[:8])
    main, _, after_colon = lettering.printable(title, BOOK).partition(": ")
    page = Page(
        title=shortened(main, TITLE_CHARACTERS),
        subtitle=shortened(lettering.printable(subtitle, BOOK) or after_colon, TITLE_CHARACTERS),
        author=shortened(lettering.printable(author, BOOK), AUTHOR_CHARACTERS),
        palette=PALETTE_OF[chosen.palette],
        chance=random.Random(digest),  # noqa: S311 (ornament, not a secret)
        series=shortened(lettering.printable(chosen.series, BOOK), SERIES_CHARACTERS),
        lettering=LETTERING_OF[chosen.lettering],
        picture=opened(picture) if chosen.has_picture else None,
        focus=(chosen.focus_x / choice.MAX_PERCENT, chosen.focus_y / choice.MAX_PERCENT),
    )
    return DRAWN_BY[chosen.design](page)


def as_asset(drawn: Image.Image) -> Asset:
    """Return a drawn cover as JPEG."""
    return raster_asset(drawn, "cover.jpg", lossy=True, quality=90)


def opened(data: bytes | None) -> Image.Image | None:
    """Return the picture without transparency, or None where it is damaged: a cover is drawn all the same."""
    if data is None:
        return None
    try:
        with Image.open(io.BytesIO(data), formats=("JPEG", "PNG")) as opened:
            picture = opened.convert("RGBA")
    except OSError:
        return None
    white = Image.new("RGB", picture.size, "white")
    white.paste(picture, mask=picture)
    return white
