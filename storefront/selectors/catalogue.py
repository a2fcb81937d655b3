"""The shop as a whole: its front page's shelves, and what one person made."""

from __future__ import annotations

import json
from dataclasses import dataclass

from django.db import connection
from django.db.models import QuerySet
from django.utils.functional import Promise

from publishing import thema
from storefront.models import Listing
from storefront.selectors.browse import CARD_FIELDS, on_sale
from storefront.selectors.cards import Card, cards_from

_NEW_LENGTH = 10
_BEST_LENGTH = 6
_SHELF_LENGTH = 6


def version() -> int:
    """Rises whenever a listing changes; 0 in an empty shop."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT version FROM storefront_catalogue WHERE id = 1")
        row = cursor.fetchone()
    return int(row[0]) if row else 0


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


def front_page() -> FrontPage:
    """What the front page shows above its shelves, in two queries."""
    on_sale = Listing.objects.on_sale().filter(is_adult=False)
    newest = list(_newest(on_sale).only(*CARD_FIELDS)[:_NEW_LENGTH])
    fields = ("slug", "title", "byline", "cover", "price_minor", "is_open_price", "description", "rating_score")
    best = list(on_sale.only(*fields).order_by("-sales_count", "-id")[: _BEST_LENGTH + 1])
    featured = max(best, key=lambda row: (row.rating_score, -best.index(row)), default=None)
    return FrontPage(
        featured=featured,
        newest=cards_from(newest, eager=0),
        bestsellers=[row for row in best if row is not featured][:_BEST_LENGTH],
    )


def shelves() -> list[Shelf]:
    """The newest books of every section: one statement, each part answered by the index of its order."""
    part = f"""
        SELECT * FROM (SELECT section, slug, title, byline, cover FROM storefront_listing
        WHERE {on_sale()} AND NOT is_adult AND section = %s ORDER BY published_at DESC, id DESC LIMIT %s) AS part
        """  # noqa: S608 - our own words
    parameters = [value for section in thema.SECTIONS for value in (section, _SHELF_LENGTH)]
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join([part] * len(thema.SECTIONS)), parameters)
        rows = cursor.fetchall()
    books: dict[str, list[ShelfBook]] = {}
    for section, slug, title, byline, cover in rows:
        names = json.loads(cover) if isinstance(cover, str) else cover  # a driver may have read the JSON already
        books.setdefault(section, []).append(ShelfBook(slug, title, byline, names.get("160-webp", "")))
    return [Shelf(value, label, books[value]) for value, label in thema.SECTIONS.items() if value in books]


def listings_by_author(author_public_id: str) -> QuerySet[Listing]:
    """What a person made, newest first."""
    mine = Listing.objects.on_sale().filter(work__contributors__user__public_id=author_public_id)
    return _newest(mine.distinct()).only(*CARD_FIELDS, "published_at")


def _newest(listings: QuerySet[Listing]) -> QuerySet[Listing]:
    return listings.order_by("-published_at", "-id")
