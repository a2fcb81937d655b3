"""The fonts of books: open fonts installed at set-up from the lock file, never stored in the repository.

A family comes in cuts (weight and style), and each cut as several files, one for each group of scripts. Each file gets
a family name of its own ("Literata", "Literata Greek"), because the PDF would mix up the glyphs of files that share a
name. The style sheets list the names one after the other, plain Latin last; Pango takes each character from the first
that has it. Where a file is missing, and for scripts outside these files, the system's fonts are used.

A design names its families; `faces_of` returns what it takes to set a book in it, or to embed in its EPUB.
"""

from __future__ import annotations

import io
import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from .designs import Design

PROJECT = Path(__file__).resolve().parents[3]
SYSTEM_FOLDERS = tuple(
    Path(folder) for folder in ("/usr/share/fonts", "/usr/local/share/fonts", "/Library/Fonts", "/System/Library/Fonts")
)
DEFAULT_FOLDERS = (PROJECT / "static" / "vendor" / "fonts", PROJECT / "node_modules" / "@fontsource")


@dataclass(frozen=True, slots=True)
class Face:
    """One font file. `package` is its folder below the npm scope, `file` its name there."""

    family: str
    package: str
    file: str
    weight: int = 400
    style: str = "normal"
    scripts: str = "latin"


@dataclass(frozen=True, slots=True)
class Family:
    """A family as it is packaged. `companion` is the family that stands in for the scripts it lacks; `generic` is the
    CSS family that an EPUB without embedded fonts asks for instead."""

    name: str
    package: str
    cuts: tuple[tuple[int, str], ...]  # weight and style
    scripts: tuple[str, ...]
    companion: str = ""
    generic: str = "serif"


# Characters for which a group of files is loaded; "latin" always is.
_SCRIPTS = {
    "latin-ext": re.compile("[\u0100-\u02af\u1d00-\u1dbf\u1e00-\u1e9f\u1ef2-\u1eff\u2c60-\u2c7f\ua720-\ua7ff]"),
    "greek": re.compile("[\u0370-\u03ff]"),
    "greek-ext": re.compile("[\u1f00-\u1fff]"),
    "cyrillic": re.compile("[\u0400-\u045f\u0490-\u0491]"),
    "cyrillic-ext": re.compile("[\u0460-\u048f\u0492-\u052f\u1c80-\u1c88\ua640-\ua69f]"),
    "vietnamese": re.compile("[\u0102\u0103\u01a0\u01a1\u01af\u01b0\u0300-\u0323\u1ea0-\u1ef9]"),
}
_NAMES = {
    "latin": "",
    "latin-ext": " Extended",
    "greek": " Greek",
    "greek-ext": " Polytonic",
    "cyrillic": " Cyrillic",
    "cyrillic-ext": " Cyrillic Extended",
    "vietnamese": " Vietnamese",
}
_EVERY = tuple(_NAMES)
_NO_POLYTONIC = tuple(name for name in _NAMES if name != "greek-ext")
_NO_GREEK = tuple(name for name in _NAMES if not name.startswith("greek"))
_TEXT = tuple((weight, style) for weight in (400, 500, 700) for style in ("normal", "italic"))
_HEAD = tuple((weight, style) for weight in (400, 600) for style in ("normal", "italic"))

_ALL = (
    Family("Literata", "literata", _TEXT, _EVERY),
    Family("Source Serif 4", "source-serif-4", _TEXT, _NO_POLYTONIC, companion="Literata"),
    Family("Source Sans 3", "source-sans-3", _HEAD, _EVERY, generic="sans-serif"),
    Family("EB Garamond", "eb-garamond", _TEXT, _EVERY),
    Family(
        "Cormorant Garamond",
        "cormorant-garamond",
        ((500, "normal"), (500, "italic")),
        _NO_GREEK,
        companion="EB Garamond",
    ),
    Family("STIX Two Text", "stix-two-text", _TEXT, _NO_POLYTONIC, companion="EB Garamond"),
    Family("IBM Plex Sans", "ibm-plex-sans", _HEAD, _NO_POLYTONIC, companion="Source Sans 3", generic="sans-serif"),
    Family("IBM Plex Mono", "ibm-plex-mono", ((400, "normal"),), _NO_GREEK, "Source Code Pro", "monospace"),
    Family("Source Code Pro", "source-code-pro", ((400, "normal"),), _EVERY, generic="monospace"),
)
FAMILIES: dict[str, Family] = {family.name: family for family in _ALL}


