"""The contents of sitemaps, in ranges of keys.

However large the shop is, each sitemap is a short query by key, without offsets.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, F, Max, OuterRef, QuerySet
from django.db.models.expressions import CombinedExpression

from accounts.models import User
from publishing import thema
from publishing.models import Contributor, Series
from storefront.catalogue.models import Listing
from storefront.catalogue.selectors.bundles import public_bundles
from storefront.community.models import Shelf, ShelfBook
from storefront.in_progress import selectors as showings
from storefront.search.backend import AUTHOR, SERIES
from storefront.search.models import SearchDocument

ADDRESSES_A_SITEMAP = 50_000  # the maximum that sitemaps.org allows


# ---------------------------------------------------------------- sitemaps


@dataclass(frozen=True, slots=True)
class Range:
    """One sitemap: keys from `number` times the size of a sitemap up to the next multiple."""

    kind: str
    number: int
    changed_at: datetime | None


@dataclass(frozen=True, slots=True)
class Place:
    """One URL. `name` is what the URL of its kind needs: a slug or a public id."""

    name: str
    changed_at: datetime | None


def sitemap_ranges() -> list[Range]:
    """Return the ranges that are not empty."""
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
        *(Range("in-progress", one, None) for one in _numbers(showings.indexed().values_list(number))),
    ]


def _number(key: str) -> CombinedExpression:
    return F(key) / ADDRESSES_A_SITEMAP


def _numbers(rows: QuerySet[Any, tuple[int]]) -> list[int]:
    return sorted(one for (one,) in rows.order_by().distinct())


def sitemap_places(kind: str, number: int) -> Iterator[Place]:
    """Yield the contents of one range, by key. Raises KeyError for an unknown kind."""
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


def _in_progress(first: int, end: int) -> Iterator[Place]:
    rows = showings.indexed().filter(pk__gte=first, pk__lt=end).order_by("pk")
    return (Place(public_id, shown) for public_id, shown in rows.values_list("public_id", "shown_at"))


def _shelves_shown() -> QuerySet[Shelf]:
    """Return public shelves with at least one book that their pages show."""
    shown = ShelfBook.objects.filter(
        shelf=OuterRef("pk"), removed_at=None, work__listing__is_on_sale=True, work__listing__is_adult=False
    )
    return Shelf.objects.public().filter(Exists(shown))


_PLACES = {
    "books": _books,
    "authors": _authors,
    "series": _series,
    "shelves": _shelves,
    "in-progress": _in_progress,
}


def subjects_with_books() -> list[str]:
    """Return the Thema sections and subjects whose lists are not empty for everybody, in Thema's order."""
    listed = Listing.objects.on_sale().filter(is_adult=False).order_by().values_list("subject", flat=True).distinct()
    found = {one for code in listed for one in (code, thema.section(code))}
    return [code for code in (*thema.SECTIONS, *thema.SUBJECTS) if code in found]


def lists_with_anything() -> list[str]:
    """Return the URL names of the lists of authors, series, bundles and shelves that are not empty."""
    named = SearchDocument.objects.all()
    there: dict[str, QuerySet[Any]] = {
        "search:author-list": named.filter(kind=AUTHOR),
        "search:series-list": named.filter(kind=SERIES),
        "catalogue:bundles-on-sale": public_bundles(),
        "community:shelves": Shelf.objects.public().filter(books_count__gt=0),
    }
    return [name for name, rows in there.items() if rows.exists()]


def bundle_slugs() -> list[str]:
    """Return the slugs of the bundles that their list shows."""
    return list(public_bundles().order_by("pk").values_list("slug", flat=True))
