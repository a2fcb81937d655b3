"""The catalogue's pages by keyset, narrowed by facets. No COUNT, no OFFSET.

A page walks the index of its order and drops what does not fit, which is quick while a filter leaves many books. When
it leaves few, PostgreSQL finds those by the index over all facets and sorts them; how many it leaves is known from the
counts beforehand (`storefront.selectors.facet_counts`).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from django.db import connection
from django.db.models import F, Q, QuerySet
from django.db.models.expressions import RawSQL

from publishing import thema
from storefront import facets
from storefront.models import Listing
from storefront.selectors import cursors
from storefront.selectors.cards import CARD_FIELDS, Card, cards_from

PAGE_SIZE = 24
# Fewer books than these are found by the index over all facets.
_FEW = 2000

_SORTS = {"newest": "published_at", "bestselling": "sales_count", "rating": "rating_score"}
# By place of the ranking in force; books without one are not listed.
_RISING = "rising"
SORTS = ("newest", _RISING, *list(_SORTS)[1:])
_BY_FACETS = "SELECT id FROM storefront_listing WHERE to_tsvector('simple', facet_words) @@ to_tsquery('simple', %s)"


@dataclass(frozen=True, slots=True)
class Filters:
    """What a catalogue address asks for; values are words of `storefront.facets`, unknown ones count as not given.

    `subject` is a Thema section or subject. `features` must all be there, `without` are warnings none of which may
    be. Books for adults are left out unless `with_adult`. A `query` is words to search for (`selectors.search`), which
    lists without one do not look at.
    """

    subject: str = ""
    language: str = ""
    price: str = ""
    length: str = ""
    format: str = ""
    features: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    with_adult: bool = False
    sort: str = "newest"
    after: str = ""
    query: str = ""

    @property
    def is_filtered(self) -> bool:
        return any((self.subject, self.language, self.price, self.length, self.format, self.features, self.without))

    def known(self) -> Filters:
        """The same without what no facet knows."""
        return replace(
            self,
            subject=self.subject if self.subject in thema.SECTIONS or self.subject in thema.SUBJECTS else "",
            price=self.price if self.price in facets.PRICES else "",
            length=self.length if self.length in facets.LENGTHS else "",
            format=self.format if self.format in facets.FORMATS else "",
            features=tuple(one for one in facets.FEATURES if one in self.features),
            without=tuple(one for one in facets.WARNINGS if one in self.without),
            sort=self.sort if self.sort in SORTS else SORTS[0],
        )


@dataclass(frozen=True, slots=True)
class CataloguePage:
    cards: list[Card]
    next_cursor: str  # "" at the end


def catalogue_page(filters: Filters, *, books: int | None = None, ranking: int = 0) -> CataloguePage:
    """One page of cards in one query, however deep. `books` is how many fit the (known) filters, if that is known;
    `ranking` is the version of the rankings in force."""
    if filters.sort == _RISING:
        return _rising_page(filters, ranking)
    column = _SORTS[filters.sort]
    rows = narrowed(Listing.objects.on_sale(), filters)
    words = index_words(filters)
    if words and books is not None and books < _FEW and connection.vendor == "postgresql":
        rows = rows.filter(pk__in=RawSQL(_BY_FACETS, (" & ".join(words),)))  # noqa: S611 - our own words
    cursor = cursors.parsed(filters.after)
    if cursor is not None:
        value: int | datetime = cursor[0]
        if column == "published_at":
            value = cursors.moment(cursor[0])
        # The range bounds the index scan; the exclusion settles ties.
        rows = rows.filter(**{f"{column}__lte": value}).exclude(Q(**{column: value}) & Q(pk__gte=cursor[1]))
    page = list(rows.only(*CARD_FIELDS, column).order_by(f"-{column}", "-id")[: PAGE_SIZE + 1])
    return CataloguePage(
        cards=cards_from(page[:PAGE_SIZE]),
        next_cursor=_cursor(page[PAGE_SIZE - 1], column) if len(page) > PAGE_SIZE else "",
    )


def _rising_page(filters: Filters, ranking: int) -> CataloguePage:
    """By place. When the ranking is made anew between two pages, the second begins after the place the first ended."""
    rows = narrowed(Listing.objects.on_sale(), filters)
    # One filter for one join: the row of this ranking that has a place.
    cursor = cursors.parsed(filters.after)
    rows = rows.filter(ranked__snapshot=ranking, ranked__rising_place__gt=cursor[0] if cursor else 0)
    rows = rows.annotate(place=F("ranked__rising_place"))
    page = list(rows.only(*CARD_FIELDS).order_by("place")[: PAGE_SIZE + 1])
    places = [row.place for row in page[:PAGE_SIZE]]
    cards = zip(cards_from(page[:PAGE_SIZE]), places, strict=True)
    return CataloguePage(
        cards=[replace(card, place=place) for card, place in cards],
        next_cursor=cursors.text(places[-1], ranking) if len(page) > PAGE_SIZE else "",
    )


def narrowed(listings: QuerySet[Listing], filters: Filters) -> QuerySet[Listing]:
    """The listings that fit known filters."""
    if filters.subject:
        column = "section" if filters.subject in thema.SECTIONS else "subject"
        listings = listings.filter(**{column: filters.subject})
    if filters.language:
        listings = listings.filter(language=filters.language)
    if filters.price:
        listings = listings.filter(price_band__lte=list(facets.PRICES).index(filters.price))
    if filters.length:
        listings = listings.filter(length_band=list(facets.LENGTHS).index(filters.length))
    wanted = facets.bits([filters.format], facets.FORMATS)
    for column, needed in (("formats", wanted), ("features", facets.bits(filters.features, facets.FEATURES))):
        if needed:
            listings = listings.alias(**{f"has_{column}": F(column).bitand(needed)})
            listings = listings.filter(**{f"has_{column}": needed})
    if unwanted := facets.bits(filters.without, facets.WARNINGS):
        listings = listings.alias(warned=F("warnings").bitand(unwanted)).filter(warned=0)
    return listings if filters.with_adult else listings.filter(is_adult=False)


def index_words(filters: Filters) -> list[str]:
    """What the index over all facets is asked for; warnings are looked at afterwards."""
    return facets.tokens(
        subject=filters.subject,
        language=filters.language,
        price=list(facets.PRICES).index(filters.price) if filters.price else None,
        length=list(facets.LENGTHS).index(filters.length) if filters.length else None,
        formats=facets.bits([filters.format], facets.FORMATS),
        features=facets.bits(filters.features, facets.FEATURES),
    )


def _cursor(row: Listing, column: str) -> str:
    value = getattr(row, column)
    return cursors.text(cursors.microseconds(value) if isinstance(value, datetime) else value, row.pk)
