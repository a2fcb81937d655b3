"""The catalogue for feeds: ordered by last change, and as short lists of new books.

However large the shop is, each answer takes a few short queries by key. There are no offsets, and no query stays open
while a slow client reads.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from publishing import thema
from publishing.models import Series
from storefront.catalogue.models import Listing
from storefront.catalogue.selectors import cursors
from storefront.catalogue.selectors.shop_state import listings_by_author

RECORDS_A_MESSAGE = 10_000
ENTRIES_A_FEED = 30
_BATCH = 500
_ENTRY_FIELDS = (
    "slug", "title", "byline", "language", "subject", "description", "cover", "published_at", "changed_at",
    "work__public_id",
)  # fmt: skip


# ---------------------------------------------------------------- changes


@dataclass(frozen=True, slots=True)
class Changes:
    """Listings in the order in which they changed. `next_cursor` is where the next message begins, "" at the end."""

    listings: Iterator[Listing]
    next_cursor: str


def changes(*, since: datetime | None, after: str) -> Changes:
    """Return up to one message of listings that changed from `since` on, or after the cursor `after`.

    Without `since`, only books on sale; with it, also withdrawn ones.
    """
    known = Listing.objects.filter(changed_at__gte=since) if since else Listing.objects.on_sale()
    rows = _behind(known, cursors.parsed(after)).order_by("changed_at", "pk")
    last = list(rows.values_list("changed_at", "pk")[RECORDS_A_MESSAGE - 1 : RECORDS_A_MESSAGE + 1])
    next_cursor = cursors.text(cursors.microseconds(last[0][0]), last[0][1]) if len(last) == 2 else ""
    return Changes(_in_batches(rows), next_cursor)


def _in_batches(rows: QuerySet[Listing]) -> Iterator[Listing]:
    wanted = rows.select_related("work")
    rest, cursor = RECORDS_A_MESSAGE, None
    while rest:
        size = min(_BATCH, rest)
        batch = list(_behind(wanted, cursor)[:size])
        yield from batch
        if len(batch) < size:
            return
        rest -= size
        cursor = (cursors.microseconds(batch[-1].changed_at), batch[-1].pk)


def _behind(rows: QuerySet[Listing], cursor: tuple[int, int] | None) -> QuerySet[Listing]:
    if cursor is None:
        return rows
    moment = cursors.moment(cursor[0])
    # The range limits the index scan; the exclusion handles ties.
    return rows.filter(changed_at__gte=moment).exclude(Q(changed_at=moment) & Q(pk__lte=cursor[1]))


def record(slug: str) -> Listing | None:
    """Return a listing on sale with its work."""
    return Listing.objects.on_sale().select_related("work").filter(slug=slug).first()


# ---------------------------------------------------------------- what is new


def newest(*, subject: str = "", language: str = "") -> list[Listing]:
    """Return the latest books on sale, by Thema section or subject and by language (as in lists); none for adults."""
    rows = Listing.objects.on_sale().filter(is_adult=False)
    if subject:
        rows = rows.filter(**{"section" if subject in thema.SECTIONS else "subject": subject})
    return _entries(rows.in_language(language) if language else rows)


def newest_by(author: str) -> list[Listing]:
    """Return the latest books of a person (public id); none for adults."""
    return _entries(listings_by_author(author).filter(is_adult=False))


def newest_of_series(series: Series) -> list[Listing]:
    """Return the series' latest books; none for adults."""
    return _entries(Listing.objects.on_sale().filter(series=series, is_adult=False))


def _entries(rows: QuerySet[Listing]) -> list[Listing]:
    rows = rows.select_related("work").only(*_ENTRY_FIELDS).order_by("-published_at", "-id")
    return list(rows[:ENTRIES_A_FEED])
