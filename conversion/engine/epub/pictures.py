"""The pictures of one shape of the EPUB: unchanged, on white, or rasterised."""

from __future__ import annotations

import io
from collections.abc import Iterable
from dataclasses import replace

from ..book.model import Asset
from .variants import EpubVariant

LARGEST_BYTES = 5_000_000  # of one picture in a Kindle book


def shaped(assets: dict[str, Asset], keys: Iterable[str], shape: EpubVariant) -> dict[str, Asset]:
    """Return the pictures with these keys as the shape requires them, under the same keys; without those that cannot be
    drawn."""
    made = {key: for_shape(assets[key], shape) for key in keys if key in assets}
    return {key: picture for key, picture in made.items() if picture is not None}


def for_shape(picture: Asset, shape: EpubVariant) -> Asset | None:
    """Return one picture as the shape requires it, with its key; None for a drawing that cannot be rasterised."""
    if picture.media_type == "image/svg+xml" and shape.is_raster:
        from ..images import raster

        return _keyed(raster.drawn(picture), picture)
    if picture.media_type == "image/png" and shape.is_opaque:
        opaque = _on_white(picture)
        if shape.is_raster and len(opaque.data) > LARGEST_BYTES:
            from ..images import reencode

            return _keyed(reencode.as_jpeg(opaque), picture)
        return opaque
    return picture


def cover_for(cover: Asset, shape: EpubVariant) -> Asset | None:
    """Return the cover: a raster image in every shape, and JPEG where the shape requires it. None where it cannot be
    drawn."""
    if cover.media_type == "image/svg+xml":
        from ..images import raster

        drawn = raster.drawn(cover, longest_px=2560)
        if drawn is None:
            return None
        cover = drawn
    if shape.is_raster:
        from ..images import reencode

        return reencode.as_jpeg(cover)
    return for_shape(cover, shape)


def _keyed(made: Asset | None, original: Asset) -> Asset | None:
    return None if made is None else replace(made, sha256=original.sha256)


def _on_white(picture: Asset) -> Asset:
    from PIL import Image

    from ..images import reencode

    with Image.open(io.BytesIO(picture.data), formats=("PNG",)) as opened:
        if opened.mode != "RGBA":
            return picture
        white = Image.new("RGB", opened.size, "white")
        white.paste(opened, mask=opened.getchannel("A"))
    return replace(reencode.raster_asset(white, picture.name, lossy=False), sha256=picture.sha256)
