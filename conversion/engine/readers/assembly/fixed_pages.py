"""From pages to a Book: chapters where the contents list cuts them, sides of spreads, labels, words as running text.

Every reader of fixed layout ends here: fixed-layout EPUB, sets of pictures, PDF.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from statistics import median

from ...book import clean
from ...book.model import Chapter, ReaderResult, TocEntry
from ...book.page import Page
from ...book.page_text import running_text
from ...errors import AuthorFixable
from .draft import Draft
from .structure import complete

MAX_PAGES = 1_000
MAX_OUTLINE_ENTRIES = 5_000
MAX_OUTLINE_DEPTH = 8
MAX_LABEL_CHARACTERS = 20
_WIDE = 1.2  # width over height, from which a page shows two pages side by side


@dataclass(slots=True)
class OutlineEntry:
    """A line of the source's contents list; `page` counts from 0."""

    title: str
    page: int
    children: list[OutlineEntry] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Overview:
    """What a PDF says of itself. `refusal` is a code when it cannot be read."""

    pages: int = 0
    refusal: str = ""
    title: str = ""
    author: str = ""
    subject: str = ""
    keywords: str = ""
    language: str = ""
    is_rtl: bool = False
    labels: tuple[str, ...] = ()
    outline: tuple[tuple[int, str, int], ...] = ()  # depth, title, page from 0


def refuse_too_many(count: int) -> None:
    """Raise AuthorFixable when a book has more pages than one book can have."""
    if count > MAX_PAGES:
        raise AuthorFixable("source.too-many-pages", count=count, limit=MAX_PAGES)


def assemble(
    draft: Draft, pages: list[Page], outline: Sequence[OutlineEntry] = (), *, direction: str = "", spread: str = ""
) -> ReaderResult:
    """The finished book of `pages`, in order; their ids are given here. Pages turn in the `direction` given, else in
    that of the language; `spread` is "none", "both", "auto", or "" where the source does not say. Raises AuthorFixable
    when there are no pages."""
    if not pages:
        raise AuthorFixable("source.no-text")
    for number, page in enumerate(pages, 1):
        page.id = f"p-{number}"
        page.label = clean.title(page.label, MAX_LABEL_CHARACTERS) or str(number)
    draft.cover = draft.cover or pages[0].asset
    if not spread and _are_spreads(pages) and not any(page.spread for page in pages):
        spread = "none"
    spread = "" if spread == "auto" else spread
    outline = [entry for entry in outline if 0 <= entry.page < len(pages)]
    chapters = _chapters(draft, pages, outline)
    book = complete(draft, chapters, _contents(outline, pages, chapters)).book
    book.direction = direction or book.direction
    book.spread = spread
    shown = {page.asset for page in pages} | {book.cover}
    book.assets = {key: asset for key, asset in book.assets.items() if key in shown}
    give_sides(pages, rtl=book.direction == "rtl", is_single=spread == "none")
    return ReaderResult(book, [f for f in draft.findings() if f.code != "structure.no-chapters"])


# ---------------------------------------------------------------- sides


def give_sides(pages: Sequence[Page], *, rtl: bool, is_single: bool) -> None:
    """Give every page its side of the spread; sides that the source names are kept.

    Books open on the page that faces the cover's inside: the right one, or the left where pages turn the other way.
    """
    first, second = ("right", "left") if rtl else ("left", "right")
    shapes_differ = not _are_spreads(pages)
    following = second
    for page in pages:
        if is_single or (not page.spread and shapes_differ and page.width > _WIDE * page.height):
            page.spread = "center"
        page.spread = page.spread or following
        following = second if page.spread == first else first


def _are_spreads(pages: Sequence[Page]) -> bool:
    """Whether the pages as a rule are wide: each then fills the screen alone."""
    return median(page.width / page.height for page in pages) > _WIDE


# ---------------------------------------------------------------- chapters and contents


def _chapters(draft: Draft, pages: list[Page], outline: Sequence[OutlineEntry]) -> list[Chapter]:
    """A chapter for each page that a first-level entry leads to, and one for what comes before."""
    titles: dict[int, str] = {0: draft.metadata.title}
    for entry in sorted(outline, key=lambda entry: entry.page):
        if entry.page not in titles or (entry.page == 0 and titles[0] == draft.metadata.title):
            titles[entry.page] = entry.title
    starts = sorted(titles)
    chapters = []
    for number, (start, end) in enumerate(zip(starts, [*starts[1:], len(pages)], strict=True), 1):
        own = pages[start:end]
        chapters.append(Chapter(f"c-{number}", titles[start], running_text(own), pages=own))
    return chapters


def _contents(outline: Sequence[OutlineEntry], pages: list[Page], chapters: list[Chapter]) -> list[TocEntry]:
    homes = {page.id: chapter for chapter in chapters for page in chapter.pages}

    def entries(found: Sequence[OutlineEntry]) -> Iterator[TocEntry]:
        for entry in found:
            page = pages[entry.page]
            chapter = homes[page.id]
            anchor = "" if page is chapter.pages[0] else page.id
            inside = [child for child in entry.children if 0 <= child.page < len(pages)]
            yield TocEntry(entry.title, chapter.id, anchor, list(entries(inside)))

    return list(entries(outline))
