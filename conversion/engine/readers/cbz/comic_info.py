"""What may lie beside the pictures of a comic or picture book: ComicInfo.xml, and our own `alt.txt` or `pages.csv`.

`alt.txt` has a line for each page: the picture's file name, a tab, what it shows. `pages.csv` has a first line of
column names, of which `file` is needed and `alt`, `label`, `contents` and `side` (left, right, center) are known.
"""

from __future__ import annotations

import csv
import io
import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from ...book import clean
from ...book.model import Contributor, Metadata
from ...gate import xml
from ...gate.archive import Archive
from ...gate.xml import Element

MAX_ALT_CHARACTERS = 2_000
MAX_NOTES_BYTES = 4 << 20
_ROLES = (
    ("Writer", "aut"),
    ("Penciller", "ill"),
    ("Inker", "ill"),
    ("Colorist", "clr"),
    ("Letterer", "ctb"),
    ("CoverArtist", "cov"),
    ("Editor", "edt"),
    ("Translator", "trl"),
)
_ALONE = frozenset({"doublepage", "double"})
_TRUE = frozenset({"true", "yes", "1"})


@dataclass(slots=True)
class PageNotes:
    """What is said of one page; each "" when nothing is."""

    alt: str = ""
    label: str = ""
    contents: str = ""
    side: str = ""


@dataclass(slots=True)
class ComicInfo:
    """Details of the book, and of pages by their number from 0."""

    metadata: Metadata = field(default_factory=Metadata)
    direction: str = ""
    pages: dict[int, PageNotes] = field(default_factory=dict)


# ---------------------------------------------------------------- ComicInfo.xml


def read_comic_info(data: bytes, part: str) -> ComicInfo:
    """The details in a ComicInfo.xml. Raises AuthorFixable as `xml.parse` does."""
    root = xml.parse(data[:MAX_NOTES_BYTES], part)
    found = ComicInfo()
    values = {_local(child): clean.title(child.text or "", 4000) for child in root.iterchildren()}
    _details(values, found.metadata)
    if values.get("Manga", "").lower() == "yesandrighttoleft":
        found.direction = "rtl"
    for element in root.iter():
        number = str(element.get("Image", "")) if _local(element) == "Page" else ""
        if number.isascii() and number.isdigit() and len(number) < 7:
            found.pages[int(number)] = PageNotes(
                contents=clean.title(str(element.get("Bookmark", ""))),
                side="center" if str(element.get("DoublePage", "")).lower() in _TRUE else "",
            )
    return found


def _details(values: dict[str, str], metadata: Metadata) -> None:
    series = " ".join(part for part in (values.get("Series", ""), values.get("Number", "")) if part)
    metadata.title = clean.title(values.get("Title") or series)
    if values.get("Title") and series:
        metadata.subtitle = clean.title(series)
    metadata.language = clean.language(values.get("LanguageISO", ""))
    metadata.description = values.get("Summary", "")
    metadata.publisher = clean.title(values.get("Publisher", ""), 200)
    metadata.subjects = list(_names(values.get("Genre", "")))[:40]
    metadata.published = _date(values)
    for field_name, role in _ROLES:
        for name in _names(values.get(field_name, "")):
            if name not in [person.name for person in metadata.contributors]:
                metadata.contributors.append(Contributor(name, role))


def _names(value: str) -> Iterator[str]:
    yield from (name for part in value.split(",")[:50] if (name := clean.title(part, 200)))


def _date(values: dict[str, str]) -> str:
    parts = [values.get(name, "") for name in ("Year", "Month", "Day")]
    if not re.fullmatch(r"[12]\d{3}", parts[0]):
        return ""
    month, day = (part.zfill(2) if part.isascii() and part.isdigit() else "" for part in parts[1:])
    if not ("01" <= month <= "12"):
        return parts[0]
    return f"{parts[0]}-{month}-{day}" if "01" <= day <= "31" else f"{parts[0]}-{month}"


def _local(element: Element) -> str:
    return str(element.tag).rpartition("}")[2]


# ---------------------------------------------------------------- our own


def read_page_notes(archive: Archive) -> dict[str, PageNotes]:
    """By file name, without folder and in lower case: what `alt.txt` and `pages.csv` say."""
    found: dict[str, PageNotes] = {}
    for name in archive.names:
        base = posixpath.basename(name).lower()
        if base in ("alt.txt", "pages.csv") and archive.size_bytes(name) <= MAX_NOTES_BYTES:
            text = archive.read(name).decode("utf-8-sig", "replace")
            found |= dict(_alt_lines(text) if base == "alt.txt" else _table_lines(text))
    return found


def _alt_lines(text: str) -> Iterator[tuple[str, PageNotes]]:
    for line in text.splitlines():
        file, tab, alt = line.partition("\t")
        if tab and file.strip():
            yield _key(file), PageNotes(alt=clean.title(alt, MAX_ALT_CHARACTERS))


def _table_lines(text: str) -> Iterator[tuple[str, PageNotes]]:
    try:
        for row in csv.DictReader(io.StringIO(text.replace("\0", ""))):
            values = {str(name).strip().lower(): str(value or "") for name, value in row.items() if name}
            if file := values.get("file", "").strip():
                side = values.get("side", "").strip().lower()
                yield (
                    _key(file),
                    PageNotes(
                        alt=clean.title(values.get("alt", ""), MAX_ALT_CHARACTERS),
                        label=clean.title(values.get("label", ""), 20),
                        contents=clean.title(values.get("contents", "")),
                        side="center" if side in _ALONE else side if side in ("left", "right", "center") else "",
                    ),
                )
    except csv.Error:
        return


def _key(file: str) -> str:
    return posixpath.basename(file.strip().replace("\\", "/")).lower()
