"""The reader for a set of page pictures: a ZIP or CBZ of JPEG, PNG, WebP, AVIF or GIF files in order of their names."""

from __future__ import annotations

import posixpath
import re
from dataclasses import replace

from ...book import clean
from ...book.model import ReaderResult
from ...book.page import Page
from ...errors import AuthorFixable
from ...findings.model import Severity
from ...gate.admission import Manuscript, page_pictures
from ...gate.archive import Archive
from ..assembly.draft import Draft
from ..assembly.fixed_pages import OutlineEntry, assemble, refuse_too_many
from .comic_info import ComicInfo, PageNotes, read_comic_info, read_page_notes

MAX_PICTURES_BYTES = 400 << 20  # re-encoded, of the whole book
_DIGITS = re.compile(r"(\d{1,18})")


def read(manuscript: Manuscript) -> ReaderResult:
    """The book of the pictures in an archive. Raises AuthorFixable when there are none, or too many."""
    archive = manuscript.container()
    names = sorted(page_pictures(archive), key=natural_order)
    refuse_too_many(len(names))
    draft = Draft()
    info = _comic_info(archive, draft)
    draft.metadata = info.metadata
    notes = read_page_notes(archive)
    pages: list[Page] = []
    outline: list[OutlineEntry] = []
    for number, name in enumerate(names):
        page = _page(archive, name, draft)
        if page is None:
            draft.count("page.left-out", Severity.BLOCKER, name)
            continue
        about = notes.get(posixpath.basename(name).lower()) or PageNotes()
        about = _joined(about, info.pages.get(number, PageNotes()))
        page.alt, page.label, page.spread = about.alt, about.label, about.side
        if about.contents:
            outline.append(OutlineEntry(about.contents, len(pages)))
        pages.append(page)
    if not outline:
        outline = _folders(names) if len(pages) == len(names) else []
    return assemble(draft, pages, outline, direction=info.direction)


def natural_order(name: str) -> list[tuple[int, int, str]]:
    """A sorting key by which page 2 comes before page 10, in each folder."""
    parts = _DIGITS.split(name.lower().replace("/", "\x01"))
    return [(0, int(part), "") if part.isdigit() else (1, 0, part) for part in parts if part]


def _comic_info(archive: Archive, draft: Draft) -> ComicInfo:
    name = next((name for name in archive.names if posixpath.basename(name).lower() == "comicinfo.xml"), "")
    if not name:
        return ComicInfo()
    try:
        return read_comic_info(archive.read(name), name)
    except AuthorFixable as error:
        if error.code == "source.entity-expansion":
            raise
        draft.tell("page.comic-info-unreadable", Severity.ADVICE)
        return ComicInfo()


def _page(archive: Archive, name: str, draft: Draft) -> Page | None:
    key = draft.picture(archive.read(name), posixpath.basename(name))
    if not key:
        return None
    if sum(len(asset.data) for asset in draft.assets.values()) > MAX_PICTURES_BYTES:
        raise AuthorFixable("source.pages-too-heavy", limit_mb=MAX_PICTURES_BYTES >> 20)
    asset = draft.assets[key]
    return Page("", key, asset.width, asset.height)


def _joined(own: PageNotes, other: PageNotes) -> PageNotes:
    return replace(
        own,
        label=own.label or other.label,
        contents=own.contents or other.contents,
        side=own.side or other.side,
    )


def _folders(names: list[str]) -> list[OutlineEntry]:
    """Folders as chapters, where the pictures lie in several."""
    entries: list[OutlineEntry] = []
    before = None
    for number, name in enumerate(names):
        folder = posixpath.basename(posixpath.dirname(name))
        if folder != before:
            before = folder
            title = clean.title(re.sub(r"[_]+", " ", folder))
            if title:
                entries.append(OutlineEntry(title, number))
    return entries if len(entries) > 1 else []
