"""The proof sheet of one target as an archive: pages as pictures, and the information about each.

    index.json      the sizes, the chapters, the pages drawn with their text and the boxes of their faults
    pages/0012.png  a page: sixteen greys for text, smaller and faster to make than WebP; JPEG for colour

Lengths in the index are tenths of a millimetre from the top left. Equal books give equal bytes.
"""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from PIL import Image, ImageChops

from ..findings.registry import severity
from ..support.reproducible_zip import FixedArchive
from ..targets import Target
from .choice import ChosenPages
from .faults import Fault
from .findings import chapter_at
from .pages import OutlineEntry, Page, PageSource

# Version of the public fields of index.json; readers must check it before they read on.
_FORMAT = 1
_PIXELS_PER_MM = 4
_WIDTHS_PX = (480, 720)
_TEXT_CHARACTERS = 6000
_GREYS = 16
_TO_GREY = [min(_GREYS - 1, (value + 8) // 17) for value in range(256)]
_PALETTE = [channel for grey in range(_GREYS) for channel in (grey * 17,) * 3]
_JPEG_QUALITY = 78


def write(
    out: Path,
    target: Target,
    source: PageSource,
    *,
    pages: Sequence[Page],
    faults: Sequence[Fault],
    chosen: ChosenPages,
) -> None:
    """Draw the chosen pages and write the archive."""
    openings = source.openings()
    drawn: list[dict[str, Any]] = []
    with FixedArchive(out) as archive:
        for index in sorted(chosen.reasons):
            name, data, size = _picture(source, pages[index], target)
            archive.write(name, data)
            label = source.label(index)
            about = _about(pages[index], label, chapter_at(openings, index), chosen.reasons[index])
            boxes = _boxes([fault for fault in faults if fault.index == index], label, target)
            drawn.append(about | {"file": name, "width": size[0], "height": size[1], "faults": boxes})
        archive.write("index.json", json.dumps(_index(target, pages, openings, drawn), ensure_ascii=False))


def encode(picture: Image.Image) -> tuple[str, bytes]:
    """Return the picture of a page as a file: its extension and its bytes."""
    buffer = io.BytesIO()
    if picture.mode == "RGB" and _has_colour(picture):
        picture.save(buffer, "JPEG", quality=_JPEG_QUALITY, optimize=False)
        return "jpg", buffer.getvalue()
    grey = picture.convert("L").point(_TO_GREY)
    few = Image.frombytes("P", grey.size, grey.tobytes())
    few.putpalette(_PALETTE)
    few.save(buffer, "PNG", bits=4, compress_level=4)
    return "png", buffer.getvalue()


def _picture(source: PageSource, page: Page, target: Target) -> tuple[str, bytes, tuple[int, int]]:
    least, most = _WIDTHS_PX
    width = min(most, max(least, round(target.width_mm * _PIXELS_PER_MM)))
    picture = source.draw(page.index, width, in_colour=bool(page.pictures) or page.has_drawing)
    extension, data = encode(picture)
    return f"pages/{page.index + 1:04}.{extension}", data, picture.size


def _has_colour(picture: Image.Image) -> bool:
    """Return whether any pixel differs from grey by more than a shade."""
    red, green, blue = picture.split()
    parted = [ImageChops.difference(red, green), ImageChops.difference(green, blue)]
    return any(channel.getextrema()[1] > 12 for channel in parted)  # type: ignore[operator]  # of one band: two numbers


def _about(page: Page, label: str, chapter: str, why: list[str]) -> dict[str, Any]:
    text = page.text[:_TEXT_CHARACTERS]
    size = {"page_width": round(page.width * 10), "page_height": round(page.height * 10)}
    return {"number": page.index + 1, "label": label, "chapter": chapter, "why": why, "text": text, **size}


def _boxes(faults: Sequence[Fault], label: str, target: Target) -> list[dict[str, Any]]:
    found = []
    for fault in faults:
        area = fault.box.area(target.name, fault.index + 1)
        found.append(
            {
                "code": fault.code,
                "severity": str(severity(fault.code)),
                "facts": {"target": target.name, "page": label, **fault.facts},
                "quote": fault.quote[:120],
                "left": area.left,
                "top": area.top,
                "width": area.width,
                "height": area.height,
            }
        )
    return found


def _index(
    target: Target, pages: Sequence[Page], openings: Sequence[OutlineEntry], drawn: list[dict[str, Any]]
) -> dict[str, Any]:
    return {
        "format": _FORMAT,
        "target": target.name,
        "pages": len(pages),
        "chapters": [{"title": opening.title, "page": opening.index + 1} for opening in openings],
        "drawn": drawn,
    }
