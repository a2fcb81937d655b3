"""The catalogue for machines: in the order of its changes, in ranges of keys, and as short lists of what is new.

However large the shop is, each answer is a number of short queries by key; nothing is counted off and no query stays
open while a slow client reads.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, F, Max, OuterRef, Q, QuerySet
from django.db.models.expressions import CombinedExpression

from accounts.models import User
from publishing import thema
from publishing.models import Contributor, Series
from storefront.models import FacetTotal, Listing, SearchDocument, Shelf, ShelfBook
from storefront.search.backend import AUTHOR, SERIES
from storefront.selectors import cursors
from storefront.selectors.bundles import bundles_shown
from storefront.selectors.catalogue import listings_by_author

RECORDS_A_MESSAGE = 10_000
ADDRESSES_A_SITEMAP = 50_000  # the most that sitemaps.org allows
ENTRIES_A_FEED = 30
_BATCH = 500
_ENTRY_FIELDS = (
    "slug", "title", "byline", "language", "subject", "description", "cover", "published_at", "changed_at",
    "work__public_id",
)  # fmt: skip


# ---------------------------------------------------------------- changes


@dataclass(frozen=True, slots=True)
class Changes:
    """Listings in the order they changed. `next_cursor` is where the following message begins, "" at the end."""

    listings: Iterator[Listing]
    next_cursor: str


def changes(*, since: datetime | None, after: str) -> Changes:
    """At most a message of listings that changed from `since` on, or behind the cursor `after`.

    Without `since`, only what is on sale; with it, also what was withdrawn.
    """
    known = Listing.objects.filter(changed_at__gte=since) if since else Listing.objects.on_sale()
    rows = _behind(known, cursors.parsed(after)).order_by("changed_at", "pk")
    last = list(rows.values_list("changed_at", "pk")[RECORDS_A_MESSAGE - 1 : RECORDS_A_MESSAGE + 1])
    next_cursor = cursors.text(cursors.microseconds(last[0][0]), last[0][1]) if len(last) == 2 else ""
    return Changes(_in_batches(rows), next_cursor)


def _in_batches(rows: QuerySet[Listing]) -> Iterator[Listing]:
    wanted = rows.select_related("work")
    rest, cursor = RECORDS_A_MESSAGE, None
    while rest:
        size = min(_BATCH, rest)
        batch = list(_behind(wanted, cursor)[:size])
        yield from batch
        if len(batch) < size:
            return
        rest -= size
        cursor = (cursors.microseconds(batch[-1].changed_at), batch[-1].pk)


def _behind(rows: QuerySet[Listing], cursor: tuple[int, int] | None) -> QuerySet[Listing]:
    if cursor is None:
        return rows
    moment = cursors.moment(cursor[0])
    # The range bounds the index scan; the exclusion settles ties.
    return rows.filter(changed_at__gte=moment).exclude(Q(changed_at=moment) & Q(pk__lte=cursor[1]))


def record(slug: str) -> Listing | None:
    """A listing on sale with its work."""
    return Listing.objects.on_sale().select_related("work").filter(slug=slug).first()


# ---------------------------------------------------------------- sitemaps


@dataclass(frozen=True, slots=True)
class Range:
    """Addresses whose keys lie between `number` times the size of a sitemap and the next."""

    kind: str
    number: int
    changed_at: datetime | None


@dataclass(frozen=True, slots=True)
class Place:
    """`name` is what the address of the kind needs: a slug or a public id."""

    name: str
    changed_at: datetime | None


def sitemap_ranges() -> list[Range]:
    """Those that hold anything."""
    number = _number("pk")
    books = Listing.objects.on_sale().values(number=number).annotate(last=Max("changed_at")).order_by("number")
    authors = Contributor.objects.filter(work__listing__is_on_sale=True, is_on_page=True).exclude(user=None)
    series = Listing.objects.on_sale().exclude(series=None)
    shelves = _shelves_shown().values(number=number).annotate(last=Max("changed_at")).order_by("number")
    return [
        *(Range("books", row["number"], row["last"]) for row in books),
        *(Range("authors", one, None) for one in _numbers(authors.values_list(_number("user_id")))),
        *(Range("series", one, None) for one in _numbers(series.values_list(_number("series_id")))),
        *(Range("shelves", row["number"], row["last"]) for row in shelves),
    ]


def _number(key: str) -> CombinedExpression:
    return F(key) / ADDRESSES_A_SITEMAP


def _numbers(rows: QuerySet[Any, tuple[int]]) -> list[int]:
    return sorted(one for (one,) in rows.order_by().distinct())


def sitemap_places(kind: str, number: int) -> Iterator[Place]:
    """What one range holds, by key. Raises KeyError for a kind there is not."""
    first = number * ADDRESSES_A_SITEMAP
    return _PLACES[kind](first, first + ADDRESSES_A_SITEMAP)


def _books(first: int, end: int) -> Iterator[Place]:
    rows = Listing.objects.on_sale().filter(pk__gte=first, pk__lt=end).order_by("pk")
    return (Place(slug, changed) for slug, changed in rows.values_list("slug", "changed_at"))


def _authors(first: int, end: int) -> Iterator[Place]:
    made = Contributor.objects.filter(user=OuterRef("pk"), work__listing__is_on_sale=True, is_on_page=True)
    rows = User.objects.filter(Exists(made), pk__gte=first, pk__lt=end, is_active=True).order_by("pk")
    return (Place(public_id, None) for public_id in rows.values_list("public_id", flat=True))


def _series(first: int, end: int) -> Iterator[Place]:
    books = Listing.objects.on_sale().filter(series=OuterRef("pk"))
    rows = Series.objects.filter(Exists(books), pk__gte=first, pk__lt=end).order_by("pk")
    return (Place(slug, None) for slug in rows.values_list("slug", flat=True))


def _shelves(first: int, end: int) -> Iterator[Place]:
    rows = _shelves_shown().filter(pk__gte=first, pk__lt=end).order_by("pk")
    return (Place(slug, changed) for slug, changed in rows.values_list("slug", "changed_at"))


def _shelves_shown() -> QuerySet[Shelf]:
    """Public ones with a book that their pages show."""
    shown = ShelfBook.objects.filter(
        shelf=OuterRef("pk"), removed_at=None, work__listing__is_on_sale=True, work__listing__is_adult=False
    )
    return Shelf.objects.public().filter(Exists(shown))


_PLACES = {"books": _books, "authors": _authors, "series": _series, "shelves": _shelves}


def subjects_with_books() -> list[str]:
    """Thema sections and subjects whose lists hold something for everybody, in Thema's order."""
    kept = FacetTotal.objects.filter(facets="subject", is_adult=False, books__gt=0).values_list("first", flat=True)
    found = {one for code in kept for one in (code, thema.section(code))}
    return [code for code in (*thema.SECTIONS, *thema.SUBJECTS) if code in found]


