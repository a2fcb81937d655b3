"""Small RTF sources: a body under a header with fonts, styles and lists."""

from __future__ import annotations

from pathlib import Path

from conversion.engine.book.model import ReaderResult
from tests.conversion.readers.build import read

_FONTS = (
    rb"{\fonttbl{\f0\froman\fcharset0 Times;}{\f1\fcharset204 Times CYR;}{\f2\fcharset2 Symbol;}"
    rb"{\f3\fcharset128 Mincho;}}"
)
_STYLES = (
    rb"{\stylesheet{\ql Normal;}{\s1\b\fs32\outlinelevel0 heading 1;}{\s2\b heading 2;}{\s3\sbasedon1\b\fs32 Opening;}"
    rb"{\s4 Title;}{\s5 Subtitle;}{\s6 Author;}{\s7\i Quote;}{\s8 Verse;}{\s9\sbasedon9 Round;}"
    rb"{\s10 HTML Preformatted;}"
    rb"{\*\cs20\i Thought;}{\*\cs21 Verbatim Char;}{\*\cs22\ul Hyperlink;}}"
)
_LISTS = (
    rb"{\*\listtable{\list{\listlevel\levelnfc0\levelstartat1{\leveltext\'02\'00.;}{\levelnumbers\'01;}}"
    rb"{\listlevel\levelnfc4\levelstartat1{\leveltext\'02\'01);}}\listid7}"
    rb"{\list{\listlevel\levelnfc23{\leveltext\'01\u8226 ?;}}\listid8}"
    rb"{\list{\listlevel\levelnfc1\levelstartat1{\leveltext\'09Chapter \'00;}}\listid9}}"
    rb"{\*\listoverridetable{\listoverride\listid7\ls1}{\listoverride\listid8\ls2}{\listoverride\listid9\ls3}"
    rb"{\listoverride\listid7\listoverridecount1{\lfolevel\listoverridestartat\levelstartat5}\ls4}}"
)


def read_rtf(folder: Path, body: bytes, head: bytes = b"") -> ReaderResult:
    """The reading of a body under a usual header, with more `head` after it."""
    path = folder / "a.rtf"
    path.write_bytes(rb"{\rtf1\ansi\ansicpg1252\deff0" + _FONTS + _STYLES + _LISTS + head + body + b"}")
    return read(path)


def blocks_of(folder: Path, body: bytes) -> list:
    """The blocks of its first chapter."""
    return read_rtf(folder, body).book.chapters[0].blocks


def inlines_of(folder: Path, runs: bytes) -> list:
    """What one paragraph holds."""
    return blocks_of(folder, rb"\pard " + runs + rb"\par")[0].inlines
