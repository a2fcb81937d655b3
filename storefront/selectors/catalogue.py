"""Lists of the shop: the front page's shelves and the catalogue's pages by keyset. No COUNT, no OFFSET."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db import connection
from django.db.models import Q, QuerySet
from django.utils.functional import Promise

from publishing.models import Subject
from storefront.models import Catalogue, Listing
from storefront.selectors.cards import Card, cards_from

PAGE_SIZE = 24
_NEW_LENGTH = 10
_BEST_LENGTH = 6
_SHELF_LENGTH = 6
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
_LARGEST = 10**16  # microseconds until the year 2286
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
# What a list needs of a row, the big texts left behind.
_CARD_FIELDS = ("slug", "card_html", "price_minor", "is_open_price")


def catalogue() -> Catalogue:
    """The row about the whole shop: its version and its languages."""
    return Catalogue.objects.filter(pk=1).first() or Catalogue()


# ---------------------------------------------------------------- the front page


@dataclass(frozen=True, slots=True)
class ShelfBook:
    slug: str
    title: str
    byline: str
    cover: str  # public file name, "" for none


@dataclass(frozen=True, slots=True)
class Shelf:
    subject: str
    label: str | Promise
    books: list[ShelfBook]


@dataclass(frozen=True, slots=True)
class FrontPage:
    """`featured` is the best rated of the bestsellers: no place on this page can be bought."""

    featured: Listing | None
    newest: list[Card]
    bestsellers: list[Listing]
    shelves: list[Shelf]


def front_page() -> FrontPage:
    """Everything the front page shows, in three queries."""
    newest = list(_newest(Listing.objects.on_sale()).only(*_CARD_FIELDS)[:_NEW_LENGTH])
    fields = ("slug", "title", "byline", "cover", "price_minor", "is_open_price", "description", "rating_score")
    best = list(Listing.objects.on_sale().only(*fields).order_by("-sales_count", "-id")[: _BEST_LENGTH + 1])
    featured = max(best, key=lambda row: (row.rating_score, -best.index(row)), default=None)
    return FrontPage(
        featured=featured,
        newest=cards_from(newest, eager=0),
        bestsellers=[row for row in best if row is not featured][:_BEST_LENGTH],
        shelves=_shelves(),
    )


def _shelves() -> list[Shelf]:
    """The newest books of every subject: one statement, each part answered by the index of its order."""
    part = """
        SELECT * FROM (SELECT subject, slug, title, byline, cover FROM storefront_listing
        WHERE is_on_sale AND subject = %s ORDER BY published_at DESC, id DESC LIMIT %s) AS part"""
    parameters = [value for subject in Subject.values for value in (subject, _SHELF_LENGTH)]
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join([part] * len(Subject.values)), parameters)
        rows = cursor.fetchall()
    books: dict[str, list[ShelfBook]] = {}
    for subject, slug, title, byline, cover in rows:
        names = json.loads(cover) if isinstance(cover, str) else cover  # a driver may have read the JSON already
        books.setdefault(subject, []).append(ShelfBook(slug, title, byline, names.get("160-webp", "")))
    return [Shelf(value, label, books[value]) for value, label in Subject.choices if value in books]


# ---------------------------------------------------------------- the catalogue


@dataclass(frozen=True, slots=True)
class Filters:
    """What a catalogue address asks for. Unknown values count as not given. Prices in minor units."""

    subject: str = ""
    language: str = ""
    price: str = ""  # "free", "5", "10": at most so many whole units of the default currency
    sort: str = "newest"
    after: str = ""

    @property
    def is_filtered(self) -> bool:
        return bool(self.subject or self.language or self.price)


@dataclass(frozen=True, slots=True)
class CataloguePage:
    cards: list[Card]
    next_cursor: str  # "" at the end


_SORTS = {"newest": "published_at", "bestselling": "sales_count", "rating": "rating_score"}
SORTS = tuple(_SORTS)
PRICES = {"free": 0, "5": 500, "10": 1000}


def catalogue_page(filters: Filters) -> CataloguePage:
    """One page of cards in one query, however deep."""
    column = _SORTS.get(filters.sort, "published_at")
    rows = _filtered(Listing.objects.on_sale(), filters)
    cursor = _parse_cursor(filters.after)
    if cursor is not None:
        value: int | datetime = cursor[0]
        if column == "published_at":
            value = _EPOCH + timedelta(microseconds=cursor[0])
        # The range bounds the index scan; the exclusion settles ties.
        rows = rows.filter(**{f"{column}__lte": value}).exclude(Q(**{column: value}) & Q(pk__gte=cursor[1]))
    page = list(rows.only(*_CARD_FIELDS, column).order_by(f"-{column}", "-id")[: PAGE_SIZE + 1])
    return CataloguePage(
        cards=cards_from(page[:PAGE_SIZE]),
        next_cursor=_cursor(page[PAGE_SIZE - 1], column) if len(page) > PAGE_SIZE else "",
    )


def listings_by_author(author_public_id: str) -> QuerySet[Listing]:
    """What a person made, newest first."""
    mine = Listing.objects.on_sale().filter(work__contributors__user__public_id=author_public_id)
    return _newest(mine.distinct()).only(*_CARD_FIELDS, "published_at")


def _newest(listings: QuerySet[Listing]) -> QuerySet[Listing]:
    return listings.order_by("-published_at", "-id")


def _filtered(listings: QuerySet[Listing], filters: Filters) -> QuerySet[Listing]:
    if filters.subject in Subject.values:
        listings = listings.filter(subject=filters.subject)
    if filters.language:
        listings = listings.filter(language=filters.language)
    if filters.price in PRICES:
        listings = listings.filter(price_minor__lte=PRICES[filters.price])
    return listings


def _cursor(row: Listing, column: str) -> str:
    value = getattr(row, column)
    number = (value - _EPOCH) // timedelta(microseconds=1) if isinstance(value, datetime) else value
    return f"{_base36(number)}-{_base36(row.pk)}"


def _parse_cursor(text: str) -> tuple[int, int] | None:
    """The sort value and key a page ended at; None for a cursor nobody gave out, which shows the first page."""
    value, dash, key = text.partition("-")
    try:
        numbers = int(value, 36), int(key, 36)
    except ValueError:
        return None
    return numbers if dash and 0 <= numbers[0] < _LARGEST and 0 <= numbers[1] < _LARGEST else None


def _base36(number: int) -> str:
    digits = ""
    while True:
        number, rest = divmod(number, 36)
        digits = _DIGITS[rest] + digits
        if not number:
            return digits