def lists_with_anything() -> list[str]:
    """Of the lists of authors, series, bundles and shelves those that hold something."""
    named = SearchDocument.objects.all()
    there: dict[str, QuerySet[Any]] = {
        "author-list": named.filter(kind=AUTHOR),
        "series-list": named.filter(kind=SERIES),
        "bundles-on-sale": bundles_shown(),
        "shelves": Shelf.objects.public().filter(books_count__gt=0),
    }
    return [name for name, rows in there.items() if rows.exists()]


def bundle_slugs() -> list[str]:
    """Of all bundles that the list of them shows."""
    return list(bundles_shown().order_by("pk").values_list("slug", flat=True))


# ---------------------------------------------------------------- what is new


def newest(*, subject: str = "", language: str = "") -> list[Listing]:
    """The books that went on sale last, of a Thema section or subject, of a language (as lists do); none for adults."""
    rows = Listing.objects.on_sale().filter(is_adult=False)
    if subject:
        rows = rows.filter(**{"section" if subject in thema.SECTIONS else "subject": subject})
    return _entries(rows.in_language(language) if language else rows)


def newest_by(author: str) -> list[Listing]:
    """What a person (public id) published last; nothing for adults."""
    return _entries(listings_by_author(author).filter(is_adult=False))


def newest_of_series(series: Series) -> list[Listing]:
    """The series' books that went on sale last; none for adults."""
    return _entries(Listing.objects.on_sale().filter(series=series, is_adult=False))


def _entries(rows: QuerySet[Listing]) -> list[Listing]:
    rows = rows.select_related("work").only(*_ENTRY_FIELDS).order_by("-published_at", "-id")
    return list(rows[:ENTRIES_A_FEED])
