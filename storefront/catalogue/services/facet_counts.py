"""Keeps the counts beside the shop's filters: one row for each combination of facets that some book has, and sums of
these by up to three facets, which is what pages read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from django.db import connection

from storefront.catalogue.models import FacetCount, FacetTotal, Listing
from storefront.catalogue.selectors.raw import read_rows

type Key = tuple[str | int | bool, ...]


def _upsert(table: str, key: Sequence[str]) -> str:
    columns, marks = ", ".join(key), ", ".join(["%s"] * (len(key) + 1))
    return (
        f"INSERT INTO {table} ({columns}, books) VALUES ({marks}) "  # noqa: S608 - our own names
        f"ON CONFLICT ({columns}) DO UPDATE SET books = {table}.books + excluded.books"
    )


_COUNTS, _TOTALS = FacetCount._meta.db_table, FacetTotal._meta.db_table
_COLUMNS = ", ".join(FacetCount.KEY)
_MOVE, _MOVE_TOTAL = _upsert(_COUNTS, FacetCount.KEY), _upsert(_TOTALS, FacetTotal.KEY)
_COUNTED = (
    f"SELECT {_COLUMNS}, COUNT(*) AS books FROM {Listing._meta.db_table} "  # noqa: S608 - our own names
    f"WHERE is_on_sale GROUP BY {_COLUMNS}"
)
# Where in a key the facets of each set stand.
_ADULT = FacetCount.KEY.index("is_adult")
_SETS = [(",".join(names), [FacetCount.KEY.index(name) for name in names]) for names in FacetTotal.SETS]
_WARNINGS = FacetCount.KEY.index("warnings")
_NONE = ("",) * len(FacetTotal.PLACES)


def key_of(listing: Listing) -> Key | None:
    """Where the listing counts; None while it is not on sale."""
    if not listing.is_on_sale:
        return None
    return tuple(getattr(listing, name) for name in FacetCount.KEY)


def move(*, away: Iterable[Key | None] = (), to: Iterable[Key | None] = ()) -> None:
    """Take books away from some combinations and add them to others. Call inside of the change's transaction."""
    changes: Counter[Key] = Counter(key for key in to if key is not None)
    changes.subtract(key for key in away if key is not None)
    # In key order, so that two shops' worth of changes never wait for each other in a circle.
    rows = [(*key, books) for key, books in sorted(changes.items()) if books]
    if rows:
        with connection.cursor() as cursor:
            cursor.executemany(_MOVE, rows)
            cursor.executemany(_MOVE_TOTAL, _totals(changes))


def _totals(changes: Mapping[Key, int]) -> list[tuple[str | int | bool, ...]]:
    """What the changes add to each sum of theirs, in the order of the sums' keys."""
    sums: Counter[tuple[str | bool, ...]] = Counter()
    for key, books in changes.items():
        for facets, places in _SETS:
            if _WARNINGS in places and not key[_WARNINGS]:
                continue
            values = [str(key[place]) for place in places]
            sums[facets, *values, *_NONE[len(values) :], bool(key[_ADULT])] += books
    return [(*key, books) for key, books in sorted(sums.items()) if books]


def recount() -> None:
    """Count everything anew, in the database."""
    FacetCount.objects.all().delete()
    FacetTotal.objects.all().delete()
    with connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO {_COUNTS} ({_COLUMNS}, books) {_COUNTED}")
        for statement in totals_from_counts():
            cursor.execute(statement)


def are_right() -> bool:
    """Whether counts and sums follow from the listings: statements that each see one moment. PostgreSQL only."""
    totals = " UNION ALL ".join(map(_summed, FacetTotal.SETS))
    found = ((_COUNTED, _COUNTS, FacetCount.KEY), (totals, _TOTALS, FacetTotal.KEY))
    return not any(
        read_rows(
            f"SELECT FROM ({wanted}) AS found FULL JOIN (SELECT * FROM {table} WHERE books <> 0) AS kept "  # noqa: S608
            f"USING ({', '.join(key)}) WHERE found.books IS DISTINCT FROM kept.books LIMIT 1"
        )
        for wanted, table, key in found
    )


def totals_from_counts() -> list[str]:
    """The statements that sum the counts up."""
    into = f"INSERT INTO {_TOTALS} ({', '.join(FacetTotal.KEY)}, books)"
    return [f"{into} {_summed(names)}" for names in FacetTotal.SETS]


def _summed(names: Sequence[str]) -> str:
    """Sums of the counts by these facets."""
    places = [f"CAST({name} AS text)" for name in names] + ["''"] * (len(FacetTotal.PLACES) - len(names))
    values = ", ".join(f"{value} AS {place}" for value, place in zip(places, FacetTotal.PLACES, strict=True))
    where = "WHERE warnings <> 0 " if "warnings" in names else ""
    return (
        f"SELECT '{','.join(names)}' AS facets, {values}, is_adult, SUM(books) AS books FROM {_COUNTS} {where}"  # noqa: S608
        f"GROUP BY {', '.join(names)}, is_adult HAVING SUM(books) <> 0"
    )
