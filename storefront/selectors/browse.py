"""The catalogue's pages by keyset, narrowed by facets. No COUNT, no OFFSET.

A page walks the index of its order and drops what does not fit, which is quick while filters leave many of the books
on its way. When they leave few, PostgreSQL finds them by the index over all facets and sorts; how many of how many
is known from the counts beforehand (`storefront.selectors.facet_counts`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from django.db import connection

from common.rows import read_rows
from publishing import thema
from storefront import facets
from storefront.selectors import cursors
from storefront.selectors.cards import CARD_FIELDS, Card, card_row, cards_from, cards_in_places
from storefront.selectors.catalogue import LATEST_RANKING, LISTED_STATE, ListedState

PAGE_SIZE = 24
_TAG = re.compile(r"[A-Za-z0-9]+(-[A-Za-z0-9]+)*")  # the shape of BCP 47
# Where more books than these would be met before a page is full, it is found by the index over all facets, unless so
# many fit that sorting them takes longer still.
_FAR = 5000
_MOST_SORTED = 5000

_SORTS = {"newest": "published_at", "bestselling": "sales_count", "rating": "rating_score"}
# By place of the ranking in force; books without one are not listed.
_RISING = "rising"
SORTS = ("newest", _RISING, *list(_SORTS)[1:])
_BY_FACETS = (
    "id IN (SELECT id FROM storefront_listing WHERE to_tsvector('simple', facet_words) @@ to_tsquery('simple', %s))"
)
_CARD_COLUMNS = ", ".join(CARD_FIELDS)
_STATE_WIDTH = 2

type Condition = tuple[str, list[Any]]


@dataclass(frozen=True, slots=True)
class Filters:
    """What a catalogue address asks for; values are words of `storefront.facets`, unknown ones count as not given.

    `subject` is a Thema section or subject; `language` is a tag, or a language for all of its tags. `features` must all
    be there, `without` are warnings none of which may be. Books for adults are left out unless `with_adult`. A `query`
    is words to search for (`storefront.search`), which lists without one do not look at.
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


@dataclass(frozen=True, slots=True)
class CatalogueRows:
    """All that a page's markup is made of, and one row more than it shows.

    A row is the place in a cursor's terms, the key or the version of the ranking, and a card's columns. `state` is how
    the shop stood when they were read, None where no book fits.
    """

    rows: tuple[tuple[Any, ...], ...]
    state: ListedState | None
    is_ranked: bool = False


def catalogue_rows(filters: Filters, *, books: int | None = None, walked: int | None = None) -> CatalogueRows:
    """One page, and the state of the shop beside it, in one query, however deep.

    `books` fit the (known) filters among the `walked` that the order leads past, if that is known.
    """
    if filters.sort == _RISING:
        return _rising_rows(filters)
    column = _SORTS[filters.sort]
    conditions = [(on_sale(), []), *_conditions(filters)]
    words = index_words(filters)
    if words and books is not None and walked is not None and _is_far(books, walked):
        conditions.append((_BY_FACETS, [" & ".join(words)]))
    cursor = cursors.parsed(filters.after)
    if cursor is not None:
        # Both at once: ties may be half of the shop, and a scan begins right behind the row it ended at.
        conditions.append((_behind(column), [_stored(cursor[0], column), cursor[1]]))
    sql = (
        f"SELECT {LISTED_STATE}, {column}, id, {_CARD_COLUMNS} FROM storefront_listing "  # noqa: S608 - our own words
        f"WHERE {' AND '.join(sql for sql, _ in conditions)} ORDER BY {column} DESC, id DESC LIMIT {PAGE_SIZE + 1}"
    )
    return _rows(sql, [value for _, values in conditions for value in values])


def _rows(sql: str, values: list[Any], *, is_ranked: bool = False) -> CatalogueRows:
    rows = read_rows(sql, values)
    state = ListedState.of(*rows[0][:_STATE_WIDTH]) if rows else None
    return CatalogueRows(tuple([row[_STATE_WIDTH:] for row in rows]), state, is_ranked)


