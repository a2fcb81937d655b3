"""Pictures as people upload them."""

from __future__ import annotations

import io

from PIL import Image


def picture(width: int = 1600, height: int = 2560, *, mode: str = "RGB", form: str = "PNG") -> bytes:
    """A plain picture of that size."""
    out = io.BytesIO()
    Image.new(mode, (width, height)).save(out, form)
    return out.getvalue()
