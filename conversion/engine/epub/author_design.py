"""The style sheet and the faces of an EPUB that keeps its author's design: `Book.kept`.

Ours is below it, for what is ours alone (notes, title page, contents); `assets/kept.css` takes back what it says of
paragraphs and headings, so that where their author says nothing, readers show them as they did.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from .. import ASSETS
from ..book.model import KeptDesign
from .faces import FOLDER
from .package import File

_ADDRESS = re.compile(rb'url\("asset:([0-9a-f]{64})"\)')
_OPEN_TYPE = b"OTTO"


def kept_style(design: KeptDesign) -> tuple[bytes, tuple[File, ...]]:
    """The style sheet, with `asset:` and a key for the address of each picture, and the files of the faces."""
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
    """The sheet with the addresses of pictures, as seen from its folder. A picture that is no more is none."""

    def address(match: re.Match[bytes]) -> bytes:
        name = names.get(match[1].decode())
        return f'url("../images/{name}")'.encode() if name else b"none"

    return _ADDRESS.sub(address, style)
