"""What random documents are made of: words and numbers that readers trip over, pictures, trees of XML."""

from __future__ import annotations

import io
import random
import zipfile
from collections.abc import Callable, Sequence
from html import escape

from PIL import Image

WORDS = (
    *("the harbour", "Chapter One", "IV", "1.", "Part II", "a", "It’s", "—", "“Where?”", "* * *", "naïve café", "fi"),
    *(
        "\u202eabc\u202c",
        "\u200b",
        "שלום",
        "العربية",
        "\u0301",
        "吾輩は猫である",
        "\U0001f600",
        "\ufeff",
        "\u2028",
        "\xa0",
    ),
    *("A. B. Author", "by", "2nd", "& < > \" '", "]]>", "-->", "${x}", "{{x}}", "\\foo", "#", "|", "[^1]", "x" * 300),
)
NUMBERS = (
    *("0", "1", "2", "3", "7", "-1", "99", "100000", "2147483648", "99999999999999999999", "1.5", "-0", "NaN", "1e9"),
    *("", " ", "x", "٣", "²", "1 2", "50%", "12pt", "true", "off", "0x10"),
)


def split(words: str) -> tuple[str, ...]:
    return tuple(words.split())


def text(chance: random.Random) -> str:
    return " ".join(chance.choice(WORDS) for _ in range(chance.choice((0, 1, 1, 2, 5, 12))))


def picture(chance: random.Random) -> bytes:
    """Return a small picture, or something that only begins like one."""
    out = io.BytesIO()
    size = (chance.choice((1, 3, 40)), chance.choice((1, 2, 60)))
    mode, form = chance.choice(
        (("RGB", "PNG"), ("RGBA", "PNG"), ("CMYK", "JPEG"), ("L", "GIF"), ("P", "BMP"), ("1", "TIFF"))
    )
    Image.new(mode, size).save(out, form)
    return out.getvalue()[: chance.choice((None, None, None, 20, 60))]


def zipped(parts: dict[str, str | bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return out.getvalue()


def tree(chance: random.Random, tags: Sequence[str], attribute: Callable[[], str], depth: int = 8) -> str:
    """Return random elements of XML."""
    parts = []
    for _ in range(chance.choice((1, 2, 3, 4))):
        tag = chance.choice(tags)
        inner = tree(chance, tags, attribute, depth - 1) if depth and chance.random() < 0.7 else escape(text(chance))
        attributes = {part.partition("=")[0]: part for part in (attribute() for _ in range(chance.choice((0, 1, 2))))}
        parts.append(f"<{tag} {' '.join(attributes.values())}>{inner}</{tag}>")
    return "".join(parts)
