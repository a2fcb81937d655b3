"""The cover as a page of its own: one picture, which is copied into the PDF as it is."""

from __future__ import annotations

import io
import zlib

from PIL import Image

from ..book.model import Asset
from ..targets import Target
from .binding import points
from .page_batch import SECTION, Leaf, ObjectTemplate, PageBatch, page_reference, text_string

_POINTS_PER_MM = 72 / 25.4
_COLOURS = {"L": b"DeviceGray", "RGB": b"DeviceRGB"}


def cover_batch(cover: Asset, target: Target, alt: str) -> PageBatch | None:
    """The page, with the picture as large as it fits; None for a picture that cannot be copied."""
    if cover.media_type != "image/jpeg":
        return None
    with Image.open(io.BytesIO(cover.data), formats=("JPEG",)) as opened:
        colours = _COLOURS.get(opened.mode)
    if colours is None:
        return None
    width, height = target.width_mm * _POINTS_PER_MM, target.height_mm * _POINTS_PER_MM
    scale = min(width / cover.width, height / cover.height)
    box = (cover.width * scale, cover.height * scale)
    left, bottom = (width - box[0]) / 2, (height - box[1]) / 2
    batch = PageBatch()
    picture = b"/Type/XObject/Subtype/Image/Width %d/Height %d/ColorSpace/%b/BitsPerComponent 8/Filter/DCTDecode"
    batch.pictures["Cover"] = batch.add(ObjectTemplate(picture % (cover.width, cover.height, colours), (), cover.data))
    corners = b" ".join(map(points, (left, bottom, left + box[0], bottom + box[1])))
    figure = b"<</Type/StructElem/S/Figure/P %%d 0 R/Pg %%d 0 R/K[0]/Alt%b/A<</O/Layout/BBox[%b]>>>>"
    figure %= (text_string(alt).replace(b"%", b"%%"), corners)
    element = batch.add(ObjectTemplate(figure, (SECTION, page_reference(0))))
    batch.elements = (element,)
    matrix = b"%b 0 0 %b %b %b cm" % tuple(map(points, (*box, left, bottom)))
    content = b"/Figure<</MCID 0>>BDC q %b /Cover Do Q EMC" % matrix
    batch.leaves.append(Leaf(width, height, zlib.compress(content), (element,)))
    return batch
