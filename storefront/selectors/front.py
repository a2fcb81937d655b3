"""The shop's front page. Every place on it is one of a ranking, of a turn, or by date: none can be bought."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

from django.utils.functional import Promise

from common.rows import Rows, read_rows
from publishing import thema
from storefront.selectors.browse import on_sale
from storefront.selectors.cards import Card, CardRow, StoredPrices, cards_in_places, prices_of
from storefront.selectors.catalogue import ShopState, Turn
from storefront.selectors.shelves import FrontShelf, front_shelves_of, rows_of_front_shelves

_LENGTH = 6
_SHELF_LENGTH = 6
# Books that have just left the shop leave gaps in a ranking until it is made anew: some more are looked at.
_SPARE = 6
_RANKED = ("rising", "bestselling", "rated")
_FIELDS = "slug, title, byline, language, cover, prices, open_in, description, card_html"


@dataclass(frozen=True, slots=True)
class FrontBook:
    """What the front page says of a book, with its place in a ranking. Fields are a listing's."""

    place: int
    slug: str
    title: str
    byline: str
    language: str
    cover: Mapping[str, str]
    prices: StoredPrices
    open_in: str | None
    description: str
    card_html: str


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
    """`featured` is the best rated book; while none is rated, a new one, and `is_favourite` is false."""

    featured: FrontBook | None = None
    is_favourite: bool = False
    fresh: list[Card] = field(default_factory=list)
    rising: list[Card] = field(default_factory=list)
    bestselling: list[FrontBook] = field(default_factory=list)
    curated: list[FrontShelf] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class FrontRows:
    """All that is read for a front page: the books of its rankings and turns, those of readers' shelves."""

    turn: Turn | None
    placed: Rows
    curated: Rows


def front_rows(state: ShopState) -> FrontRows:
    """In two queries beside the one for the shop's state."""
    return FrontRows(state.turn, _rows_placed(state), rows_of_front_shelves())


def front_page(read: FrontRows) -> FrontPage:
    """What the front page shows above its shelves of subjects."""
    found: dict[str, list[FrontBook]] = defaultdict(list)
    for shelf, place, slug, title, byline, language, cover, prices, open_in, description, html in read.placed:
        names, asked = json.loads(cover), prices_of(prices)
        found[shelf].append(FrontBook(place, slug, title, byline, language, names, asked, open_in, description, html))
    favourite, fresh = found["rated"][:1], found["fresh"]
    return FrontPage(
        featured=next(iter([*favourite, *fresh]), None),
        is_favourite=bool(favourite),
        fresh=_cards(fresh),
        rising=_cards(found["rising"][:_LENGTH]),
        bestselling=found["bestselling"][:_LENGTH],
        curated=front_shelves_of(read.curated),
    )


def _rows_placed(state: ShopState) -> Rows:
    """The first books of each ranking, and those whose turn it is, as far as they are on sale now."""
    parts, values = [], list[str | int]()
    if state.turn and state.turn.books:
        first = state.turn.number * state.turn.seats
        parts.append(
            "SELECT 'fresh' AS shelf, place, listing_id FROM storefront_freshbook "
            "WHERE day_id = %s AND place >= %s AND place < %s"
        )
        values += [state.turn.day_id, first, first + state.turn.seats]
    for shelf in _RANKED:
        parts.append(
            f"SELECT '{shelf}' AS shelf, {shelf}_place AS place, listing_id FROM storefront_rankedbook "  # noqa: S608
            f"WHERE snapshot_id = %s AND {shelf}_place <= %s"
        )
        values += [state.listed.ranking, _LENGTH + _SPARE]
    columns = ", ".join(f"listing.{name}" for name in _FIELDS.split(", "))
    statement = (
        f"SELECT places.shelf, places.place, {columns} FROM ({' UNION ALL '.join(parts)}) AS places "  # noqa: S608
        "JOIN storefront_listing listing ON listing.id = places.listing_id "
        "WHERE listing.is_on_sale AND NOT listing.is_adult ORDER BY places.place"
    )
    return read_rows(statement, values)


def _cards(books: list[FrontBook]) -> list[Card]:
    rows = [CardRow(one.slug, one.card_html, one.prices, one.open_in) for one in books]
    return cards_in_places(rows, [one.place for one in books], eager=0)


def subject_shelves() -> list[Shelf]:
    """The newest books of every section: one statement, each part answered by the index of its order."""
    part = f"""
        SELECT * FROM (SELECT section, slug, title, byline, cover FROM storefront_listing
        WHERE {on_sale()} AND NOT is_adult AND section = %s ORDER BY published_at DESC, id DESC LIMIT %s) AS part
        """  # noqa: S608 - our own words
    parameters = [value for section in thema.SECTIONS for value in (section, _SHELF_LENGTH)]
    rows = read_rows(" UNION ALL ".join([part] * len(thema.SECTIONS)), parameters)
    books: dict[str, list[ShelfBook]] = {}
    for section, slug, title, byline, cover in rows:
        names = json.loads(cover) if isinstance(cover, str) else cover  # a driver may have read the JSON already
        books.setdefault(section, []).append(ShelfBook(slug, title, byline, names.get("160-webp", "")))
    return [Shelf(value, label, books[value]) for value, label in thema.SECTIONS.items() if value in books]
