"""Covers: drawn from the title where the author has none, checked where the author provides one."""

from __future__ import annotations

import hashlib
import random
import traceback
import unicodedata

from PIL import Image

from ..book.cover_choice import CoverChoice
from ..book.model import Asset, Book
from ..book.names import shortened
from ..checks import covers, failed_checks
from ..errors import AuthorFixable, ConversionError
from ..findings.model import Finding, Severity
from ..findings.registry import severity
from ..images import raster
from ..images.reencode import raster_asset, reencode
from ..support.cache import NO_CACHE, Cache
from . import lettering, named
from .composition import BOOK, HEIGHT, PALETTES, WIDTH, Page
from .designs import DESIGNS

MIN_WIDTH_PX = 1000
GOOD_RATIO = (1.3, 1.8)  # height over width
_NAME = "cover.jpg"
LAST_RATIO = (0.5, 3.0)  # beyond this range it is a strip, not a cover


def typographic_cover(title: str, author: str, seed: int = 0) -> Asset:
    """Draw a cover of 1600 x 2560 pixels and return it as JPEG. Design and colours follow from the title; each further
    `seed` gives the next design. Equal arguments and fonts give equal bytes."""
    digest = int.from_bytes(hashlib.sha256(title.encode()).digest()[:8])
    main, _, after_colon = lettering.printable(title, BOOK).partition(": ")
    page = Page(
        title=shortened(main, named.TITLE_CHARACTERS),
        subtitle=shortened(after_colon, named.TITLE_CHARACTERS),
        author=shortened(lettering.printable(author, BOOK), named.AUTHOR_CHARACTERS),
        palette=PALETTES[(digest // 97 + seed * 3) % len(PALETTES)],
        chance=random.Random(digest + seed),  # noqa: S311 (ornament, not a secret)
    )
    design = DESIGNS[(digest + seed) % len(DESIGNS)]
    return raster_asset(design(page), _NAME, lossy=True, quality=90)


def can_draw(title: str) -> bool:
    """Return whether the available fonts have every letter of the title."""
    wanted = [c for c in unicodedata.normalize("NFC", title) if c.isalpha()]
    return all(lettering.printable(c, BOOK) for c in wanted)


def check_author_cover(data: bytes, name: str = "cover") -> tuple[Asset, list[Finding]]:
    """Return the author's cover, re-encoded, with findings about its size and proportions.

    Raises AuthorFixable `cover.unusable`, `cover.drawing` or `cover.strip`: an author who provides a cover does not
    expect another one instead.
    """
    read, findings = reencode(data, name=name)
    if read is None:
        raise AuthorFixable("cover.unusable", **findings[0].facts)
    asset = _in_pixels(read)
    if asset is None:
        raise AuthorFixable("cover.drawing", name=read.name)
    if not LAST_RATIO[0] <= asset.height / asset.width <= LAST_RATIO[1]:
        raise AuthorFixable("cover.strip", width=asset.width, height=asset.height)
    return asset, findings + _remarks(asset)


def check_author_picture(data: bytes) -> Asset:
    """Return the author's picture for a drawn cover, re-encoded. Raises AuthorFixable `cover.unusable`,
    `cover.drawing`."""
    read, findings = reencode(data, name="picture")
    if read is None:
        raise AuthorFixable("cover.unusable", **findings[0].facts)
    asset = _in_pixels(read)
    if asset is None:
        raise AuthorFixable("cover.drawing", name=read.name)
    return asset


def draw_chosen(
    chosen: CoverChoice, book: Book, author: str, picture: Asset | None, cache: Cache = NO_CACHE
) -> tuple[Asset, list[Finding]]:
    """Return the cover as the author chose it; where drawing fails, one in a plain colour."""
    about = book.metadata
    remarks = [] if can_draw(about.title) else [Finding("cover.letters-missing", Severity.INFO)]
    key = cache.key("chosen", repr(chosen), about.title, about.subtitle, author, picture.sha256 if picture else "")
    if cache.is_kept and (known := cache.find(key)) is not None:
        return _read_back(known.read_bytes()), remarks
    try:
        drawn = named.named_cover(
            chosen,
            title=about.title,
            subtitle=about.subtitle,
            author=author,
            picture=picture.data if picture else None,
        )
    except (ConversionError, MemoryError):
        raise
    except Exception:
        traceback.print_exc()
        return _plain(about.title), [Finding("cover.not-drawn", severity("cover.not-drawn"))]
    made = named.as_asset(drawn)
    if cache.is_kept:
        cache.write(key, made.data)
    return made, remarks


def choose(book: Book, author: str, cache: Cache = NO_CACHE) -> tuple[Asset, list[Finding]]:
    """Return the source's own cover; else one from the cache or drawn from the title; where drawing fails, one in a
    plain colour."""
    own = of_source(book)
    if own is not None:
        return own, _remarks(own)
    title = book.metadata.title
    try:
        remark = Finding("cover.drawn" if can_draw(title) else "cover.letters-missing", Severity.INFO)
        return _drawn(title, author, cache), [remark]
    except (ConversionError, MemoryError):
        raise
    except Exception:
        traceback.print_exc()
        return _plain(title), [Finding("cover.not-drawn", severity("cover.not-drawn"))]


def of_source(book: Book) -> Asset | None:
    """Return the source's own cover as a raster picture, or None if there is none that can be drawn."""
    given = book.assets.get(book.cover)
    return _in_pixels(given) if given is not None else None


def _in_pixels(picture: Asset) -> Asset | None:
    """Return a raster picture as it is, a vector drawing rendered at a cover's height, or None where that fails."""
    if picture.media_type != "image/svg+xml":
        return picture
    zoom = HEIGHT / max(picture.width, picture.height, 1)
    image = raster.pixels(picture.data.decode("utf-8", "replace"), zoom)
    return None if image is None else raster_asset(image, picture.name, lossy=True, quality=90)


def _plain(title: str) -> Asset:
    """Return a cover without letters, in a colour that follows from the title."""
    palette = PALETTES[hashlib.sha256(title.encode()).digest()[0] % len(PALETTES)]
    return raster_asset(Image.new("RGB", (WIDTH, HEIGHT), palette.ground), _NAME, lossy=True, quality=90)


def _drawn(title: str, author: str, cache: Cache) -> Asset:
    if not cache.is_kept:
        return typographic_cover(title, author)
    key = cache.key("cover", title, author)
    if (known := cache.find(key)) is not None:
        return _read_back(known.read_bytes())
    made = typographic_cover(title, author)
    cache.write(key, made.data)
    return made


def _read_back(data: bytes) -> Asset:
    return Asset(hashlib.sha256(data).hexdigest(), "image/jpeg", data, WIDTH, HEIGHT, _NAME)


def _remarks(cover: Asset) -> list[Finding]:
    size: dict[str, str | int] = {"width": cover.width, "height": cover.height}
    remarks = []
    if cover.width < MIN_WIDTH_PX:
        remarks.append(Finding("cover.small", Severity.PROBLEM, facts=size))
    if not GOOD_RATIO[0] <= cover.height / cover.width <= GOOD_RATIO[1]:
        remarks.append(Finding("cover.ratio", Severity.ADVICE, facts=size))
    try:
        return [*remarks, *covers.of_cover(cover)]
    except MemoryError:
        raise
    except Exception:
        traceback.print_exc()
        return [*remarks, failed_checks(1)]
