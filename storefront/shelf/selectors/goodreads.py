"""A person's library as Goodreads' CSV, which StoryGraph and others take, too.

A cell that a spreadsheet would run as a formula begins with an apostrophe; Goodreads' own `="978…"` around ISBNs is one
and is left out. What we do not know is empty: Goodreads' number of a book, pages, the year of the first publication.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from accounts.models import User
from common.csv_cells import csv_lines
from publishing.models import ContributorRole
from storefront.catalogue.models import Listing
from storefront.community.models import Review
from storefront.library.models import Wish
from storefront.shelf.models import CollectedBook, ReadingStatus
from storefront.shelf.selectors.books import ShelvedBook, shelf_of

COLUMNS = (
    *("Book Id", "Title", "Author", "Author l-f", "Additional Authors", "ISBN", "ISBN13", "My Rating"),
    *("Average Rating", "Publisher", "Binding", "Number of Pages", "Year Published", "Original Publication Year"),
    *("Date Read", "Date Added", "Bookshelves", "Bookshelves with positions", "Exclusive Shelf", "My Review"),
    *("Spoiler", "Private Notes", "Read Count", "Owned Copies"),
)
_SHELVES = {
    ReadingStatus.WANT: "to-read",
    ReadingStatus.READING: "currently-reading",
    ReadingStatus.FINISHED: "read",
    ReadingStatus.GIVEN_UP: "did-not-finish",
}
_ISBN = "urn:isbn:"


def goodreads_csv(user: User) -> Iterator[str]:
    """Yield the lines: the books of the library, hidden ones too, then those of the wish list."""
    shelf = sorted(shelf_of(user), key=lambda book: (book.granted_at, book.pk))
    owned = {book.pk for book in shelf}
    wishes = Wish.objects.filter(user=user, removed_at=None).exclude(work__in=owned).order_by("wished_at", "pk")
    wished = dict(wishes.values_list("work", "wished_at"))
    listings = {row.work_id: row for row in Listing.objects.filter(work__in=[*owned, *wished]).defer("sample_html")}
    reviews = {one.work_id: one for one in Review.objects.filter(user=user, work__in=owned)}
    collections = _collections(user)
    rows = [_owned(book, listings.get(book.pk), reviews.get(book.pk), collections.get(book.pk, [])) for book in shelf]
    rows += [_row(listings[pk], added=at.date()) for pk, at in wished.items() if pk in listings]
    yield from csv_lines([COLUMNS, *([row.get(name, "") for name in COLUMNS] for row in rows)])


def _collections(user: User) -> dict[int, list[tuple[str, int]]]:
    found: dict[int, list[tuple[str, int]]] = {}
    rows = CollectedBook.objects.filter(collection__user=user).order_by("collection__name", "position")
    for work, name, position in rows.values_list("work", "collection__name", "position"):
        found.setdefault(work, []).append((name.replace(",", " "), position + 1))
    return found


def _owned(
    book: ShelvedBook, listing: Listing | None, review: Review | None, collections: list[tuple[str, int]]
) -> dict[str, Any]:
    known = _row(listing, added=book.granted_at.date()) if listing is not None else {"Title": book.title}
    return known | {
        "Author": known.get("Author") or book.byline,
        "My Rating": review.stars if review else 0,
        "Date Read": _day(book.finished_on),
        "Date Added": _day(book.granted_at.date()),
        "Bookshelves": ", ".join(name for name, _place in collections),
        "Bookshelves with positions": ", ".join(f"{name} (#{place})" for name, place in collections),
        "Exclusive Shelf": _SHELVES[book.status],
        "My Review": "\n\n".join(part for part in (review.title, review.body) if part) if review else "",
        "Read Count": int(book.is_finished),
        "Owned Copies": 0 if book.last_day else 1,
    }


def _row(listing: Listing, *, added: date) -> dict[str, Any]:
    people = listing.details.authors
    authors = [one.name for one in people if one.role == ContributorRole.AUTHOR] or [listing.byline]
    others = [one.name for one in people if one.name not in authors[:1]]
    series = f" ({listing.details.series.title}{_number(listing)})" if listing.details.series else ""
    identifier = listing.details.identifier
    return {
        "Title": listing.title + series,
        "Author": authors[0],
        "Author l-f": _last_first(authors[0]),
        "Additional Authors": ", ".join(dict.fromkeys(others)),
        "ISBN13": identifier.removeprefix(_ISBN) if identifier.startswith(_ISBN) else "",
        "My Rating": 0,
        "Average Rating": listing.mean_stars,
        "Publisher": listing.details.imprint,
        "Binding": "ebook",
        "Year Published": listing.published_at.year,
        "Date Added": _day(added),
        "Exclusive Shelf": _SHELVES[ReadingStatus.WANT],
        "Read Count": 0,
        "Owned Copies": 0,
    }


def _number(listing: Listing) -> str:
    return f", #{listing.series_number}" if listing.series_number else ""


def _last_first(name: str) -> str:
    first, space, last = name.rpartition(" ")
    return f"{last}, {first}" if space else name


def _day(day: date | None) -> str:
    return f"{day:%Y/%m/%d}" if day is not None else ""
