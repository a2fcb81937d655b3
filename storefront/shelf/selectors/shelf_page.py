"""The page of the library: the book to continue, and the shelf as it is searched, filtered and sorted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from common.errors import NotFound
from common.search_text import normalize
from storefront.shelf import rules
from storefront.shelf.models import LibraryView, ReadingStatus
from storefront.shelf.selectors.books import ShelvedBook, shelf_of
from storefront.shelf.selectors.collections import CollectionRow, collections_of, order_of
from storefront.shelf.selectors.note_matches import NoteMatches, note_matches

HIDDEN = "hidden"
OWN_ORDER = "own"  # of a collection
SORTS: dict[str, str | Promise] = {
    "read": gettext_lazy("Last read"),
    "bought": gettext_lazy("Newest"),
    "title": gettext_lazy("Title"),
    "author": gettext_lazy("Author"),
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the page is asked for; "" for all. `status` may be `HIDDEN`. A collection is in its own order unless the
    query says another. Each state has its own query."""

    query: str = ""
    status: str = ""
    collection: str = ""
    sort: str = "read"
    start: int = 0

    @classmethod
    def of(cls, given: QueryDict) -> Wanted:
        """Return what a query asks for, without what we would never put there."""
        status, sort, start = given.get("status", ""), given.get("sort", ""), given.get("start", "")
        collection = given.get("collection", "")[:40]
        return cls(
            query=given.get("q", "").strip()[: rules.MAX_QUERY],
            status=status if status in {*ReadingStatus.values, HIDDEN} else "",
            collection=collection,
            sort=sort if sort in SORTS else OWN_ORDER if collection else "read",
            start=int(start) if start.isdecimal() and len(start) < 6 else 0,
        )

    @property
    def is_narrowed(self) -> bool:
        return bool(self.query or self.status or self.collection)

    @property
    def default_sort(self) -> str:
        return OWN_ORDER if self.collection else "read"

    @property
    def address(self) -> str:
        """Return the query, with its question mark; a bare "?" for the whole shelf."""
        sort = self.sort if self.sort in SORTS and self.sort != self.default_sort else ""
        given = {"q": self.query, "status": self.status, "collection": self.collection, "sort": sort}
        query = QueryDict(mutable=True)
        query.update({name: value for name, value in (given | {"start": str(self.start or "")}).items() if value})
        return f"?{query.urlencode()}"

    def but(self, **changes: Any) -> str:
        """Return the address of the first page with something else."""
        return replace(self, start=0, **changes).address


@dataclass(frozen=True, slots=True)
class Choice:
    """A link that filters or sorts. `count` is None for sorting."""

    label: str | Promise
    href: str
    is_current: bool
    count: int | None = None


@dataclass(frozen=True, slots=True)
class ShelfPage:
    """`current` is the book that was last read and is not finished, with others being read; both only on the whole
    shelf. `set_filters` are those in force, each with the address without it."""

    wanted: Wanted
    books: Sequence[ShelvedBook]
    count: int
    total: int  # on the shelf, whatever the filter
    current: ShelvedBook | None
    also_reading: Sequence[ShelvedBook]
    statuses: Sequence[Choice]
    collections: Sequence[Choice]
    sorts: Sequence[Choice]
    set_filters: Sequence[Choice]
    notes: NoteMatches
    newer: str
    older: str
    is_list: bool
    has_advance_copies: bool


