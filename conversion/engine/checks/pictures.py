"""Check pictures: their descriptions, print resolution and file size, and what they show; the descriptions of pages."""

from __future__ import annotations

import io
import re
from collections import Counter
from collections.abc import Iterator
from typing import cast

from ..book import clean
from ..book.inlines import plain_text
from ..book.model import Asset, Chapter, Figure, InlineImage
from ..book.page import is_described, words_of
from ..book.walk import Node
from ..findings.model import Finding
from ..findings.registry import severity
from ..targets import TARGETS
from .analysis import BookAnalysis
from .making import make_finding
from .wording_lists import EMPTY_DESCRIPTIONS

SMALL_PX = 600
MIN_DPI = 150
SCREEN_DPI = 96  # print size of a picture that does not fill the page
HEAVY_BYTES = 2_000_000
TALL = 2.5
LONG_ALT_CHARACTERS = 300
REPEATED = 5
BLANK_BYTES_A_PIXEL = 0.02
MIN_BLANK_PX = 40
_PRINT = TARGETS["print"].measure_mm / 25.4  # inches
_FILE_NAME = re.compile(
    r"(?:.*\.(?:jpe?g|png|gif|webp|svg|tiff?|bmp)|"
    r"(?:img|dsc|image|picture|photo|screenshot|bild|figure|grafik)[ _-]?\d+)",
    re.IGNORECASE,
)


def pictures(analysis: BookAnalysis) -> Iterator[Finding]:
    """Report on each picture where it appears."""
    assets = analysis.book.assets
    shown: Counter[str] = Counter()
    coarse: list[tuple[int, Chapter, Node, Asset]] = []
    for chapter, node in (*analysis.nodes, *analysis.note_nodes):
        if type(node) not in (Figure, InlineImage) or node.asset not in assets:
            continue
        asset = assets[node.asset]
        shown[node.asset] += type(node) is Figure
        yield from _description(chapter, node, asset)
        if type(node) is Figure and shown[node.asset] == 1:
            yield from _file(chapter, node, asset)
            dpi = print_dpi(asset)
            if asset.width >= SMALL_PX and 0 < dpi < MIN_DPI:
                coarse.append((dpi, chapter, node, asset))
    if coarse:
        dpi, chapter, node, asset = min(coarse, key=lambda one: one[0])
        needed = round(_PRINT * 300)
        yield make_finding(
            "image.print-coarse", chapter, node, count=len(coarse), name=asset.name, dpi=dpi, needed=needed
        )
    for key, times in shown.items():
        if times >= REPEATED:
            yield make_finding("image.repeated", name=assets[key].name, count=times)


def _description(chapter: Chapter, node: Figure | InlineImage, asset: Asset) -> Iterator[Finding]:
    if node.decorative:
        return
    alt = node.alt.strip()
    folded = clean.fold(alt)
    name = asset.name.rpartition(".")[0] or asset.name
    if not alt:
        if chapter.role != "titlepage":
            yield make_finding("image.alt-missing", chapter, node, name=asset.name)
    elif _FILE_NAME.fullmatch(alt) or (folded == clean.fold(name) and not alt.isalpha()):
        yield make_finding("image.alt-file-name", chapter, node, quote=alt, name=asset.name)
    elif folded in EMPTY_DESCRIPTIONS:
        yield make_finding("image.alt-filler", chapter, node, quote=alt, name=asset.name)
    elif len(alt) > LONG_ALT_CHARACTERS:
        yield make_finding("image.alt-long", chapter, node, quote=alt, name=asset.name, characters=len(alt))
    elif type(node) is Figure and node.caption and folded == clean.fold(plain_text(node.caption)):
        yield make_finding("image.alt-repeats-caption", chapter, node, quote=alt, name=asset.name)


def _file(chapter: Chapter, node: Figure, asset: Asset) -> Iterator[Finding]:
    if len(asset.data) > HEAVY_BYTES:
        yield make_finding("image.heavy", chapter, node, name=asset.name, megabytes=-(-len(asset.data) // 1_000_000))
    if asset.height > TALL * asset.width and asset.height > SMALL_PX:
        yield make_finding("image.tall", chapter, node, name=asset.name, width=asset.width, height=asset.height)
    if asset.media_type == "image/svg+xml":
        return
    if _is_blank(asset):
        yield make_finding("image.blank", chapter, node, name=asset.name)
    elif asset.width < SMALL_PX:
        yield make_finding("image.small", chapter, node, name=asset.name, width=asset.width, needed=SMALL_PX)
    if asset.media_type == "image/png" and asset.data[25:26] in (b"\x04", b"\x06"):
        yield make_finding("image.transparent", chapter, node, name=asset.name)


def print_dpi(asset: Asset) -> int:
    """Return the dots per inch on the printed page; 0 for vector drawings, which have none."""
    if asset.media_type == "image/svg+xml" or not asset.width:
        return 0
    return round(asset.width / min(_PRINT, asset.width / SCREEN_DPI))


def _is_blank(asset: Asset) -> bool:
    """Return whether the picture is a single colour. Only files far too small for a real picture are opened."""
    pixels = asset.width * asset.height
    if min(asset.width, asset.height) < MIN_BLANK_PX or len(asset.data) > 400 + BLANK_BYTES_A_PIXEL * pixels:
        return False
    from PIL import Image  # slow to load, and hardly ever needed

    try:
        with Image.open(io.BytesIO(asset.data), formats=("JPEG", "PNG")) as opened:
            extremes = cast("tuple[tuple[int, int], ...]", opened.convert("RGB").getextrema())
    except (OSError, ValueError):
        return False
    return all(high - low <= 2 for low, high in extremes)


def pages(analysis: BookAnalysis) -> Iterator[Finding]:
    """Report pages that say nothing to those who cannot see them, and pages that only say their words."""
    undescribed = [page for page in analysis.book.pages if not is_described(page)]
    silent = [page for page in undescribed if not words_of(page).strip()]
    worded = [page for page in undescribed if words_of(page).strip()]
    for code, found in (("page.alt-missing", silent), ("page.alt-from-words", worded)):
        if found:
            yield Finding(code, severity(code), quote=found[0].label, facts={"count": len(found)})


CHECKS = (pictures, pages)
