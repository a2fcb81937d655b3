"""Readers' shelves: the public list, a shelf with its books, and those for the front page and a book's page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.models import User
from common.errors import NotFound
from common.search_text import words
from storefront.catalogue.models import Listing
from storefront.catalogue.selectors import cursors
from storefront.community.models import Shelf, ShelfBook, Visibility

PAGE_SIZE = 24
SORTS = ("newest", "longest")
_FRONT_SHELVES = 4
_FRONT_BOOKS = 6
_FRONT_PLACES = 12  # searched for books on sale
_MIN_BOOKS = 3
_ON_A_BOOKS_PAGE = 5


@dataclass(frozen=True, slots=True)
class ShelvedBook:
    """A book on a shelf. `is_own`: the shelf's owner contributed to it."""

    row: ShelfBook
    listing: Listing
    is_own: bool


@dataclass(frozen=True, slots=True)
class ShelfPage:
    """A shelf with its books. `hidden` is the number of books for adults that the visitor did not ask for."""

    shelf: Shelf
    books: list[ShelvedBook]
    hidden: int = 0

    @property
    def is_own_only(self) -> bool:
        """Return whether all of its books are by its owner."""
        return bool(self.books) and all(book.is_own for book in self.books)


@dataclass(frozen=True, slots=True)
class BookOnShelf:
    """A book of a shelf on the front page. `cover` maps kinds to public files, as in a listing."""

    slug: str
    title: str
    cover: dict[str, str]


@dataclass(frozen=True, slots=True)
class FrontShelf:
    """A shelf as the front page shows it. `keeper` is its owner's name."""

    slug: str
    title: str
    keeper: str
    is_editors: bool
    books: list[BookOnShelf]


@dataclass(frozen=True, slots=True)
class ShelfList:
    shelves: list[Shelf]
    next_cursor: str  # "" at the end


def front_shelves() -> list[FrontShelf]:
    """Return the editors' shelves and each curator's newest one for the front page, with their first books on sale, in
    one query."""
    found: dict[str, FrontShelf] = {}
    for shelf, title, keeper, is_editors, slug, book_title, cover in _on_front_shelves():
        books = found.setdefault(shelf, FrontShelf(shelf, title, keeper, is_editors, [])).books
        if len(books) < _FRONT_BOOKS:
            books.append(BookOnShelf(slug, book_title, cover))
    return [shelf for shelf in found.values() if len(shelf.books) >= _MIN_BOOKS]


def _on_front_shelves() -> QuerySet[ShelfBook, tuple[Any, ...]]:
    fit = ShelfBook.objects.filter(
        removed_at=None,
        position__lt=_FRONT_PLACES,
        work__listing__is_on_sale=True,
        work__listing__is_adult=False,
    )
    enough = fit.filter(shelf=OuterRef("pk"))[_MIN_BOOKS - 1 : _MIN_BOOKS]
    # Check first whether enough books can be shown: otherwise such a shelf would take the place of another.
    chosen = Shelf.objects.chosen().filter(Exists(enough), books_count__gte=_MIN_BOOKS)
    # One for each curator, so that whoever adds the most books does not take all places.
    newer = Q(changed_at__gt=OuterRef("changed_at")) | Q(changed_at=OuterRef("changed_at"), pk__gt=OuterRef("pk"))
    of_the_same = chosen.filter(newer, owner=OuterRef("owner"), is_editors=False)
    chosen = chosen.filter(Q(is_editors=True) | ~Exists(of_the_same))
    chosen = chosen.order_by("-is_editors", "-changed_at", "-pk")[:_FRONT_SHELVES]
    books = fit.filter(shelf__in=chosen).order_by(
        "-shelf__is_editors", "-shelf__changed_at", "-shelf__pk", "position", "pk"
    )
    of_the_shelf = [f"shelf__{name}" for name in ("slug", "title", "owner__display_name", "is_editors")]
    return books.values_list(*of_the_shelf, *(f"work__listing__{name}" for name in ("slug", "title", "cover")))


