"""The catalogue's pages, filtered by facets, with keyset pagination: no COUNT, no OFFSET.

A page scans the index of its sort order and skips books that do not match, which is fast while many match. If few
match, PostgreSQL finds them by the index over all facets and sorts them. How many match is known from the counts beside
the filters (`storefront.catalogue.selectors.facet_counts`).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.postgres.search import SearchQuery, SearchVectorField
from django.db import connection
from django.db.models import F, Func, Q, QuerySet, Subquery
from django.db.models.lookups import GreaterThan

from accounts import regions
from common import clock
from publishing import thema
from publishing.models import Promotion
from storefront.catalogue import facets
from storefront.catalogue.models import Listing, RankingSnapshot
from storefront.catalogue.models.listing import ListingQuerySet
from storefront.catalogue.selectors import cursors
from storefront.catalogue.selectors.cards import CARD_FIELDS, Card, cards_from, cards_in_places

PAGE_SIZE = 24
_TAG = re.compile(r"[A-Za-z0-9]+(-[A-Za-z0-9]+)*")  # the shape of BCP 47
# If more books match than these, scanning the index in sort order is faster than sorting them all.
_MAX_SORTED = 5000

_SORTS = {"newest": "published_at", "bestselling": "sales_count", "rating": "rating_score"}
# Sorted by place in the current ranking; books without a place are not listed.
_RISING = "rising"
SORTS = ("newest", _RISING, *list(_SORTS)[1:])


@dataclass(frozen=True, slots=True)
class Filters:
    """The filters of a catalogue URL. Values are those of `storefront.catalogue.facets`; unknown ones are ignored.

    `subject` is a Thema section or subject; `language` is a tag, or a language for all of its tags. A book must have
    all `features` and none of the warnings in `without`. Books for adults are left out unless `with_adult`. `query` is
    the search text (`storefront.search`), which lists without a search ignore.
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
        """Return the same filters without unknown values."""
        return replace(
            self,
            subject=self.subject if self.subject in thema.SECTIONS or self.subject in thema.SUBJECTS else "",
            language=self.language if _TAG.fullmatch(self.language) else "",
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


def catalogue_page(filters: Filters, *, books: int) -> CataloguePage:
    """Return one page with one query, however deep. `books` is how many match the (known) filters."""
    if filters.sort == _RISING:
        return _rising_page(filters)
    column = _SORTS[filters.sort]
    rows = matching_listings(filters).only(*CARD_FIELDS, column).order_by(f"-{column}", "-pk")
    if books < _MAX_SORTED and connection.vendor == "postgresql" and not _has_order_of_its_own(filters):
        rows = rows.filter(pk__in=_by_facets(filters))
    cursor = cursors.parsed(filters.after)
    if cursor is not None:
        value = cursors.moment(cursor[0]) if column == "published_at" else cursor[0]
        rows = cursors.rows_after(rows, column, value, cursor[1])
    found = list(rows[: PAGE_SIZE + 1])
    return CataloguePage(cards_from(found[:PAGE_SIZE]), _next_cursor(found, column))


def _next_cursor(found: Sequence[Listing], column: str) -> str:
    if len(found) <= PAGE_SIZE:
        return ""
    last = found[PAGE_SIZE - 1]
    value = getattr(last, column)
    return cursors.text(cursors.microseconds(value) if isinstance(value, datetime) else value, last.pk)


def _rising_page(filters: Filters) -> CataloguePage:
    """Return one page, sorted by place.

    If the ranking changes between two pages, the second begins after the last place of the first.
    """
    cursor = cursors.parsed(filters.after)
    latest = Subquery(RankingSnapshot.objects.values("pk")[:1])
    rows = matching_listings(filters).annotate(place=F("ranked__rising_place"), snapshot=F("ranked__snapshot"))
    rows = rows.filter(snapshot=latest, place__gt=cursor[0] if cursor else 0).only(*CARD_FIELDS).order_by("place")
    found: list[Any] = list(rows[: PAGE_SIZE + 1])  # listings with their annotations
    shown = found[:PAGE_SIZE]
    more = cursors.text(shown[-1].place, shown[-1].snapshot) if len(found) > PAGE_SIZE else ""
    return CataloguePage(cards_in_places(shown, [row.place for row in shown]), more)


def _has_order_of_its_own(filters: Filters) -> bool:
    """Return whether an index has exactly these books in order: all books, those on a subject, or in a language."""
    is_narrower = filters.price or filters.length or filters.format or filters.features
    return not is_narrower and not (filters.subject and filters.language)


def _by_facets(filters: Filters) -> QuerySet[Any, Any]:
    """Return the listings that have the filters' words in the index over all facets.

    The words know list prices only, so with a price those are added that a promotion makes as cheap.
    """
    vector = Func(F("facet_words"), template="to_tsvector('simple', %(expressions)s)", output_field=SearchVectorField())
    query = SearchQuery(" & ".join(filter_tokens(filters)), config="simple", search_type="raw")
    found = Listing.objects.alias(vector=vector).filter(vector=query).values("pk")
    if not filters.price:
        return found
    return found.union(Listing.objects.filter(promoted_to(facets.PRICES[filters.price])).values("pk"))


def promoted_to(limit_minor: int) -> Q:
    """Return the condition that a running promotion makes the book cost this much or less, in the shop's default
    currency, for readers in the page's region."""
    at, country = clock.now(), regions.current().country
    running = Promotion.objects.running_at(at).filter(currency=settings.DEFAULT_CURRENCY, price_minor__lte=limit_minor)
    cheaper = Q(work__in=running.values("work")) & ~Q(open_in__contains=settings.DEFAULT_CURRENCY)
    if not country:
        return cheaper
    given_away = Q(work__in=running.filter(price_minor=0).values("work"), fixed_in__contains=country)
    return cheaper & ~given_away


def _costs_at_most(price: str) -> Q:
    return Q(price_band__lte=list(facets.PRICES).index(price)) | promoted_to(facets.PRICES[price])


def matching_listings(filters: Filters) -> ListingQuerySet:
    """Return the books on sale that match known filters."""
    rows = Listing.objects.on_sale()
    if filters.subject:
        rows = rows.filter(**{"section" if filters.subject in thema.SECTIONS else "subject": filters.subject})
    if filters.language:
        rows = rows.in_language(filters.language)
    if filters.price:
        rows = rows.filter(_costs_at_most(filters.price))
    if filters.length:
        rows = rows.filter(length_band=list(facets.LENGTHS).index(filters.length))
    if filters.format:
        rows = rows.filter(_has("formats", [filters.format], facets.FORMATS))
    for feature in filters.features:
        rows = rows.filter(_has("features", [feature], facets.FEATURES))
    if filters.without:
        rows = rows.filter(~_has("warnings", filters.without, facets.WARNINGS))
    return rows if filters.with_adult else rows.filter(is_adult=False)


def _has(column: str, values: Sequence[str], of: Collection[str]) -> Q:
    """Return a condition that a bit set has one of the values.

    It is an inequality because PostgreSQL estimates that this keeps a third of the books, but that an equality keeps
    none.
    """
    return Q(GreaterThan(F(column).bitand(facets.bits(values, of)), 0))


def filter_tokens(filters: Filters) -> list[str]:
    """Return the words to look up in the index over all facets; warnings are filtered afterwards."""
    return facets.tokens(
        subject=filters.subject,
        language=filters.language,
        price=list(facets.PRICES).index(filters.price) if filters.price else None,
        length=list(facets.LENGTHS).index(filters.length) if filters.length else None,
        formats=facets.bits([filters.format], facets.FORMATS),
        features=facets.bits(filters.features, facets.FEATURES),
    )
