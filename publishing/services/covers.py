"""Quick checks of an uploaded cover, based on the picture's header; pixels are not decoded here.

The engine decides finally when it redraws the picture inside its sandbox.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO

from django.conf import settings
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from PIL import Image

from common import storage
from conversion.engine.covers import cover
from conversion.engine.images import reencode, svg
from publishing.errors import (
    CoverAnimated,
    CoverCutOff,
    CoverNotPicture,
    CoverTooLarge,
    CoverTooManyPixels,
    CoverTooNarrow,
)

_MB = 1024 * 1024
BEST_WIDTH, BEST_HEIGHT = 1600, 2560
MAX_MEGAPIXELS = reencode.MAX_PIXELS // 1_000_000
_HEAD_BYTES = 4096
# EXIF orientation, and its values for a picture that is turned by 90 degrees.
_ORIENTATION, _ON_ITS_SIDE = 0x0112, frozenset({5, 6, 7, 8})
_IN_BROWSERS = ("JPEG", "PNG", "WEBP", "AVIF")
_PRINT_COLOURS = frozenset({"CMYK", "LAB"})
_DEEP_COLOURS = frozenset({"I", "F", "I;16", "I;16B", "I;16L"})
_TRANSPARENT = frozenset({"RGBA", "LA", "PA", "RGBa", "La"})
# What every whole file of the format has near its end; some programs write a little more behind it.
_ENDINGS = {"JPEG": b"\xff\xd9", "PNG": b"IEND"}
_TAIL_BYTES = 1024 * 1024


@dataclass(frozen=True, slots=True)
class InspectedCover:
    """A picture that can be used as a cover. `remarks` are warnings for the author, if any.

    Width and height are in pixels as displayed, or in the drawing's own units for an SVG.
    """

    width: int
    height: int
    remarks: tuple[str, ...]


def inspect_cover(content: IO[bytes]) -> InspectedCover:
    """Check an uploaded picture; only a picture that cannot be used at all is rejected.

    Raises CoverTooNarrow, and the errors of `inspect_picture`.
    """
    width, height, mode = inspect_picture(content)
    if not cover.LAST_RATIO[0] <= height / width <= cover.LAST_RATIO[1]:
        raise CoverTooNarrow(width=width, height=height)
    remarks = list(_of_pixels(width, height, mode)) if mode else []
    return InspectedCover(width, height, (*remarks, *_of_shape(width, height)))


def inspect_picture(content: IO[bytes]) -> tuple[int, int, str]:
    """Return the width, height and colours of a picture of any shape; "" for the colours of a drawing.

    Raises CoverTooLarge, CoverNotPicture, CoverTooManyPixels, CoverAnimated, CoverCutOff.
    """
    if content.seek(0, 2) > settings.MAX_COVER_BYTES:
        raise CoverTooLarge(limit_mb=settings.MAX_COVER_BYTES // _MB)
    content.seek(0)
    is_drawing = svg.looks_like_svg(content.read(_HEAD_BYTES))
    width, height, mode = _measure_drawing(content) if is_drawing else _measure(content)
    if not is_drawing and width * height > reencode.MAX_PIXELS:
        raise CoverTooManyPixels(limit=MAX_MEGAPIXELS)
    return width, height, mode


def inspect_picture_remarks(content: IO[bytes], *, is_cover: bool) -> tuple[str, ...]:
    """Return what to say about an uploaded picture; of one for a design, nothing about its shape.

    Raises the errors of `inspect_cover`.
    """
    if is_cover:
        return inspect_cover(content).remarks
    width, height, mode = inspect_picture(content)
    return tuple(_of_pixels(width, height, mode)) if mode else ()


def browser_type(file: str) -> str:
    """Return the media type of a stored cover that browsers can show as it is, or ""."""
    if not file:
        return ""
    try:
        with storage.private().open(file) as content, Image.open(content, formats=_IN_BROWSERS) as picture:
            return picture.get_format_mimetype() or ""
    except Exception:  # decoders raise anything; an SVG is shown once the engine has rebuilt it
        return ""


def _measure_drawing(content: IO[bytes]) -> tuple[int, int, str]:
    content.seek(0)
    try:
        drawing = svg.rebuild(content.read(), picture=lambda data: None)
    except svg.Unusable as error:
        raise CoverNotPicture from error
    return drawing.width, drawing.height, ""


def _measure(content: IO[bytes]) -> tuple[int, int, str]:
    content.seek(0)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # only the header is read
            with Image.open(content, formats=reencode.FORMATS) as picture:
                width, height = picture.size
                mode, form = picture.mode, picture.format or ""
                is_animated = getattr(picture, "n_frames", 1) > 1 and form != "TIFF"  # there they are pages
    except Image.DecompressionBombError as error:
        raise CoverTooManyPixels(limit=MAX_MEGAPIXELS) from error
    except Exception as error:  # decoders raise all kinds of exceptions for malicious files
        raise CoverNotPicture from error
    if is_animated:
        raise CoverAnimated
    _require_whole(content, form)
    return (height, width, mode) if _is_on_its_side(content) else (width, height, mode)


def _is_on_its_side(content: IO[bytes]) -> bool:
    """Whether the camera noted that the picture is to be turned by 90 degrees."""
    content.seek(0)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(content, formats=reencode.FORMATS) as picture:
                if picture.format == "PNG" and "exif" not in picture.info:
                    return False  # looking further would decode the pixels, which only the sandbox does
                return picture.getexif().get(_ORIENTATION) in _ON_ITS_SIDE
    except Exception as error:
        raise CoverNotPicture from error


def _require_whole(content: IO[bytes], form: str) -> None:
    """Raises CoverCutOff."""
    size_bytes = content.seek(0, 2)
    content.seek(max(0, size_bytes - _TAIL_BYTES))
    if _ENDINGS.get(form, b"") not in content.read():
        raise CoverCutOff


def _of_pixels(width: int, height: int, mode: str) -> Iterator[str]:
    size = {"width": _number(width), "height": _number(height)}
    best = {"best_width": _number(BEST_WIDTH), "best_height": _number(BEST_HEIGHT)}
    if width < cover.MIN_WIDTH_PX:
        yield _(
            "This picture is %(width)s × %(height)s pixels, which is too small: it will look blurred on e-readers, on "
            "tablets and in print. We recommend at least %(best_width)s × %(best_height)s."
        ) % (size | best)
    elif width < BEST_WIDTH:
        yield _(
            "This picture is %(width)s × %(height)s pixels. It may look soft on large screens and in print. We "
            "recommend at least %(best_width)s × %(best_height)s."
        ) % (size | best)
    if mode in _PRINT_COLOURS:
        yield _(
            "This picture uses print colours (%(mode)s). We convert them for screens, so they may look different."
        ) % {"mode": mode}
    if mode in _DEEP_COLOURS:
        yield _("This picture has more shades than screens show. We reduce them to eight bits for each colour.")
    if mode in _TRANSPARENT:
        yield _("Parts of this picture are transparent. A cover is not, so we put white behind them.")


def _of_shape(width: int, height: int) -> Iterator[str]:
    if width > height:
        yield _("This picture is wider than it is tall. Covers are upright, so shops will show it small.")
    elif not cover.GOOD_RATIO[0] <= height / width <= cover.GOOD_RATIO[1]:
        yield _(
            "This picture does not have the proportions of a book. Most covers are 1.6 times as tall as they are wide."
        )


def _number(value: int) -> str:
    return str(number_format(value, force_grouping=True))