def shelves_with(work_id: int) -> list[Shelf]:
    """Return the featured shelves with the work (primary key) and their owners, editors' shelves first, in one
    query."""
    on_shelves = ShelfBook.objects.filter(work=work_id, removed_at=None).values("shelf")
    found = Shelf.objects.chosen().filter(pk__in=on_shelves).select_related("owner")
    return list(found.order_by("-is_editors", "-changed_at", "-pk")[:_ON_A_BOOKS_PAGE])


def shelf_list(*, query: str = "", sort: str = SORTS[0], after: str = "") -> ShelfList:
    """Return public shelves that are not empty, searched by title and owner; one query at any depth.

    The cursor says where the previous page ended, even if its last shelf has changed since. An invalid cursor gives the
    first page.
    """
    column = "books_count" if sort == "longest" else "changed_at"
    rows = Shelf.objects.public().filter(books_count__gt=0).select_related("owner__standing")
    for word in words(query)[:6]:
        rows = rows.filter(Q(search_words__startswith=word) | Q(search_words__contains=f" {word}"))
    if (cursor := cursors.parsed(after)) is not None:
        value = cursors.moment(cursor[0]) if column == "changed_at" else cursor[0]
        rows = cursors.rows_after(rows, column, value, cursor[1])
    page = list(rows.order_by(f"-{column}", "-pk")[: PAGE_SIZE + 1])
    shown, more = page[:PAGE_SIZE], len(page) > PAGE_SIZE
    return ShelfList(shown, _cursor(shown[-1], column) if more else "")


def _cursor(shelf: Shelf, column: str) -> str:
    value = cursors.microseconds(shelf.changed_at) if column == "changed_at" else shelf.books_count
    return cursors.text(value, shelf.pk)


def shelf_page(slug: str, *, with_adult: bool = False) -> ShelfPage | None:
    """Return a shelf that anybody with the URL may see, with its books on sale; two queries.

    A public shelf is also found by its unlisted slug. An unlisted shelf is not found by its public slug.
    """
    shelf = shelf_at(slug)
    if shelf is None:
        return None
    books = _books(shelf)
    shown = [book for book in books if with_adult or not book.listing.is_adult]
    return ShelfPage(shelf, shown, len(books) - len(shown))


def shelf_at(slug: str) -> Shelf | None:
    """Return the shelf that anybody with the URL may see, without its books; None if there is none."""
    shelves = Shelf.objects.select_related("owner__standing").filter(owner__is_active=True, is_hidden=False)
    is_public = Q(slug=slug, visibility=Visibility.PUBLIC)
    found = shelves.filter(is_public | Q(unlisted_slug=slug))
    # Nobody can take over an unlisted slug by giving a public shelf a matching title.
    return max(found, key=lambda one: one.unlisted_slug == slug, default=None)


def shelf_of(*, user: User, shelf_id: str) -> Shelf:
    """Return the person's own shelf. Raises NotFound."""
    shelf = Shelf.objects.filter(owner=user, public_id=shelf_id).first()
    if shelf is None:
        raise NotFound
    return shelf


def shelves_of(user: User) -> QuerySet[Shelf]:
    return Shelf.objects.filter(owner=user)


def rows_of(shelf: Shelf) -> list[ShelfBook]:
    """Return all books on the shelf, on sale or not, as its owner sees them."""
    return list(shelf.books.filter(removed_at=None).select_related("work__listing").order_by("position", "pk"))


def removed_from(shelf: Shelf, work_public_id: str) -> ShelfBook | None:
    """Return the book that was just removed and can be restored."""
    rows = shelf.books.exclude(removed_at=None).select_related("work")
    return rows.filter(work__public_id=work_public_id).first()


def _books(shelf: Shelf) -> list[ShelvedBook]:
    rows = shelf.books.filter(removed_at=None, work__listing__is_on_sale=True).select_related("work__listing")
    keeper = shelf.owner.public_id
    return [
        ShelvedBook(
            row,
            row.work.listing,
            any(one.author == keeper for one in row.work.listing.details.authors)
            or row.work.owner_id == shelf.owner_id,
        )
        for row in rows.order_by("position", "pk")
    ]
