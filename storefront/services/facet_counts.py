"""Keeps the counts beside the shop's filters: one row for each combination of facets that some book has."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from django.db import connection

from storefront.models import FacetCount, Listing

type Key = tuple[str | int | bool, ...]

_COLUMNS = ", ".join(FacetCount.KEY)
_MARKS = ", ".join(["%s"] * (len(FacetCount.KEY) + 1))
# In key order, so that two shops' worth of changes never wait for each other in a circle.
_MOVE = f"""
INSERT INTO storefront_facetcount ({_COLUMNS}, books) VALUES ({_MARKS})
ON CONFLICT ({_COLUMNS}) DO UPDATE SET books = storefront_facetcount.books + excluded.books
"""  # noqa: S608 - our own column names


def key_of(listing: Listing) -> Key | None:
    """Where the listing counts; None while it is not on sale."""
    if not listing.is_on_sale:
        return None
    return tuple(getattr(listing, name) for name in FacetCount.KEY)


def move(*, away: Iterable[Key | None] = (), to: Iterable[Key | None] = ()) -> None:
    """Take books away from some combinations and add them to others. Call inside of the change's transaction."""
    changes: Counter[Key] = Counter(key for key in to if key is not None)
    changes.subtract(key for key in away if key is not None)
    rows = [(*key, books) for key, books in sorted(changes.items()) if books]
    if rows:
        with connection.cursor() as cursor:
            cursor.executemany(_MOVE, rows)


def recount() -> None:
    """Count everything anew, in the database."""
    FacetCount.objects.all().delete()
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO storefront_facetcount ({_COLUMNS}, books) "  # noqa: S608 - our own column names
            f"SELECT {_COLUMNS}, COUNT(*) FROM storefront_listing WHERE is_on_sale GROUP BY {_COLUMNS}"
        )
