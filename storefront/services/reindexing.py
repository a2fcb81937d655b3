"""Everything that listings say in other words, written anew: cards, facets, words for search, what the books have cost.

Needed after a release that changed one of these, or when somebody wrote to the tables by hand. Readers go on reading.

On PostgreSQL listings are read without locks, by several processes where that is asked for. Those that came out
different are written together, each only if its row is still the version that was read; the others, which somebody
wrote meanwhile, are looked at again under a lock. Entries of search and counts of facets are held against the listings.
Where few entries are wrong these are mended; where many are, but not in what is counted by them, all are filled anew
from the listings; else search is made anew. SQLite has one writer: this process, in a transaction for each part, and
search and counts are always made anew.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from itertools import batched
from typing import Any, NamedTuple

from django.db import connection, transaction

from common import processes as several
from common.rows import RowsOf, read_rows
from publishing.models import Work
from storefront import indexing
from storefront.models import Listing
from storefront.models.listing import ListingQuerySet
from storefront.selectors.prices import stored_histories
from storefront.services import facet_counts, listings, search_checks, search_index
from storefront.services.card_markup import card_of

_CHUNK = 2000
_MENDED = 100  # whoever sells or publishes one of these waits until all are written
# Fewer are done before other processes have started.
_WORTH_PROCESSES = 5 * _CHUNK
# Many entries are made anew sooner than mended, but nobody searches meanwhile.
_FEW_PERCENT = 5
_COLUMNS = (
    *("price_band", "length_band", "formats", "features", "warnings", "is_adult", "facet_words", "open_in"),
    *("card_html", "search_names", "search_text", "details"),  # JSON, the last
)
_COUNTED = _COLUMNS.index("is_adult") + 1  # so many of them, the first, are counted as facets
_OF_WORK = ("warnings", "is_adult")
_READ = (
    *("slug", "title", "subtitle", "byline", "language", "subject", "description"),
    *("price_minor", "prices", "words", "cover", "rating_sum", "rating_count", "sales_count", "is_on_sale"),
    *_COLUMNS,
)
_LISTINGS, _WORKS = RowsOf(Listing, only=("id", "work", *_READ)), RowsOf(Work, only=("id", *_OF_WORK))
_TABLE = Listing._meta.db_table
_NAMES = ", ".join(_COLUMNS)
_MADE = "reindexed"
_MAKE = (
    f"CREATE TEMPORARY TABLE {_MADE} AS "  # noqa: S608 - our own names
    f"SELECT id, xmin AS version, {_NAMES} FROM {_TABLE} WITH NO DATA"
)
# Rows are locked in the order of their keys, as everywhere, so that two changes never wait for each other in a circle.
# The range keeps the planner from walking the whole table for a part of it.
_AS_READ = "old.id = made.id AND old.xmin = made.version AND old.id BETWEEN %s AND %s"
_LOCK = f"SELECT old.id FROM {_TABLE} AS old, {_MADE} AS made WHERE {_AS_READ} ORDER BY old.id FOR NO KEY UPDATE OF old"  # noqa: S608
# Details are large, and the same nearly always: a value that is left alone is not stored again.
_UPDATE = (
    f"UPDATE {_TABLE} AS old SET {', '.join(f'{name} = made.{name}' for name in _COLUMNS[:-1])}, "  # noqa: S608
    f"details = COALESCE(made.details, old.details) FROM {_MADE} AS made WHERE {_AS_READ} RETURNING old.id"
)


class Changed(NamedTuple):
    """The values of _COLUMNS of a listing that came out different; None for details that came out the same. It has
    moved where counts of facets have it elsewhere."""

    key: int
    values: Sequence[Any]
    has_moved: bool


class Part(NamedTuple):
    """What came of a part. Search says something else about the listings of these keys: of those astray only in what
    is counted nowhere, of those renamed maybe in names and people."""

    looked_at: int = 0
    written: int = 0
    astray: Sequence[int] = ()
    renamed: Sequence[int] = ()
    is_counted_right: bool = True
    has_right_facets: bool = True


def reindex_listings(*, processes: int = 1, many: int = _WORTH_PROCESSES) -> Iterator[tuple[int, int]]:
    """Look at every listing and write those that came out different; yields how many were looked at and written so
    far. A transaction for each thousand or two, counts and the entries of search at the end.

    Several processes look at `many` or more, on PostgreSQL. Not inside of a transaction then.
    """
    done: list[Part] = []
    looked_at = written = 0
    keys = list(Listing.objects.order_by("pk").values_list("pk", flat=True))
    parts = list(batched(keys, _CHUNK))
    is_shared = processes > 1 and len(keys) >= many and connection.vendor == "postgresql"
    try:
        for part in _by_several(parts, processes) if is_shared else map(_part, [(), *parts]):
            done.append(part)
            looked_at, written = looked_at + part.looked_at, written + part.written
            if part.looked_at:
                yield looked_at, written
        _settle(done, looked_at)
    except BaseException:
        # Broken off, but pages of those that were written are to know.
        listings.settle(has_search=True, has_facets=True)
        raise


def _by_several(parts: Sequence[tuple[int, ...]], processes: int) -> Iterator[Part]:
    with several.started(processes - 1) as pool:
        yield from several.shared(pool, _part, ((part,) for part in [(), *parts]), most=2 * (processes - 1))


def _part(keys: Sequence[int]) -> Part:
    """Rewrite the listings of these keys; without any, see whether the shop counts right."""
    if keys:
        return rewrite(keys)
    if connection.vendor != "postgresql":
        return Part(is_counted_right=False, has_right_facets=False)
    return Part(is_counted_right=search_checks.are_counted_right(), has_right_facets=facet_counts.are_right())


def _settle(done: Sequence[Part], looked_at: int) -> None:
    """Make right what search and the shop's counts say, with as little as that takes."""
    renamed = [key for part in done for key in part.renamed]
    astray = [key for part in done for key in part.astray]
    most = _FEW_PERCENT * looked_at // 100
    has_search = len(renamed) <= most and all(part.is_counted_right for part in done)
    is_mended = len(renamed) + len(astray) <= most
    try:
        if has_search:
            for keys in batched(sorted([*renamed, *astray] if is_mended else renamed), _MENDED):
                search_index.mend(keys)
            if is_mended:
                search_index.follow_sales()
            else:
                search_index.refill()
    finally:
        # Listings were written already: pages are to know, whatever becomes of search.
        listings.settle(has_search=has_search, has_facets=all(part.has_right_facets for part in done))


