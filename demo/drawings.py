"""Pictures that the demonstration's illustrators show: drawn by code, so that nobody else's work is in the repository.

The same name gives the same picture.
"""

from __future__ import annotations

import io
import math
import random
import zlib
from collections.abc import Callable

from PIL import Image, ImageDraw

from conversion.engine.covers import cover

_INK, _PAPER = (34, 30, 28), (247, 243, 234)
_SKIES = (
    ((38, 66, 92), (240, 190, 140)),
    ((70, 52, 96), (232, 160, 150)),
    ((30, 84, 88), (226, 214, 170)),
    ((96, 58, 44), (244, 206, 150)),
)


def drawing(kind: str, name: str) -> bytes:
    """Return a picture as JPEG: a `cover` with the name as its title, a `coast`, or a `vignette` in ink."""
    out = io.BytesIO()
    _KINDS[kind](name).save(out, "JPEG", quality=90)
    return out.getvalue()


def _cover(name: str) -> Image.Image:
    title, _comma, author = name.partition(" / ")
    with Image.open(io.BytesIO(cover.typographic_cover(title, author, seed=_seed(name) % 7).data)) as drawn:
        return drawn.convert("RGB")


def _coast(name: str) -> Image.Image:
    """Hills above a sea, one behind the other, under a low sun."""
    chance = random.Random(_seed(name))  # noqa: S311 (a picture, not a secret)
    width, height = chance.choice([(1600, 1000), (1200, 1500), (1500, 1500)])
    deep, light = chance.choice(_SKIES)
    picture = Image.new("RGB", (width, height))
    draw = ImageDraw.Draw(picture)
    for y in range(height):
        draw.line([(0, y), (width, y)], fill=_between(light, deep, y / height))
    across, down, radius = width * chance.uniform(0.3, 0.7), height * 0.3, min(width, height) * 0.09
    draw.ellipse([across - radius, down - radius, across + radius, down + radius], fill=(255, 244, 216))
    for row in range(5):
        base = height * (0.46 + 0.12 * row)
        steps, turn = 80 + 50 * row, chance.uniform(0, 6)
        edge = [
            (at, base + math.sin(at / steps + turn) * height * 0.05 + math.sin(at / 31 + turn) * height * 0.012)
            for at in range(0, width + 20, 20)
        ]
        draw.polygon([(0, height), *edge, (width, height)], fill=_between(deep, _INK, 0.18 * row))
    return picture


def _vignette(name: str) -> Image.Image:
    """A house, a tree and rain, in ink on paper."""
    chance = random.Random(_seed(name))  # noqa: S311 (a picture, not a secret)
    picture = Image.new("RGB", (1200, 1200), _PAPER)
    draw = ImageDraw.Draw(picture)
    left = chance.randint(280, 420)
    draw.polygon(
        [(left, 860), (left, 560), (left + 180, 420), (left + 360, 560), (left + 360, 860)], outline=_INK, width=9
    )
    draw.rectangle([left + 70, 650, left + 150, 730], fill=_INK)
    draw.rectangle([left + 210, 680, left + 290, 860], outline=_INK, width=7)
    trunk = left + chance.randint(430, 520)
    draw.line([(trunk, 860), (trunk, 610)], fill=_INK, width=16)
    for _leaf in range(90):
        x, y = trunk + chance.gauss(0, 70), 540 + chance.gauss(0, 60)
        draw.arc([x - 22, y - 22, x + 22, y + 22], chance.randint(0, 180), chance.randint(200, 360), fill=_INK, width=4)
    draw.line([(170, 860), (1030, 860)], fill=_INK, width=8)
    for _drop in range(110):
        left, top = chance.randint(180, 1020), chance.randint(150, 850)
        draw.line([(left, top), (left - 10, top + 34)], fill=_INK, width=2)
    return picture


def _between(one: tuple[int, ...], other: tuple[int, ...], share: float) -> tuple[int, int, int]:
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(one, other, strict=True))
    return red, green, blue


def _seed(name: str) -> int:
    return zlib.crc32(name.encode())


_KINDS: dict[str, Callable[[str], Image.Image]] = {"cover": _cover, "coast": _coast, "vignette": _vignette}
