"""Pictures as objects of a batch. JPEG is taken as it is; PNG is unpacked, since its rows are filtered."""

from __future__ import annotations

import io
import zlib
from dataclasses import dataclass, field

from ...book.model import Asset
from ..page_batch import ObjectTemplate, PageBatch
from .errors import Unsettable

_LEVEL = 6
_COLORS = {1: b"/DeviceGray", 3: b"/DeviceRGB"}
_NO_SIZE = frozenset({0xC4, 0xC8, 0xCC})  # of the markers from C0 to CF, those that say no size


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture of the book with its size in pixels."""

    asset: Asset
    alt: str
    is_decorative: bool = False

    @property
    def width(self) -> int:
        return self.asset.width

    @property
    def height(self) -> int:
        return self.asset.height


def can_show(asset: Asset | None) -> bool:
    """Tell whether this engine can show a picture: drawings are left to the other."""
    return asset is not None and asset.media_type in ("image/jpeg", "image/png") and asset.width * asset.height > 0


def picture_of(asset: Asset | None, alt: str, *, is_decorative: bool = False) -> Picture:
    """Return a picture of the book. Raises Unsettable for one that cannot be shown."""
    if asset is None or not can_show(asset):
        raise Unsettable("a picture")
    return Picture(asset, alt, is_decorative)


@dataclass(slots=True)
class Pictures:
    """The pictures of one batch, each once."""

    _names: dict[str, tuple[str, Picture]] = field(default_factory=dict)

    def name(self, picture: Picture) -> str:
        """Return the name by which pages draw a picture."""
        key = picture.asset.sha256
        if key not in self._names:
            self._names[key] = (f"P{len(self._names)}", picture)
        return self._names[key][0]

    def add_to(self, batch: PageBatch) -> None:
        """Add the objects of all pictures."""
        for name, picture in self._names.values():
            batch.pictures[name] = _added(batch, picture.asset)


def _added(batch: PageBatch, asset: Asset) -> int:
    if asset.media_type == "image/jpeg":
        colors = _COLORS.get(_components(asset.data), b"/DeviceCMYK/Decode[1 0 1 0 1 0 1 0]")
        entries = _entries(asset.width, asset.height, colors, b"/DCTDecode")
        return batch.add(ObjectTemplate(entries, (), asset.data))
    from PIL import Image

    with Image.open(io.BytesIO(asset.data), formats=("PNG",)) as opened:
        has_alpha = opened.has_transparency_data
        image = opened.convert("RGBA" if has_alpha else ("L" if opened.mode in ("1", "L", "I") else "RGB"))
    colors = _COLORS[1 if image.mode == "L" else 3]
    if not has_alpha:
        data = zlib.compress(image.tobytes(), _LEVEL)
        return batch.add(ObjectTemplate(_entries(*image.size, colors, b"/FlateDecode"), (), data))
    mask = zlib.compress(image.getchannel("A").tobytes(), _LEVEL)
    number = batch.add(ObjectTemplate(_entries(*image.size, _COLORS[1], b"/FlateDecode"), (), mask))
    data = zlib.compress(image.convert("RGB").tobytes(), _LEVEL)
    return batch.add(ObjectTemplate(_entries(*image.size, colors, b"/FlateDecode") + b"/SMask %d 0 R", (number,), data))


def _entries(width: int, height: int, colors: bytes, filter_name: bytes) -> bytes:
    return (
        b"/Type/XObject/Subtype/Image/Width %d/Height %d/BitsPerComponent 8/Interpolate true/ColorSpace%b/Filter%b"
        % (width, height, colors, filter_name)
    )


def _components(jpeg: bytes) -> int:
    """Return how many colours a JPEG has: it says so in the frame header."""
    at = 2
    while at + 9 < len(jpeg):
        marker, length = jpeg[at + 1], int.from_bytes(jpeg[at + 2 : at + 4], "big")
        if 0xC0 <= marker <= 0xCF and marker not in _NO_SIZE:
            return jpeg[at + 9]
        at += 2 + length
    return 3