def rewrite(keys: Sequence[int]) -> Part:
    """Write the listings of these keys, in order, that came out different."""
    if connection.vendor != "postgresql":
        return Part(len(keys), _rewrite_locked(keys))
    read, versions = _read(keys)
    changed = {one.key: one for one in _changed(read)}
    astray = search_checks.astray(read)
    written = _write_as_read(changed, versions) if changed else set()
    missed = sorted(changed.keys() - written)
    again = _rewrite_locked(missed) if missed else 0
    renamed = {*missed, *(key for key, is_counted_right in astray.items() if not is_counted_right)}
    return Part(
        looked_at=len(keys),
        written=len(written) + again,
        astray=[*(astray.keys() - renamed)],
        renamed=[*renamed],
        has_right_facets=not missed and not any(one.has_moved for one in changed.values()),
    )


def _read(keys: Sequence[int]) -> tuple[list[Listing], dict[int, str]]:
    """The listings with their works, and the versions of their rows by key. Written out: making the objects of a
    queryset takes longer than what is done with them."""
    found, versions = [], {}
    listing_of, work_of, end = _LISTINGS.maker(), _WORKS.maker(), 1 + _LISTINGS.width
    for row in read_rows(_read_statement(), [list(keys)]):
        listing = listing_of(row[1:end])
        listing._state.fields_cache["work"] = work_of(row[end:])
        versions[listing.pk] = row[0]
        found.append(listing)
    return found, versions


@cache
def _read_statement() -> str:
    return (
        f"SELECT {_TABLE}.xmin::text, {_LISTINGS.columns}, {_WORKS.columns} "  # noqa: S608 - our own names
        f"FROM {_TABLE} JOIN publishing_work ON publishing_work.id = {_TABLE}.work_id "
        f"WHERE {_TABLE}.id = ANY(%s) ORDER BY {_TABLE}.id"
    )


def _listings(keys: Sequence[int]) -> ListingQuerySet:
    fields = (*_READ, *(f"work__{name}" for name in _OF_WORK))
    return Listing.objects.filter(pk__in=keys).select_related("work").only(*fields).order_by("pk")


def _changed(read: Sequence[Listing]) -> Iterator[Changed]:
    histories = stored_histories([listing.work_id for listing in read])
    for listing in read:
        before = [getattr(listing, name) for name in _COLUMNS]
        listings.fill_facets(listing)
        listing.open_in = listings.open_in(listing.details.get("suggested", {}))
        listing.card_html = card_of(listing)
        listing.search_names = indexing.names_of(listing)
        # The last line holds the titles of chapters, which stand nowhere else.
        listing.search_text = listings.search_text(listing, listing.search_text.rpartition("\n")[2])
        if listing.work_id in histories:  # a listing written with many others keeps what it was written with
            listing.details = {**listing.details, "price_history": histories[listing.work_id]}
        after = [getattr(listing, name) for name in _COLUMNS]
        if after != before:
            details = None if after[-1] == before[-1] else json.dumps(after[-1])
            yield Changed(listing.pk, [*after[:-1], details], has_moved=before[:_COUNTED] != after[:_COUNTED])


@transaction.atomic
def _write_as_read(changed: Mapping[int, Changed], versions: Mapping[int, str]) -> set[int]:
    """Write those whose rows are still the versions that were read; the keys of these."""
    between = [min(changed), max(changed)]
    with connection.cursor() as cursor:
        cursor.execute(_MAKE)
        with cursor.copy(f"COPY {_MADE} (id, {_NAMES}, version) FROM STDIN") as copy:
            for key, one in changed.items():
                copy.write_row((key, *one.values, versions[key]))
        cursor.execute(f"ANALYZE {_MADE} (id)")
        cursor.execute(_LOCK, between)
        cursor.execute(_UPDATE, between)
        written = {key for (key,) in cursor.fetchall()}
        cursor.execute(f"DROP TABLE {_MADE}")  # the caller's transaction may go on, with the next part
    return written


@transaction.atomic
def _rewrite_locked(keys: Sequence[int]) -> int:
    """The same with the rows locked first; how many were written."""
    changed = list(_changed(list(_listings(keys).select_for_update(of=("self",), no_key=True))))
    if changed:
        columns = ", ".join(f"{name} = %s" for name in _COLUMNS[:-1])
        sql = f"UPDATE {_TABLE} SET {columns}, details = COALESCE(%s, details) WHERE id = %s"  # noqa: S608
        with connection.cursor() as cursor:
            cursor.executemany(sql, [(*one.values, one.key) for one in changed])
    return len(changed)
