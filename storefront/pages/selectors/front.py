"""The data of the front page. Books are placed by ranking, by turn, or by date: nobody can buy a place."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.db.models import F
from django.utils.functional import Promise

from publishing import thema
from storefront.catalogue.models import FreshBook, Listing, RankedBook
from storefront.catalogue.selectors.cards import CARD_FIELDS, Card, cards_in_places
from storefront.catalogue.selectors.shop_state import ShopState, Turn

_LENGTH = 6
_SHELF_LENGTH = 6
# Books withdrawn since the last ranking leave gaps, so a few more are loaded.
_SPARE = 6
_FIELDS = tuple(f"listing__{name}" for name in (*CARD_FIELDS, "description"))
_SHOWN = {"listing__is_on_sale": True, "listing__is_adult": False}


@dataclass(frozen=True, slots=True)
class RankedListing:
    """A book with its place in a ranking."""

    place: int
    listing: Listing


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
    """`featured` is the best rated book. If none is rated yet, it is a new one, and `is_favourite` is False."""

    featured: Listing | None = None
    is_favourite: bool = False
    fresh: list[Card] = field(default_factory=list)
    rising: list[Card] = field(default_factory=list)
    bestselling: list[RankedListing] = field(default_factory=list)


def front_page(shop: ShopState) -> FrontPage:
    """Return what the front page shows above its subject shelves, in at most four queries."""
    rated, fresh = _ranked(shop, "rated", most=1), _on_turn(shop.turn)
    return FrontPage(
        featured=next((one.listing for one in [*rated, *fresh]), None),
        is_favourite=bool(rated),
        fresh=_cards(fresh),
        rising=_cards(_ranked(shop, "rising")),
        bestselling=_ranked(shop, "bestselling"),
    )


def _ranked(shop: ShopState, shelf: str, *, most: int = _LENGTH) -> list[RankedListing]:
    """Return the first books of a ranking that are on sale now."""
    rows = RankedBook.objects.filter(snapshot=shop.listed.ranking, **_SHOWN).annotate(place=F(f"{shelf}_place"))
    rows = rows.filter(place__lte=_LENGTH + _SPARE).select_related("listing").only(*_FIELDS).order_by("place")
    return [RankedListing(row.place, row.listing) for row in rows[:most]]


def _on_turn(turn: Turn | None) -> list[RankedListing]:
    """Return the books whose turn it is."""
    if turn is None or not turn.books:
        return []
    first = turn.number * turn.seats
    rows = FreshBook.objects.filter(day=turn.day_id, place__gte=first, place__lt=first + turn.seats, **_SHOWN)
    rows = rows.select_related("listing").only("place", *_FIELDS).order_by("place")
    return [RankedListing(row.place, row.listing) for row in rows]


def _cards(books: list[RankedListing]) -> list[Card]:
    return cards_in_places([one.listing for one in books], [one.place for one in books], eager=0)


def anything_on_sale() -> bool:
    """Return whether the front page has a book to show."""
    return Listing.objects.on_sale().filter(is_adult=False).exists()


def subject_shelves() -> list[Shelf]:
    """Return the newest books of every section, with a short query for each, answered by the index of its order."""
    found = [Shelf(section, label, _newest(section)) for section, label in thema.SECTIONS.items()]
    return [shelf for shelf in found if shelf.books]


def _newest(section: str) -> list[ShelfBook]:
    rows = Listing.objects.on_sale().filter(is_adult=False, section=section).order_by("-published_at", "-pk")
    found = rows.values_list("slug", "title", "byline", "cover")[:_SHELF_LENGTH]
    return [ShelfBook(slug, title, byline, cover.get("160-webp", "")) for slug, title, byline, cover in found]
