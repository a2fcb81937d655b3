"""The shop's icon as images, for programs that look for one at the usual places. Drawn from static/icon.svg."""

from __future__ import annotations

from functools import cache
from io import BytesIO
from pathlib import Path

from django.conf import settings
from PIL import Image

_ICO_SIZES = (16, 32, 48)


@cache
def png(size: int) -> bytes:
    """Return a square PNG with sides of that many pixels."""
    import resvg_py  # slow to import, and needed once

    drawing = (Path(settings.BASE_DIR) / "static" / "icon.svg").read_text(encoding="utf-8")
    return bytes(resvg_py.svg_to_bytes(svg_string=drawing, width=size, height=size, skip_system_fonts=True))


APP_SIZES = (192, 512)  # of an app that a device installs


@cache
def ico() -> bytes:
    """Return one file with the sizes that browsers want."""
    pictures = [Image.open(BytesIO(png(size))) for size in _ICO_SIZES]
    file = BytesIO()
    pictures[-1].save(
        file, "ICO", sizes=[picture.size for picture in pictures], append_images=pictures[:-1], bitmap_format="bmp"
    )
    return file.getvalue()