def _face(family: Family, scripts: str, weight: int, style: str) -> Face:
    file = f"{family.package}-{scripts}-{weight}-{style}.woff2"
    return Face(family.name + _NAMES[scripts], family.package, file, weight, style, scripts)


FACES: tuple[Face, ...] = tuple(
    _face(family, scripts, weight, style)
    for family in _ALL
    for scripts in family.scripts
    for weight, style in family.cuts
)


def faces_of(design: Design, *, weights: Collection[int] = (400,)) -> tuple[Face, ...]:
    """Return the fonts of a design for all scripts: narrow them down with `scripts_in`.

    `weights` are those of running text (`Target.weight`); bold and all italics are included.
    """
    cuts: dict[tuple[str, int, str], None] = {}
    for weight in (*sorted(weights), 700):
        cuts |= {(design.text, weight, "normal"): None, (design.text, weight, "italic"): None}
    for weight in sorted({design.heading_weight, *(head.weight for head in design.subheads)}):
        cuts |= {(design.heading, weight, "normal"): None, (design.heading, weight, "italic"): None}
    if design.initial:
        cuts[design.initial, design.initial_weight, "normal"] = None
    cuts[design.mono, 400, "normal"] = None
    return tuple(dict.fromkeys(face for cut in cuts for face in files_of(*cut)))


def files_of(name: str, weight: int, style: str) -> list[Face]:
    """A cut in every script; where the family lacks a script, the nearest cut of its companion."""
    family = FAMILIES[name]
    faces = [_face(family, scripts, *_nearest(family, weight, style)) for scripts in family.scripts]
    if family.companion:
        companion = FAMILIES[family.companion]
        missing = [scripts for scripts in companion.scripts if scripts not in family.scripts]
        faces += [_face(companion, scripts, *_nearest(companion, weight, style)) for scripts in missing]
    return faces


def _nearest(family: Family, weight: int, style: str) -> tuple[int, str]:
    return min(family.cuts, key=lambda cut: (cut[1] != style, abs(cut[0] - weight)))


def family_list(name: str, *fallbacks: str) -> str:
    """Return the CSS list of a family's names, its companion's for the scripts it lacks, and fallbacks after them.

    Plain Latin comes last of these: its file has combining marks, but not the anchors to stack them, and would be taken
    for "ễ" and "ć" before the files that have these letters.
    """
    family = FAMILIES[name]
    names = [name + _NAMES[scripts] for scripts in reversed(family.scripts)]
    if family.companion:
        lent = [scripts for scripts in FAMILIES[family.companion].scripts if scripts not in family.scripts]
        names = [family.companion + _NAMES[scripts] for scripts in lent] + names
    return ", ".join([*(f'"{name}"' for name in names), *fallbacks])


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


def are_installed(folders: Sequence[Path] = DEFAULT_FOLDERS) -> bool:
    """Return whether there are any packaged fonts; there are none where the project was never set up."""
    return any(find(face, folders) is not None for face in FACES)


def load(face: Face, folders: Sequence[Path] = DEFAULT_FOLDERS) -> bytes | None:
    """Return a font as TrueType or OpenType bytes, unpacked from WOFF 2; None where it is not installed."""
    path = find(face, folders)
    return None if path is None else _unpacked(path)


@lru_cache(maxsize=16)
def _unpacked(path: Path) -> bytes:
    """Return the file's font, cached: unpacking takes longer than setting a chapter, and forks inherit the cache of a
    warm process."""
    from fontTools.ttLib import woff2  # slow to load, and only needed for fonts

    unpacked = io.BytesIO()
    woff2.decompress(io.BytesIO(path.read_bytes()), unpacked)
    return unpacked.getvalue()


def characters(content: bytes) -> frozenset[int]:
    """Return the code points that a loaded face has glyphs for."""
    from fontTools.ttLib import TTFont

    return frozenset(TTFont(io.BytesIO(content), lazy=True).getBestCmap() or ())