def _behind(column: str) -> str:
    """What rows behind a cursor are. SELECTs hide the values from PostgreSQL's planner, which would make a plan for
    each page otherwise: that takes as long as reading one."""
    if connection.vendor != "postgresql":
        return f"({column}, id) < (%s, %s)"
    kind = "timestamptz" if column == "published_at" else "bigint"
    return f"({column}, id) < ((SELECT %s::{kind}), (SELECT %s::bigint))"


def _is_far(books: int, walked: int) -> bool:
    """Whether a page of these books is found sooner by the index over all facets, where there is one."""
    met = min(walked, (PAGE_SIZE + 1) * walked / max(books, 1))
    return met > _FAR and books < _MOST_SORTED and connection.vendor == "postgresql"


def needs_counts(filters: Filters) -> bool:
    """Whether the way to a page depends on how many books fit."""
    return filters.sort != _RISING and bool(index_words(filters))


def _rising_rows(filters: Filters) -> CatalogueRows:
    """By place. When the ranking is made anew between two pages, the second begins after the place the first ended."""
    cursor = cursors.parsed(filters.after)
    conditions = [(on_sale(), []), *_conditions(filters)]
    sql = (
        f"SELECT {LISTED_STATE}, rising_place, snapshot_id, {_CARD_COLUMNS} "  # noqa: S608 - our own words
        "FROM storefront_rankedbook "
        "JOIN storefront_listing ON storefront_listing.id = storefront_rankedbook.listing_id "
        f"WHERE snapshot_id = {LATEST_RANKING} AND rising_place > %s AND {' AND '.join(sql for sql, _ in conditions)} "
        f"ORDER BY rising_place LIMIT {PAGE_SIZE + 1}"
    )
    values = [value for _, values in conditions for value in values]
    return _rows(sql, [cursor[0] if cursor else 0, *values], is_ranked=True)


def catalogue_page(found: CatalogueRows) -> CataloguePage:
    """The page of what was read."""
    shown = found.rows[:PAGE_SIZE]
    listings = [card_row(row[2:]) for row in shown]
    cards = cards_in_places(listings, [row[0] for row in shown]) if found.is_ranked else cards_from(listings)
    return CataloguePage(cards, _cursor(*shown[-1][:2]) if len(found.rows) > PAGE_SIZE else "")


def on_sale() -> str:
    """The condition as the partial indexes have it: SQLite takes an index only for the very same words."""
    return "is_on_sale = 1" if connection.vendor == "sqlite" else "is_on_sale"


def _conditions(filters: Filters) -> Iterator[Condition]:
    """What a listing must be to fit known filters."""
    if filters.subject:
        column = "section" if filters.subject in thema.SECTIONS else "subject"
        yield f"{column} = %s", [filters.subject]
    if filters.language:
        is_whole = filters.language == facets.tongue(filters.language)
        yield f"{facets.TONGUE.format('language') if is_whole else 'language'} = %s", [filters.language]
    if filters.price:
        yield "price_band <= %s", [list(facets.PRICES).index(filters.price)]
    if filters.length:
        yield "length_band = %s", [list(facets.LENGTHS).index(filters.length)]
    # By inequalities: PostgreSQL guesses that they leave a third of the books, and of equalities that they leave none.
    if filters.format:
        yield "formats & %s > 0", [facets.bits([filters.format], facets.FORMATS)]
    for feature in filters.features:
        yield "features & %s > 0", [facets.bits([feature], facets.FEATURES)]
    if unwanted := facets.bits(filters.without, facets.WARNINGS):
        yield "warnings & %s < 1", [unwanted]
    if not filters.with_adult:
        yield "NOT is_adult", []


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


def _cursor(value: Any, key: int) -> str:
    """Where a page ended, as an address says it: the sort value and the key."""
    if isinstance(value, str):  # SQLite keeps moments as text, without their zone
        value = datetime.fromisoformat(value)
    if isinstance(value, datetime):
        value = cursors.microseconds(value if value.tzinfo else value.replace(tzinfo=UTC))
    return cursors.text(value, key)


def _stored(number: int, column: str) -> Any:
    """The sort value as the database compares it."""
    if column != "published_at":
        return number
    return connection.ops.adapt_datetimefield_value(cursors.moment(number))
