"""Which books stand beside a book, and why: bought together, of its series, by its author, of its subject.

One query, each part of it answered by an index. The books bought together and those picked of a subject are computed
beforehand (services/recommendations.py); series and author are as they are now.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from zlib import crc32

from common.rows import read_rows
from publishing.models import ContributorRole
from storefront.models import Listing, readers_at_least
from storefront.selectors.cards import Card, card_row, cards_from

_LENGTH = 6
_LONGEST_SERIES = 100
_CIRCLE = 61  # prime, and more than a subject has picks: a step around it meets every place once
# A book for adults stands only beside such, also one that was marked after the last count.
_FOR_ALL = "(%s OR NOT l.is_adult)"

_CARD = "l.id, l.slug, l.title, l.card_html, l.prices, l.open_in, l.series_number"
_BOUGHT = f"""SELECT * FROM (SELECT 'bought' AS reason, b.readers, {_CARD}
    FROM storefront_boughttogether b JOIN storefront_listing l ON l.id = b.other_id
    WHERE b.listing_id = %s AND l.is_on_sale AND {_FOR_ALL} ORDER BY b.place LIMIT {_LENGTH}) bought"""  # noqa: S608 - our own text
_SERIES = f"""SELECT * FROM (SELECT 'series' AS reason, 0 AS readers, {_CARD}
    FROM storefront_listing l WHERE l.series_id = %s AND l.is_on_sale AND {_FOR_ALL}
    ORDER BY l.series_number IS NULL, l.series_number, l.id LIMIT {_LONGEST_SERIES}) series"""  # noqa: S608 - our own text
_AUTHOR = f"""SELECT * FROM (SELECT 'author' AS reason, 0 AS readers, {_CARD}
    FROM storefront_listing l WHERE l.is_on_sale AND {_FOR_ALL} AND l.id <> %s AND l.work_id IN (
        SELECT made.work_id FROM publishing_contributor made JOIN accounts_user person ON person.id = made.user_id
        WHERE person.public_id = %s AND made.is_on_page AND made.role = %s)
    ORDER BY l.published_at DESC, l.id DESC LIMIT {2 * _LENGTH}) author"""  # noqa: S608 - our own text
# Seeded by the book: its own walk around the circle, the same on every day and every database.
_SUBJECT = f"""SELECT * FROM (SELECT 'subject' AS reason, 0 AS readers, {_CARD}
    FROM storefront_subjectpick p JOIN storefront_listing l ON l.id = p.listing_id
    WHERE p.subject = %s AND p.language = %s AND l.is_on_sale AND {_FOR_ALL} AND l.id <> %s
    ORDER BY (p.place * %s + %s) %% {_CIRCLE}, p.place LIMIT {3 * _LENGTH}) subject"""  # noqa: S608 - our own text

type Row = tuple[str, int, int, str, str, str, str, str | None, int | None]


@dataclass(frozen=True, slots=True)
class Beside:
    """A book beside the book. `readers` is how many bought both, at least; 0 where that is not the reason."""

    slug: str
    title: str
    card: Card
    readers: int = 0


@dataclass(frozen=True, slots=True)
class InSeries:
    """The book's place among those of its series that are on sale, from 1, and its neighbours."""

    place: int
    books: int
    previous: Beside | None
    next: Beside | None


@dataclass(frozen=True, slots=True)
class Related:
    """No book stands here twice: the first of these reasons counts."""

    series: InSeries | None = None
    bought: list[Beside] = field(default_factory=list)
    author: list[Beside] = field(default_factory=list)
    subject: list[Beside] = field(default_factory=list)


def related(listing: Listing, found: Iterable[Row]) -> Related:
    """What stands beside the listing, of the rows that were read for it."""
    rows: dict[str, list[tuple[int, Beside]]] = {}
    read = list(found)
    cards = cards_from([card_row((row[3], *row[5:8])) for row in read], eager=0)
    for (reason, readers, pk, slug, title, *_), card in zip(read, cards, strict=True):
        rows.setdefault(reason, []).append((pk, Beside(slug, title, card, readers_at_least(readers))))
    series = _in_series(listing, rows.get("series", []))
    neighbours = (series.previous, series.next) if series else ()
    shown = {listing.slug, *(one.slug for one in neighbours if one)}
    return Related(
        series=series,
        bought=_unshown(rows.get("bought", []), shown),
        author=_unshown(rows.get("author", []), shown),
        subject=_unshown(rows.get("subject", []), shown),
    )


def rows_beside(listing: Listing) -> tuple[Row, ...]:
    """All that may stand beside the listing, in one query."""
    parts: list[str] = [_BOUGHT]
    parameters: list[int | str | bool] = [listing.pk, listing.is_adult]
    if listing.series_id:
        parts.append(_SERIES)
        parameters += [listing.series_id, listing.is_adult]
    people = [one for one in listing.details.get("authors", []) if one["author"]]
    if people:
        # A translator's other translations stand beside a translation, not what they wrote a foreword to.
        first = next((one for one in people if one["role"] == ContributorRole.AUTHOR), people[0])
        parts.append(_AUTHOR)
        parameters += [listing.is_adult, listing.pk, first["author"], first["role"]]
    if listing.subject:
        seed = crc32(listing.slug.encode())
        parts.append(_SUBJECT)
        parameters += [
            listing.subject, listing.language, listing.is_adult, listing.pk,
            seed % (_CIRCLE - 1) + 1, seed // _CIRCLE % _CIRCLE,
        ]  # fmt: skip
    return read_rows(" UNION ALL ".join(parts), parameters)


def _in_series(listing: Listing, rows: list[tuple[int, Beside]]) -> InSeries | None:
    index = next((index for index, (pk, _) in enumerate(rows) if pk == listing.pk), None)
    if index is None or len(rows) == 1:
        return None
    return InSeries(
        place=index + 1,
        books=len(rows),
        previous=rows[index - 1][1] if index else None,
        next=rows[index + 1][1] if index + 1 < len(rows) else None,
    )


def _unshown(rows: Iterable[tuple[int, Beside]], shown: set[str]) -> list[Beside]:
    """The first that no other reason brought, which now are shown."""
    found = [one for _, one in rows if one.slug not in shown][:_LENGTH]
    shown.update(one.slug for one in found)
    return found
