"""Names as pictures: what a document draws, held against the same letters drawn by other means.

Text that is copied out of a PDF may be right where the letters on the page are wrong, so only pictures tell.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from itertools import groupby
from pathlib import Path
from statistics import correlation

import pypdfium2
import pytest
from fontTools.ttLib import TTFont
from PIL import Image, ImageChops, ImageDraw, ImageFont, ImageOps

VENDOR = Path(__file__).resolve().parent.parent.parent / "static" / "vendor" / "fonts"
SYSTEM = Path("/usr/share/fonts")
NAMES = {
    "latin": "Łukasiewicz-Đorđević, Őry",
    "greek": "Ελένη Βαρδάκη",
    "cyrillic": "Љубица Достоевская",
    "vietnamese": "Nguyễn Hồng Ánh",
    "arabic": "نجيب محفوظ",
    "hebrew": "עגנון",
    "devanagari": "प्रेमचंद श्रीवास्तव",
    "thai": "ศรีบูรพา",
    "chinese": "魯迅",
    "korean": "김영하",
}
_SHAPED = {"arabic", "hebrew", "devanagari", "thai"}
ALIKE = 0.85
_SIZE = 96
_SCALE = 8
_GRID = (320, 64)


def assert_drawn(picture: Image.Image, script: str, *packages: str) -> None:
    """The picture shows the script's name, in the packaged faces ("literata-400") or one of the system's.

    Skips the test where no face for the script is installed.
    """
    likeness = max(like(picture, reference) for reference in references(script, packages))
    assert likeness > ALIKE, f"{NAMES[script]} is drawn otherwise: {likeness:.2f}"


def references(script: str, packages: Sequence[str]) -> list[Image.Image]:
    """The name in pieces from the files that have its letters, and shaped as a whole with each face of the system."""
    name = NAMES[script]
    files = [path for package in packages for path in _files(package)]
    found = [] if script in _SHAPED else [_in_pieces(name, files)]
    letters = set(name.replace(" ", ""))
    found += [_whole(name, path) for path in _system() if letters <= _characters(path)]
    made = [picture for picture in found if picture is not None]
    if not made:
        pytest.skip(f"no face for {script} is installed")
    return made


def in_pdf(content: bytes, name: str) -> Image.Image:
    """Where the PDF says that the name stands, as a picture."""
    with pypdfium2.PdfDocument(content) as document:
        page, places = max(((page, _places(page, name)) for page in document), key=lambda found: len(found[1]))
        text = page.get_textpage()
        boxes = [text.get_charbox(index) for index in places if text.get_text_range(index, 1) != " "]
        left, bottom = min(box[0] for box in boxes), min(box[1] for box in boxes)
        right, top = max(box[2] for box in boxes), max(box[3] for box in boxes)
        drawn = page.render(scale=_SCALE).to_pil().convert("L")
        height = page.get_height()
        return drawn.crop(
            tuple(round(each * _SCALE) for each in (left - 0.2, height - top - 1, right + 0.2, height - bottom + 1))
        )


def _places(page: pypdfium2.PdfPage, name: str) -> Sequence[int]:
    """The name's letters on the page. What runs from right to left may stand in any order: then the longest run."""
    text = page.get_textpage()
    letters = [text.get_text_range(index, 1) for index in range(text.count_chars())]
    at = "".join(letters).find(name)
    if at >= 0 and all(len(letter) == 1 for letter in letters[: at + len(name)]):
        return range(at, at + len(name))
    runs: list[list[int]] = [[]]
    for index in (index for index, letter in enumerate(letters) if letter in name):
        # One letter in between is what some writers put before a letter from another file.
        if runs[-1] and index > runs[-1][-1] + 2:
            runs.append([])
        runs[-1].append(index)
    return max(runs, key=len)


def like(one: Image.Image, other: Image.Image) -> float:
    """How far two pictures of dark letters agree: 1 for the same, about 0 for unrelated ones."""
    first, second = _ink(one), _ink(other)
    shapes = (first.width / first.height, second.width / second.height)
    if max(shapes) / min(shapes) > 1.3:
        return 0.0
    points = [each.resize(_GRID, Image.Resampling.BOX).tobytes() for each in (first, second)]
    return correlation(*points)


def _ink(picture: Image.Image) -> Image.Image:
    grey = picture.convert("L")
    ground = max(enumerate(grey.histogram()), key=lambda each: each[1])[0]
    dark = ImageOps.autocontrast(ImageChops.difference(grey, Image.new("L", grey.size, ground)))
    box = dark.point(lambda value: 255 if value > 96 else 0).getbbox()
    assert box is not None, "nothing is drawn"
    return dark.crop(box)


def _in_pieces(name: str, files: Sequence[Path]) -> Image.Image | None:
    """Each letter from the first file that has it, those of one file together."""
    canvas, x = Image.new("L", (_SIZE * (len(name) + 2), _SIZE * 3), 255), float(_SIZE)
    pen = ImageDraw.Draw(canvas)
    for path, letters in groupby(name, lambda letter: next((f for f in files if letter in _characters(f)), None)):
        if path is None:
            return None
        run, font = "".join(letters), ImageFont.truetype(path, _SIZE, layout_engine=ImageFont.Layout.RAQM)
        pen.text((x, _SIZE * 2), run, font=font, fill=0, anchor="ls")
        x += font.getlength(run)
    return canvas


def _whole(name: str, path: Path) -> Image.Image:
    canvas = Image.new("L", (_SIZE * (len(name) + 2), _SIZE * 3), 255)
    font = ImageFont.truetype(path, _SIZE, layout_engine=ImageFont.Layout.RAQM)
    ImageDraw.Draw(canvas).text((_SIZE, _SIZE * 2), name, font=font, fill=0, anchor="ls")
    return canvas


def _files(package: str) -> list[Path]:
    """The files of "literata-400", the one with plain letters first."""
    name, _, weight = package.rpartition("-")
    found = VENDOR.glob(f"{name}-*-{weight}-normal.woff2")
    return sorted(found, key=lambda path: (f"{name}-latin-{weight}" not in path.stem, path.stem))


@cache
def _system() -> tuple[Path, ...]:
    return tuple(path for path in sorted(SYSTEM.rglob("*.tt[fc]")) if path.stem.startswith(("Noto", "DejaVu")))


@cache
def _characters(path: Path) -> frozenset[str]:
    with TTFont(path, fontNumber=0 if path.suffix == ".ttc" else -1) as font:
        return frozenset(map(chr, font.getBestCmap() or ()))
