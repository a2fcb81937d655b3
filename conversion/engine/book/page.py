"""Fixed-layout pages, the part of a Book for picture books, comics and PDFs: see `Chapter.pages` in `model.py`.

A page is a picture and the words on it. Whatever a source's page consists of, a reader draws it once; no markup, style
or font of the source goes beyond that.
"""

from __future__ import annotations

from dataclasses import dataclass, field

SOFT_HYPHEN = "\u00ad"


@dataclass(slots=True, frozen=True)
class PageText:
    """A line of words on a page, with its box measured from the page's top left in the page's units. Lines of one
    paragraph share their `block`."""

    text: str
    x: float
    y: float
    w: float
    h: float
    lang: str = ""
    block: int = 0


@dataclass(slots=True)
class Page:
    """A page whose layout carries meaning: one picture, and the words on it at their positions.

    `width` and `height` are the page's own units (CSS pixels); the asset may have more pixels. `lines` are in reading
    order; `rest` holds paragraphs whose position is unknown. `alt` is the author's description, never generated; a
    `decorative` page, such as an empty one, has nothing to describe.
    `spread` is "left", "right", "center" (alone on a spread) or "" for whatever comes next.
    """

    id: str
    asset: str
    width: int
    height: int
    lines: list[PageText] = field(default_factory=list)
    rest: list[str] = field(default_factory=list)
    alt: str = ""
    decorative: bool = False
    spread: str = ""
    label: str = ""
    orientation: str = ""  # "", "landscape" or "portrait": how to hold the screen
    width_mm: float = 0.0  # width of the page on paper, where the source states it
    is_words_only: bool = False  # the picture shows nothing but words, so the text describes all of it


def is_described(page: Page) -> bool:
    """Return whether readers who cannot see the page learn everything it shows."""
    return page.decorative or bool(page.alt.strip()) or is_told_by_words(page)


def is_told_by_words(page: Page) -> bool:
    """Return whether the page shows nothing but its words."""
    return page.is_words_only and bool(words_of(page).strip())


def words_of(page: Page) -> str:
    """Return the page's words in reading order, one line per paragraph. A soft hyphen ends a line inside a word."""
    paragraphs: dict[int, str] = {}
    for line in page.lines:
        before = paragraphs.get(line.block, "")
        joint = "" if not before else " "
        if before.endswith(SOFT_HYPHEN):
            before, joint = before[:-1], ""
        paragraphs[line.block] = f"{before}{joint}{line.text}"
    return "\n".join([*(text.removesuffix(SOFT_HYPHEN) for text in paragraphs.values()), *page.rest])
