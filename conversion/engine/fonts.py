"""The faces PDFs are set in: open fonts fetched at set-up, never kept in the repository.

Each face comes as several files, one for each group of scripts. They get a family name each ("Literata",
"Literata Greek"), because a family whose files share a name would have its glyphs mixed up in the PDF. The
style sheets list the families one after the other; Pango takes each character from the first that has it. Where a
file is missing, and for scripts outside these files, the system's fonts are used through fontconfig.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent.parent
DEFAULT_FOLDERS = (PROJECT / "static" / "vendor" / "fonts", PROJECT / "node_modules" / "@fontsource")


@dataclass(frozen=True, slots=True)
class Face:
    """One file of a face. `package` is its folder below the npm scope, `file` its name there."""

    family: str
    package: str
    file: str
    weight: int = 400
    style: str = "normal"
    scripts: str = "latin"


# Characters that make a group of files worth loading; "latin" always is.
_SCRIPTS = {
    "latin-ext": re.compile("[\u0100-\u02af\u1d00-\u1dbf\u1e00-\u1e9f\u1ef2-\u1eff\u2c60-\u2c7f\ua720-\ua7ff]"),
    "greek": re.compile("[\u0370-\u03ff]"),
    "cyrillic": re.compile("[\u0400-\u045f\u0490-\u0491]"),
    "vietnamese": re.compile("[\u0102\u0103\u01a0\u01a1\u01af\u01b0\u0300-\u0323\u1ea0-\u1ef9]"),
}
_NAMES = {
    "latin": "",
    "latin-ext": " Extended",
    "greek": " Greek",
    "cyrillic": " Cyrillic",
    "vietnamese": " Vietnamese",
}


def _faces(family: str, package: str, weights: Sequence[int], styles: Sequence[str]) -> list[Face]:
    return [
        Face(family + name, package, f"{package}-{scripts}-{weight}-{style}.woff2", weight, style, scripts)
        for scripts, name in _NAMES.items()
        for weight in weights
        for style in styles
    ]


SERIF = "Literata"
MONO = "Source Code Pro"
FACES = (
    *_faces(SERIF, "literata", (400, 700), ("normal", "italic")),
    *_faces(MONO, "source-code-pro", (400,), ("normal",)),
)


def family_list(family: str, *fallbacks: str) -> str:
    """Return the CSS list of a face's families, with fallbacks after them."""
    names = [f'"{family}{name}"' for name in _NAMES.values()]
    return ", ".join([*names, *fallbacks])


def scripts_in(texts: Iterable[str]) -> set[str]:
    """Return the groups of scripts that the texts need."""
    found = {"latin"}
    for text in texts:
        if not text.isascii():
            found |= {scripts for scripts, pattern in _SCRIPTS.items() if scripts not in found and pattern.search(text)}
    return found


def find(face: Face, folders: Sequence[Path] = DEFAULT_FOLDERS) -> Path | None:
    """Return where a face's file is: flat in a folder, or in a package as npm lays it out; None if nowhere."""
    for folder in folders:
        for path in (folder / face.file, folder / face.package / "files" / face.file):
            if path.is_file():
                return path
    return None


def load(face: Face, folders: Sequence[Path] = DEFAULT_FOLDERS) -> bytes | None:
    """Return a face as TrueType or OpenType bytes, unpacked from WOFF 2; None where it is not installed."""
    path = find(face, folders)
    if path is None:
        return None
    from fontTools.ttLib import woff2  # slow to load, and only faces need it

    unpacked = io.BytesIO()
    woff2.decompress(io.BytesIO(path.read_bytes()), unpacked)
    return unpacked.getvalue()
