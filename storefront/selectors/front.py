"""The shop's front page. Every place on it is one of a ranking, of a turn, or by date: none can be bought."""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass, field

from django.db import connection
from django.utils.functional import Promise

from publishing import thema
from storefront.models import Listing
from storefront.recompute_ranking import showing
from storefront.selectors.browse import on_sale
from storefront.selectors.cards import Card, card_markup, price_of
from storefront.selectors.catalogue import ShopState, Turn
from storefront.selectors.shelves import FrontShelf, front_shelves

_LENGTH = 6
_SHELF_LENGTH = 6
# Books that have just left the shop leave gaps in a ranking until it is made anew: some more are looked at.
_SPARE = 6
_RANKED = ("rising", "bestselling", "rated")
_FIELDS = "id, slug, title, byline, cover, prices, open_in, description, card_html"


@dataclass(frozen=True, slots=True)
class PlacedListing:
    """A listing with its place in a ranking."""

    listing: Listing
    place: int


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

    featured: Listing | None = None
    is_favourite: bool = False
    fresh: list[Card] = field(default_factory=list)
    rising: list[Card] = field(default_factory=list)
    bestselling: list[PlacedListing] = field(default_factory=list)
    curated: list[FrontShelf] = field(default_factory=list)


def front_page(state: ShopState) -> FrontPage:
    """What the front page shows above its shelves of subjects, in two queries beside the one for the shop's state."""
    found = _placed(state)
    favourite, fresh = found["rated"][:1], _in_turn(state.turn, found["fresh"])
    return FrontPage(
        featured=next((one.listing for one in [*favourite, *fresh]), None),
        is_favourite=bool(favourite),
        fresh=[_card(one) for one in fresh],
        rising=[_card(one) for one in found["rising"][:_LENGTH]],
        bestselling=found["bestselling"][:_LENGTH],
        curated=front_shelves(),
    )


def _placed(state: ShopState) -> dict[str, list[PlacedListing]]:
    """The first books of each ranking, and those whose turn it is, as far as they are on sale now."""
    parts, values = [], list[object]()
    if state.turn and state.turn.books:
        seats = showing(state.turn.number, state.turn.books, state.turn.seats)
        marks = ", ".join(["%s"] * len(seats))
        parts.append(
            "SELECT 'fresh' AS shelf, place, listing_id FROM storefront_freshbook "  # noqa: S608 # placeholders only
            f"WHERE day_id = %s AND place IN ({marks})"
        )
        values += [state.turn.day_id, *seats]
    for shelf in _RANKED:
        parts.append(
            f"SELECT '{shelf}' AS shelf, {shelf}_place AS place, listing_id FROM storefront_rankedbook "  # noqa: S608
            f"WHERE snapshot_id = %s AND {shelf}_place <= %s"
        )
        values += [state.ranking, _LENGTH + _SPARE]
    columns = ", ".join(f"listing.{name}" for name in _FIELDS.split(", "))
    statement = (
        f"SELECT {columns}, places.shelf, places.place FROM ({' UNION ALL '.join(parts)}) AS places "  # noqa: S608
        "JOIN storefront_listing listing ON listing.id = places.listing_id "
        "WHERE listing.is_on_sale AND NOT listing.is_adult ORDER BY places.place"
    )
    found: dict[str, list[PlacedListing]] = defaultdict(list)
    for row in Listing.objects.raw(statement, values):
        found[row.shelf].append(PlacedListing(row, row.place))  # type: ignore[attr-defined]
    return found


def _in_turn(turn: Turn | None, books: list[PlacedListing]) -> list[PlacedListing]:
    """In the order of their seats, which begins anew after the last of the day's books."""
    if turn is None:
        return []
    seats = showing(turn.number, turn.books, turn.seats) if turn.books else []
    return sorted(books, key=lambda one: seats.index(one.place))


def _card(one: PlacedListing) -> Card:
    listing = one.listing
    markup = card_markup(listing.card_html, price_of(listing), open_in=listing.open_in)
    return Card(listing.slug, markup, one.place)


def subject_shelves() -> list[Shelf]:
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