def shelf_page(user: User, wanted: Wanted) -> ShelfPage:
    """Return the page. Raises NotFound for a collection that is not the person's.

    All books of a person are looked through here: they are some hundred, and what is searched and
    sorted is in several tables."""
    everything = shelf_of(user)
    shelf = [book for book in everything if not book.is_hidden]
    order = _order_of(user, wanted)
    chosen = [book for book in _with_status(everything, wanted.status) if _has_words(book, wanted.query)]
    chosen = [book for book in chosen if order is None or book.pk in order]
    chosen.sort(key=_key_of(wanted.sort, order or {}))
    collections = collections_of(user, everything)
    end = wanted.start + rules.BOOKS_ON_PAGE
    reading = sorted((book for book in shelf if book.is_reading and book.progress.last_read_at), key=_by_reading)
    is_whole = not wanted.is_narrowed and not wanted.start
    return ShelfPage(
        wanted=wanted,
        books=chosen[wanted.start : end],
        count=len(chosen),
        total=len(everything),
        current=reading[0] if reading and is_whole else None,
        also_reading=reading[1 : 1 + rules.ALSO_READING] if is_whole else [],
        statuses=_statuses(wanted, everything),
        collections=[
            Choice(
                one.name,
                replace(wanted, collection=one.public_id, sort=OWN_ORDER, start=0).address,
                wanted.collection == one.public_id,
                one.count,
            )
            for one in collections
        ],
        sorts=_sorts(wanted),
        set_filters=_set_filters(wanted, collections),
        notes=note_matches(user, wanted.query),
        newer=replace(wanted, start=max(wanted.start - rules.BOOKS_ON_PAGE, 0)).address if wanted.start else "",
        older=replace(wanted, start=end).address if len(chosen) > end else "",
        is_list=LibraryView.objects.filter(user=user, is_list=True).exists(),
        has_advance_copies=any(book.last_day for book in everything),
    )


def _with_status(books: Sequence[ShelvedBook], status: str) -> list[ShelvedBook]:
    if status == HIDDEN:
        return [book for book in books if book.is_hidden]
    return [book for book in books if not book.is_hidden and (not status or book.status == status)]


def _has_words(book: ShelvedBook, query: str) -> bool:
    return all(word in book.words for word in normalize(query).split())


def _order_of(user: User, wanted: Wanted) -> dict[int, int] | None:
    """Return the places in the collection that is asked for, None without one. Raises NotFound."""
    if not wanted.collection:
        return None
    order = order_of(user, wanted.collection)
    if order is None:
        raise NotFound
    return order


def _sorts(wanted: Wanted) -> list[Choice]:
    own = {OWN_ORDER: _("My order")} if wanted.collection else {}
    return [Choice(label, wanted.but(sort=name), wanted.sort == name) for name, label in (own | SORTS).items()]


def _key_of(sort: str, order: Mapping[int, int]) -> Callable[[ShelvedBook], tuple[Any, ...]]:
    keys: dict[str, Callable[[ShelvedBook], tuple[Any, ...]]] = {
        "bought": lambda book: (-book.granted_at.timestamp(), -book.pk),
        OWN_ORDER: lambda book: (order.get(book.pk, 0), book.pk),
        "title": lambda book: (normalize(book.title), book.pk),
        "author": lambda book: (normalize(book.byline), normalize(book.title), book.pk),
    }
    return keys.get(sort, lambda book: (-book.touched_at.timestamp(), -book.pk))


def _by_reading(book: ShelvedBook) -> float:
    return -book.progress.last_read_at.timestamp() if book.progress.last_read_at else 0.0


def _statuses(wanted: Wanted, everything: Sequence[ShelvedBook]) -> list[Choice]:
    """Return the filters by status. A status that no book has is left out, unless it is the one in force."""
    counts = Counter(HIDDEN if book.is_hidden else book.status.value for book in everything)
    labels: dict[str, str | Promise] = {**dict(ReadingStatus.choices), HIDDEN: _("Hidden")}
    order = (ReadingStatus.READING, ReadingStatus.WANT, ReadingStatus.FINISHED, ReadingStatus.GIVEN_UP, HIDDEN)
    shown = sum(counts.values()) - counts[HIDDEN]
    found = [Choice(_("All"), wanted.but(status=""), not wanted.status, shown)]
    found += [
        Choice(labels[name], wanted.but(status=str(name)), wanted.status == name, counts[name])
        for name in order
        if counts[name] or wanted.status == name
    ]
    return found


def _set_filters(wanted: Wanted, collections: Sequence[CollectionRow]) -> list[Choice]:
    labels: dict[str, str | Promise] = {**dict(ReadingStatus.choices), HIDDEN: _("Hidden")}
    found = [Choice(labels[wanted.status], wanted.but(status=""), is_current=True)] if wanted.status else []
    if wanted.collection:
        name = next(one.name for one in collections if one.public_id == wanted.collection)
        found.append(Choice(name, replace(wanted, collection="", sort="read", start=0).address, is_current=True))
    if wanted.query:
        found.append(Choice(f"“{wanted.query}”", wanted.but(query=""), is_current=True))
    return found
