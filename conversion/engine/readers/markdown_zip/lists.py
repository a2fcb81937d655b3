"""The order of a Markdown book's files: mdBook's and GitBook's SUMMARY.md, Leanpub's Book.txt, else their names."""

from __future__ import annotations

import posixpath
import re
import tomllib
from dataclasses import dataclass, field
from urllib.parse import unquote

from ...book import clean
from ...book.model import Contributor, Metadata
from ...gate import encoding
from ...gate.admission import is_markdown_text, markdown_list
from ...gate.archive import Archive

MAX_DEPTH = 5
_ENTRY = re.compile(r"^(\s*)([-*+]|\d+\.)?\s*\[(.{0,300}?)\]\(\s*<?([^)<>]{0,400}?)>?\s*\)\s*$")
_PART = re.compile(r"^#\s+(\S.{0,200})$")
_DIGITS = re.compile(r"(\d{1,9})")


@dataclass(slots=True)
class Entry:
    """A file of the book, or the title of a part (without a `part`). `depth` counts from 0; of a line of the list, it
    is its indent."""

    title: str
    part: str = ""
    depth: int = 0
    is_item: bool = False  # of a list, below the title of its part


@dataclass(slots=True)
class Contents:
    """The files in order; `missing` are listed and not there, `others` there and not listed."""

    entries: list[Entry] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    others: list[str] = field(default_factory=list)
    is_listed: bool = True


def contents(archive: Archive) -> Contents:
    """The order of the files, each of which comes once."""
    name = markdown_list(archive.names)
    found = Contents()
    if not name:
        found.is_listed = False
        found.entries = [Entry("", part) for part in sorted(filter(is_markdown_text, archive.names), key=_natural)]
        return found
    lines = encoding.decode(archive.read(name))[0].splitlines()
    read_line = _summary_line if name.lower().endswith(".md") else _leanpub_line
    seen: set[str] = set()
    indents: list[int] = []  # of the entries above the one that is read
    for entry in filter(None, map(read_line, lines)):
        while indents and indents[-1] >= entry.depth:
            indents.pop()
        indents.append(entry.depth)
        entry.depth = min(len(indents) - 1, MAX_DEPTH)
        part = posixpath.normpath(posixpath.join(posixpath.dirname(name), entry.part)) if entry.part else ""
        if part and part not in archive:
            found.missing.append(entry.part)
        elif not part or part not in seen:
            seen.add(part)
            found.entries.append(Entry(entry.title, part, entry.depth, entry.is_item))
    found.others = [part for part in archive.names if is_markdown_text(part) and part not in seen | {name}]
    return found


def _summary_line(line: str) -> Entry | None:
    part = _PART.match(line)
    if part is not None:
        title = clean.title(part.group(1))
        return None if title.lower() in ("summary", "table of contents", "contents") else Entry(title)
    match = _ENTRY.match(line.expandtabs(4))
    if match is None or not match.group(4):
        return None
    part_name = unquote(match.group(4)).partition("#")[0]
    return Entry(clean.title(match.group(3)), part_name, len(match.group(1)), bool(match.group(2)))


def _leanpub_line(line: str) -> Entry | None:
    """A file name; lines such as "frontmatter:" divide the book."""
    name = line.strip()
    return Entry("", name) if is_markdown_text(name) or name.lower().endswith(".txt") else None


def _natural(name: str) -> list[tuple[int, str]]:
    """Names in the order in which people count: 2 before 10; a preface or a read-me before the rest of its folder."""
    folder, base = posixpath.split(name.lower())
    first = "" if base.startswith(("index.", "readme.")) else base
    return [
        (int(piece), "") if piece.isdigit() else (0, piece) for piece in _DIGITS.split(posixpath.join(folder, first))
    ]


def book_metadata(archive: Archive, metadata: Metadata) -> None:
    """What mdBook's book.toml says."""
    name = min((n for n in archive.names if posixpath.basename(n) == "book.toml"), key=len, default="")
    if not name:
        return
    try:
        book = tomllib.loads(encoding.decode(archive.read(name))[0]).get("book", {})
    except (tomllib.TOMLDecodeError, RecursionError, ValueError):
        return
    if not isinstance(book, dict):
        return
    metadata.title = clean.title(str(book.get("title", "")))
    metadata.language = clean.language(str(book.get("language", "")))
    metadata.description = clean.title(str(book.get("description", "")), 2000)
    authors = book.get("authors", [])
    names = [clean.title(str(one), 200) for one in (authors if isinstance(authors, list) else [authors])[:20]]
    metadata.contributors = [Contributor(one) for one in names if one]
