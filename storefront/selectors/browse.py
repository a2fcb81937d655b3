"""The catalogue's pages by keyset, narrowed by facets. No COUNT, no OFFSET.

A page walks the index of its order and drops what does not fit, which is quick while a filter leaves many books. When
it leaves few, PostgreSQL finds those by the index over all facets and sorts them; how many it leaves is known from the
counts beforehand (`storefront.selectors.facet_counts`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import connection

from publishing import thema
from storefront import facets
from storefront.selectors.cards import Card, CardRow, cards_from

PAGE_SIZE = 24
# Fewer books than these are found by the index over all facets.
_FEW = 2000
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
_LARGEST = 10**16  # microseconds until the year 2286
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
# What a list needs of a row, the big texts left behind.
CARD_FIELDS = ("slug", "card_html", "price_minor", "is_open_price")

_SORTS = {"newest": "published_at", "bestselling": "sales_count", "rating": "rating_score"}
SORTS = tuple(_SORTS)
_BY_FACETS = (
    "id IN (SELECT id FROM storefront_listing WHERE to_tsvector('simple', facet_words) @@ to_tsquery('simple', %s))"
)

type Condition = tuple[str, list[Any]]


@dataclass(frozen=True, slots=True)
class Filters:
    """What a catalogue address asks for; values are words of `storefront.facets`, unknown ones count as not given.

    `subject` is a Thema section or subject. `features` must all be there, `without` are warnings none of which may
    be. Books for adults are left out unless `with_adult`.
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
            sort=self.sort if self.sort in _SORTS else SORTS[0],
        )


@dataclass(frozen=True, slots=True)
class CataloguePage:
    cards: list[Card]
    next_cursor: str  # "" at the end


def catalogue_page(filters: Filters, *, books: int | None = None) -> CataloguePage:
    """One page of cards in one query, however deep. `books` is how many fit the (known) filters, if that is known."""
    column = _SORTS[filters.sort]
    conditions = [(on_sale(), []), *_conditions(filters)]
    words = _words(filters)
    if words and books is not None and books < _FEW and connection.vendor == "postgresql":
        conditions.append((_BY_FACETS, [" & ".join(words)]))
    cursor = _parse_cursor(filters.after)
    if cursor is not None:
        # Both at once: ties may be half of the shop, and a scan begins right behind the row it ended at.
        conditions.append((f"({column}, id) < (%s, %s)", [_stored(cursor[0], column), cursor[1]]))
    sql = (
        f"SELECT id, {column}, slug, card_html, price_minor, is_open_price FROM storefront_listing "  # noqa: S608 - ours
        f"WHERE {' AND '.join(sql for sql, _ in conditions)} ORDER BY {column} DESC, id DESC LIMIT {PAGE_SIZE + 1}"
    )
    with connection.cursor() as database:
        database.execute(sql, [value for _, values in conditions for value in values])
        rows = database.fetchall()
    shown = rows[:PAGE_SIZE]
    return CataloguePage(
        cards=cards_from([CardRow(*row[2:]) for row in shown]),
        next_cursor=_cursor(shown[-1][1], shown[-1][0]) if len(rows) > PAGE_SIZE else "",
    )


def on_sale() -> str:
    """The condition as the partial indexes have it: SQLite takes an index only for the very same words."""
    return "is_on_sale = 1" if connection.vendor == "sqlite" else "is_on_sale"


def _conditions(filters: Filters) -> Iterator[Condition]:
    """What a listing must be to fit known filters."""
    if filters.subject:
        column = "section" if filters.subject in thema.SECTIONS else "subject"
        yield f"{column} = %s", [filters.subject]
    if filters.language:
        yield "language = %s", [filters.language]
    if filters.price:
        yield "price_band <= %s", [list(facets.PRICES).index(filters.price)]
    if filters.length:
        yield "length_band = %s", [list(facets.LENGTHS).index(filters.length)]
    wanted = facets.bits([filters.format], facets.FORMATS)
    for column, needed in (("formats", wanted), ("features", facets.bits(filters.features, facets.FEATURES))):
        if needed:
            yield f"{column} & %s = %s", [needed, needed]
    if unwanted := facets.bits(filters.without, facets.WARNINGS):
        yield "warnings & %s = 0", [unwanted]
    if not filters.with_adult:
        yield "NOT is_adult", []


def _words(filters: Filters) -> list[str]:
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
    if isinstance(value, datetime):
        moment = value.replace(tzinfo=value.tzinfo or UTC)  # SQLite's come without a zone
        value = (moment - _EPOCH) // timedelta(microseconds=1)
    return f"{_base36(value)}-{_base36(key)}"


def _stored(number: int, column: str) -> Any:
    """The sort value as the database compares it."""
    if column != "published_at":
        return number
    return connection.ops.adapt_datetimefield_value(_EPOCH + timedelta(microseconds=number))


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
