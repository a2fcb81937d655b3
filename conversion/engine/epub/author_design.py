"""The style sheet and fonts of an EPUB that keeps its author's design (`Book.kept`).

Our own style sheet comes first, for our own elements (notes, title page, contents); `assets/kept.css` resets what it
says about paragraphs and headings, so that reading systems show them as before where the author says nothing.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from .. import ASSETS
from ..book.model import AuthorDesign
from .embedded_fonts import FOLDER
from .package import File

_ADDRESS = re.compile(rb'url\("asset:([0-9a-f]{64})"\)')
_OPEN_TYPE = b"OTTO"


def kept_style(design: AuthorDesign) -> tuple[bytes, tuple[File, ...]]:
    """Return the style sheet, with `asset:` and a key in place of each picture's URL, and the font files."""
    files, rules = list[File](), list[str]()
    for number, face in enumerate(design.faces, 1):
        is_open_type = face.data.startswith(_OPEN_TYPE)
        name = f"{FOLDER}/kept-{number}.{'otf' if is_open_type else 'ttf'}"
        files.append(File(f"font-{number}", name, "font/otf" if is_open_type else "font/ttf", face.data))
        rules.append(
            f"@font-face {{ font-family: {face.family}; font-weight: {face.weight}; font-style: {face.style}; "
            f'src: url("../{name}"); }}'
        )
    base, below = ((ASSETS / f"{name}.css").read_text("utf-8").rstrip() for name in ("epub", "kept"))
    return "\n\n".join([base, below, *rules, design.rules, ""]).encode(), tuple(files)


def addressed(style: bytes, names: Mapping[str, str]) -> bytes:
    """Return the sheet with the URLs of its pictures, relative to its folder; `none` stands for a missing picture."""

    def address(match: re.Match[bytes]) -> bytes:
        name = names.get(match[1].decode())
        return f'url("../images/{name}")'.encode() if name else b"none"

    return _ADDRESS.sub(address, style)
