"""A person's collections, and the books in them that they may read."""

from __future__ import annotations

from dataclasses import dataclass

from accounts.models import User
from common.errors import NotFound
from storefront.shelf.models import CollectedBook, Collection
from storefront.shelf.selectors.books import ShelvedBook, shelf_of


@dataclass(frozen=True, slots=True)
class CollectionRow:
    """A collection with the number of its books; `has_book` where one book is asked about."""

    public_id: str
    name: str
    count: int
    has_book: bool = False


@dataclass(frozen=True, slots=True)
class PlacedBook:
    """A book in a collection. `up` and `down` are the books (public ids) in front of which it comes when it is moved by
    one; `down` is "" for the end."""

    book: ShelvedBook
    up: str
    down: str
    is_first: bool
    is_last: bool


@dataclass(frozen=True, slots=True)
class CollectionPage:
    collection: Collection
    books: list[PlacedBook]


def order_of(user: User, collection_id: str) -> dict[int, int] | None:
    """Return the place of each work (primary keys) in a collection; None if the person has none such."""
    collection = Collection.objects.filter(user=user, public_id=collection_id).first()
    if collection is None:
        return None
    return {pk: place for place, pk in enumerate(collection.books.values_list("work", flat=True))}


def collections_of(user: User, shelf: list[ShelvedBook] | None = None, *, book: int = 0) -> list[CollectionRow]:
    """Return the person's collections by name, counting the books on their shelf; two queries. `book` (a primary key)
    is the work that is asked about."""
    readable = {one.pk for one in shelf if not one.is_hidden} if shelf is not None else None
    works: dict[int, list[int]] = {}
    for row in CollectedBook.objects.filter(collection__user=user).values_list("collection", "work"):
        works.setdefault(row[0], []).append(row[1])
    return [
        CollectionRow(
            public_id=one.public_id,
            name=one.name,
            count=sum(readable is None or pk in readable for pk in works.get(one.pk, [])),
            has_book=book in works.get(one.pk, []),
        )
        for one in Collection.objects.filter(user=user)
    ]


def collection_page(user: User, collection_id: str) -> CollectionPage:
    """Return a collection with its books in their order. Raises NotFound."""
    collection = Collection.objects.filter(user=user, public_id=collection_id).first()
    if collection is None:
        raise NotFound
    shelf = {book.pk: book for book in shelf_of(user)}
    books = [shelf[pk] for pk in collection.books.values_list("work", flat=True) if pk in shelf]
    ids = [book.work_id for book in books]
    return CollectionPage(
        collection,
        [
            PlacedBook(
                book,
                up=ids[max(place - 1, 0)],
                down=ids[place + 2] if place + 2 < len(ids) else "",
                is_first=place == 0,
                is_last=place == len(ids) - 1,
            )
            for place, book in enumerate(books)
        ],
    )
