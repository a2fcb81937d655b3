"""Rasterise SVG drawings, for reading systems without SVG support.

resvg draws what `svg.py` has rebuilt: no scripts, no references outside the drawing. It loads fonts only where a
drawing has text, because scanning them takes longer than drawing.
"""

from __future__ import annotations

import io

from PIL import Image

from ..book.model import Asset
from .reencode import raster_asset

MAX_PX = 1600
_LARGEST_ZOOM = 4.0
_MIN_PX = 1


def drawn(drawing: Asset, *, longest_px: int = MAX_PX) -> Asset | None:
    """Return a drawing as PNG on white, enlarged until its longest side has `longest_px`, but at most four times.

    None where resvg cannot draw it.
    """
    zoom = min(_LARGEST_ZOOM, longest_px / max(drawing.width, drawing.height, _MIN_PX))
    image = pixels(drawing.data.decode("utf-8", "replace"), zoom)
    return None if image is None else raster_asset(image, drawing.name, lossy=False)


def pixels(svg: str, zoom: float) -> Image.Image | None:
    """Return SVG that we wrote as an RGB image on white, or None where resvg cannot draw it."""
    import resvg_py  # slow to load, and few books have drawings

    try:
        data = resvg_py.svg_to_bytes(
            svg_string=svg,
            background="#ffffff",
            skip_system_fonts="<text" not in svg,
            zoom=zoom,
            serif_family="Literata",
        )
    except ValueError:
        return None
    with Image.open(io.BytesIO(data), formats=("PNG",)) as opened:
        return opened.convert("RGB")
