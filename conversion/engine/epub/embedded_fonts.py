"""The fonts of a design, for embedding: subset to the book's scripts and characters, as TrueType or OpenType.

Every reading system that supports embedded fonts reads these formats, but not WOFF 2. Embedding is optional: a reader's
own choice of font suits most books better.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from ..book.model import Book, CodeBlock, CodeSpan
from ..book.walk import plain, walk
from ..typography import fonts
from ..typography.designs import Design
from ..typography.fonts import Face
from .package import File

FOLDER = "fonts"
# Characters that a writer or a reading system may add to the text: digits, hyphens, quotation marks, ellipses.
_ALWAYS = "0123456789 -\u00ad\u2010\u2011\u2013\u2014\u2018\u2019\u201c\u201d\u2026*.,:;()[]"
# Copyright, licence and licence URL, in a font's name table.
_NOTES = (0, 13, 14)


@dataclass(frozen=True, slots=True)
class Embedded:
    """Fonts as the style sheet names them, and the files they are in, with a note of their licences."""

    faces: tuple[Face, ...]
    files: tuple[File, ...]


def embedded(book: Book, design: Design, folders: Sequence[Path] = fonts.DEFAULT_FOLDERS) -> Embedded:
    """Subset the fonts that a book in this design needs, as far as they are installed."""
    texts = list(_texts(book))
    characters = set().union(_ALWAYS, *texts)
    scripts = fonts.scripts_in(texts)
    mono = fonts.FAMILIES[design.mono].package
    has_code = any(isinstance(node, CodeSpan | CodeBlock) for chapter in book.chapters for node in walk(chapter.blocks))
    faces, files, notes = list[Face](), list[File](), dict[str, None]()
    for face in fonts.faces_of(design):
        if face.scripts not in scripts or (face.package == mono and not has_code):
            continue
        made = _cut(face, characters, folders)
        if made is None:
            continue
        content, extension, note = made
        name = str(PurePosixPath(face.file).with_suffix(extension))
        faces.append(replace(face, file=name))
        media_type = "font/otf" if extension == ".otf" else "font/ttf"
        files.append(File(f"font-{len(files) + 1}", f"{FOLDER}/{name}", media_type, content))
        notes[note] = None
    if files:
        note = "\n\n".join(["The faces in this folder are parts of these:", *notes]) + "\n"
        files.append(File("font-licences", f"{FOLDER}/licences.txt", "text/plain", note.encode()))
    return Embedded(tuple(faces), tuple(files))


def _texts(book: Book) -> Iterable[str]:
    yield from (plain(chapter.blocks) for chapter in book.chapters)
    yield from (plain(note.blocks) for note in book.notes.values())
    about = book.metadata
    yield from (about.title, about.subtitle, about.publisher, *(person.name for person in about.contributors))
    yield from (chapter.title for chapter in book.chapters)


def _cut(face: Face, characters: set[str], folders: Sequence[Path]) -> tuple[bytes, str, str] | None:
    """Return a font reduced to these characters, its file extension and its licence note; None if it has none of
    them."""
    content = fonts.load(face, folders)
    if content is None:
        return None
    from fontTools import subset
    from fontTools.ttLib import TTFont

    font = TTFont(io.BytesIO(content), recalcTimestamp=False)
    wanted = {ord(character) for character in characters} & set(font.getBestCmap() or ())
    if not wanted:
        return None
    options = subset.Options(layout_features=["*"], name_IDs=[0, 1, 2, 3, 4, 5, 6, *_NOTES], hinting=False)
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=wanted)
    cutter.subset(font)
    note = "\n".join(dict.fromkeys(filter(None, (font["name"].getDebugName(number) for number in _NOTES))))
    out = io.BytesIO()
    font.save(out)
    return out.getvalue(), ".otf" if font.sfntVersion == "OTTO" else ".ttf", note
