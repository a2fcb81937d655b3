"""Where in the newest edition of a book its readers are: in which chapter, and whether they finished it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from django.db.models import Exists, F, OuterRef, QuerySet

from publishing.models import Contributor, Edition
from storefront.catalogue.selectors.edition_texts import BookText, text_of
from storefront.catalogue.selectors.web_book_archive import WebBook, pages_of, web_book
from storefront.checkout.models import Entitlement
from storefront.reading.models import FurthestPlace
from storefront.reading.selectors import anchors
from storefront.reading.selectors.anchors import PlaceThere

# A book is finished where no more of its body is left than a large screen shows, but a tenth of a short one at most.
_SCREEN = 2000  # characters
_REST, _MOST = 50, 10  # a fiftieth of a long book, a tenth of a short one
_PAGES_LEFT = 2
_BODY = "bodymatter"


@dataclass(frozen=True, slots=True)
class Where:
    """`chapter` counts the chapters of the body; before the first one it is that one, after the last the last."""

    chapter: int
    has_finished: bool


def counted_places() -> QuerySet[FurthestPlace]:
    """Select the furthest places of readers who agreed, in books they bought, but not in those they made."""
    bought = Entitlement.objects.readable().filter(user=OuterRef("user"), work=OuterRef("work"), line__isnull=False)
    made = Contributor.objects.filter(user=OuterRef("user"), work=OuterRef("work"))
    agreed = FurthestPlace.objects.filter(user__completion_consent__agrees=True, user__is_active=True)
    return agreed.exclude(user=F("work__owner")).filter(Exists(bought), ~Exists(made))


def where_they_are(places: Sequence[FurthestPlace], edition: Edition) -> tuple[list[str], list[Where]]:
    """Return the titles of the body's chapters, and where each place is among them, in the same order.

    Raises FileNotFoundError if the edition's archive is gone.
    """
    text = text_of(edition)
    book = web_book(text.file) if text.file else None
    if book is None or not (text.blocks or book.is_pages):
        return [], []
    body, there = _body(book), anchors.places_in(places, edition)
    titles = [book.chapters[index].title for index in body]
    return titles, _by_pages(book, body, text, there) if book.is_pages else _by_text(body, text, there)


def _body(book: WebBook) -> list[int]:
    """Return the indices of the chapters that are read: without what the shop added, and front and back matter."""
    own = [index for index, chapter in enumerate(book.chapters) if not chapter.is_made]
    return [index for index in own if book.chapters[index].division in ("", _BODY)] or own


def _by_text(body: Sequence[int], text: BookText, there: Sequence[PlaceThere]) -> list[Where]:
    own = set(body)
    lengths = [len(block) if part in own else 0 for block, part in zip(text.blocks, text.parts, strict=True)]
    before = [0, *accumulate(lengths)]
    whole = before[-1]
    rest = max(min(_SCREEN, whole // _MOST), whole // _REST)
    found = []
    for place in there:
        block = min(place.block, len(lengths) - 1)
        left = whole - before[block] - min(place.offset, lengths[block])
        found.append(Where(_chapter(body, text.parts[block]), left <= rest))
    return found


def _by_pages(book: WebBook, body: Sequence[int], text: BookText, there: Sequence[PlaceThere]) -> list[Where]:
    pages = pages_of(book)
    numbers = {str(page["id"]): number for number, page in enumerate(pages)}
    indices = {chapter.id: index for index, chapter in enumerate(book.chapters)}
    found = []
    for place in there:
        part = text.parts[place.block] if place.block < len(text.parts) else 0
        number = numbers.get(place.page, part)
        index = indices.get(str(pages[number].get("chapter", "")), 0)
        found.append(Where(_chapter(body, index), number >= len(pages) - _PAGES_LEFT))
    return found


def _chapter(body: Sequence[int], index: int) -> int:
    """Return which chapter of the body the book's chapter is, or the last one before it."""
    return max(sum(1 for one in body if one <= index) - 1, 0)
