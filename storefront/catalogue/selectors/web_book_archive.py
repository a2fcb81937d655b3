"""The web reader's archive of an edition: its manifest, chapters, pictures and style sheet.

An archive's name contains its checksum, so its contents never change and can be cached.
"""

from __future__ import annotations

import json
import mimetypes
import posixpath
import zipfile
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from common import storage
from common.money import BPS

_PICTURES = frozenset({"image/jpeg", "image/png", "image/gif", "image/webp", "image/svg+xml"})
_MAX_BYTES = 64 * 1024 * 1024  # of one file inside the archive


@dataclass(frozen=True, slots=True)
class TocLine:
    """`href` is relative to the archive: chapters/<id>.xhtml, optionally with a fragment."""

    title: str
    href: str
    children: tuple[TocLine, ...] = ()


@dataclass(frozen=True, slots=True)
class WebChapter:
    id: str
    title: str
    href: str
    words: int
    division: str
    is_made: bool = False  # a front or back page from the record, such as the copyright page


@dataclass(frozen=True, slots=True)
class PagePicture:
    """A page of a fixed-layout book as a small picture: its file name, its size in pixels and its alternative text."""

    name: str
    width: int
    height: int
    alt: str


@dataclass(frozen=True, slots=True)
class WebBook:
    """The manifest of an archive. `file` is its name in private storage."""

    file: str
    title: str
    language: str
    direction: str
    vertical: bool
    chapters: tuple[WebChapter, ...]
    is_pages: bool = False  # fixed layout, described in `pages.json` and `pages/`
    toc: tuple[TocLine, ...] = field(default=())
    print_pages: tuple[tuple[str, str], ...] = ()  # label and link of each page of the print edition

    @property
    def opening(self) -> int:
        """The position of the chapter where reading starts: the first of the author's own text."""
        return next((index for index, chapter in enumerate(self.chapters) if not chapter.is_made), 0)

    def reached_bps(self, index: int) -> int:
        """Return how far into the book the start of that chapter is, by chapters of the author's own text."""
        own = [not chapter.is_made for chapter in self.chapters]
        return BPS * sum(own[:index]) // max(sum(own), 1)

    def index_of(self, chapter_id: str) -> int | None:
        """Return the chapter's position in the book, or None."""
        return next((i for i, chapter in enumerate(self.chapters) if chapter.id == chapter_id), None)

    def middle_bps(self, index: int) -> int:
        """Return how far into the book, by words, the middle of that chapter is; 0 before the first."""
        if index < 0:
            return 0
        words = [chapter.words for chapter in self.chapters]
        return BPS * (2 * sum(words[:index]) + words[index]) // max(2 * sum(words), 1)


@lru_cache(maxsize=64)
def web_book(file: str) -> WebBook:
    """Read the archive's manifest. Raises FileNotFoundError if there is no such archive."""
    about: dict[str, Any] = json.loads(_read(file, "book.json"))
    return WebBook(
        file=file,
        title=str(about.get("title", "")),
        language=str(about.get("language", "")),
        direction=str(about.get("direction", "ltr")),
        vertical=bool(about.get("vertical")),
        chapters=tuple(
            WebChapter(
                id=str(one["id"]),
                title=str(one["title"]),
                href=str(one["href"]),
                words=int(one["words"]),
                division=str(one.get("division", "")),
                is_made=bool(one.get("made")),
            )
            for one in about["chapters"]
        ),
        toc=tuple(_toc_line(line) for line in about.get("toc", [])),
        is_pages=about.get("kind") == "pages",
        print_pages=tuple((str(page["label"]), str(page["href"])) for page in about.get("pages", [])),
    )


def chapter_file(book: WebBook, chapter_id: str) -> bytes:
    """Return the chapter as the engine wrote it. Raises KeyError for an unknown chapter."""
    index = book.index_of(chapter_id)
    if index is None:
        raise KeyError(chapter_id)
    return _read(book.file, book.chapters[index].href)


def style_file(book: WebBook) -> bytes:
    """Return the style sheet of all chapters."""
    return _read(book.file, "style.css")


def pages_file(book: WebBook, name: str = "") -> bytes:
    """Return a fixed-layout book's list of pages, or the words of the page `name`, as JSON.

    Raises KeyError for unknown ones.
    """
    return _read(book.file, f"pages/{posixpath.basename(name)}" if name else "pages.json")


def pages_of(book: WebBook) -> list[dict[str, Any]]:
    """Return a fixed-layout book's pages from its manifest."""
    pages: list[dict[str, Any]] = json.loads(pages_file(book))["pages"]
    return pages


def page_shown_by(book: WebBook, path: str) -> int | None:
    """Return the page of a fixed-layout book, counted from 0, to which a file of its archive belongs."""
    return _pages_by_file(book.file).get(path) if book.is_pages else None


def count_pages(book: WebBook) -> int:
    return len(set(_pages_by_file(book.file).values()))


@lru_cache(maxsize=64)
def _pages_by_file(file: str) -> dict[str, int]:
    """Map each file of the archive to its page, or to the first one if it is on several."""
    found: dict[str, int] = {}
    for index, page in enumerate(json.loads(_read(file, "pages.json"))["pages"]):
        for name in [f"pages/{page['id']}.json", *(f"assets/{name}" for _, name in page["pictures"])]:
            found.setdefault(name, index)
    return found


def page_pictures(book: WebBook, count: int) -> tuple[PagePicture, ...]:
    """Return the first pages of a fixed-layout book, each as its smallest picture; none for a reflowable book."""
    if not book.is_pages:
        return ()
    pages = pages_of(book)[:count]
    return tuple(
        PagePicture(
            name=str(page["pictures"][0][1]),
            width=int(page["pictures"][0][0]),
            height=round(page["pictures"][0][0] * page["height"] / page["width"]),
            alt=str(page["alt"] or page["title"]),
        )
        for page in pages
    )


def count_pictures(file: str) -> int:
    """Return how many pictures the archive's chapters show, counted in its folder."""
    with storage.private().open(file, "rb") as opened, zipfile.ZipFile(opened) as archive:
        return sum(1 for name in archive.namelist() if name.startswith("assets/") and not name.endswith("/"))


@lru_cache(maxsize=64)
def unpacked_bytes(file: str) -> int:
    """Return how many bytes the archive's files take up, read from its directory."""
    with storage.private().open(file, "rb") as opened, zipfile.ZipFile(opened) as archive:
        return sum(one.file_size for one in archive.infolist())


def asset_file(book: WebBook, name: str) -> tuple[bytes, str]:
    """Return a picture and its media type. Raises KeyError if there is none, or if it is not a picture."""
    media_type = mimetypes.guess_type(name)[0] or ""
    if media_type not in _PICTURES or posixpath.basename(name) != name:
        raise KeyError(name)
    return _read(book.file, f"assets/{name}"), media_type


def _read(file: str, name: str) -> bytes:
    """Read one file of the archive. Raises FileNotFoundError for the archive, KeyError for the file in it."""
    with storage.private().open(file, "rb") as opened, zipfile.ZipFile(opened) as archive:
        if archive.getinfo(name).file_size > _MAX_BYTES:
            raise KeyError(name)
        return archive.read(name)


def _toc_line(line: dict[str, Any]) -> TocLine:
    return TocLine(
        title=str(line["title"]),
        href=str(line["href"]),
        children=tuple(_toc_line(child) for child in line.get("children", [])),
    )
