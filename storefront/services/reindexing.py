"""Everything that listings say in other words, written anew: cards, facets, words for search, what the books have cost.

Needed after a release that changed one of these, or when somebody wrote to the tables by hand. Readers go on reading.
"""

from __future__ import annotations

import json
from collections.abc import Iterator

from django.db import connection, transaction

from storefront import indexing
from storefront.models import Listing
from storefront.selectors.prices import stored_histories
from storefront.services import listings
from storefront.services.card_markup import card_of

_CHUNK = 2000
_COLUMNS = (
    *("price_band", "length_band", "formats", "features", "warnings", "is_adult", "facet_words", "open_in"),
    *("card_html", "search_names", "search_text", "details"),  # JSON, the last
)
_READ = (
    *("work__warnings", "work__is_adult", "slug", "title", "subtitle", "byline", "language", "subject", "description"),
    *("price_minor", "words", "cover", "rating_sum", "rating_count"),
    *_COLUMNS,
)
_TABLE = Listing._meta.db_table


def reindex_listings() -> Iterator[tuple[int, int]]:
    """Look at every listing and write those that came out different; yields how many were looked at and written so
    far. A transaction for each thousand or two, counts and the entries of search at the end."""
    looked_at = written = last = 0
    while keys := list(Listing.objects.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:_CHUNK]):
        last = keys[-1]
        changed = _rewrite(keys)
        looked_at, written = looked_at + len(keys), written + changed
        yield looked_at, written
    listings.settle()


@transaction.atomic
def _rewrite(keys: list[int]) -> int:
    """Write the listings that came out different; how many were written."""
    changed = []
    rows = Listing.objects.select_for_update(of=("self",)).filter(pk__in=keys).select_related("work").only(*_READ)
    locked = list(rows.order_by("pk"))
    histories = stored_histories([listing.work_id for listing in locked])
    for listing in locked:
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
            changed.append((*after[:-1], json.dumps(after[-1]), listing.pk))
    if changed:
        columns = ", ".join(f"{name} = %s" for name in _COLUMNS)
        with connection.cursor() as cursor:
            cursor.executemany(f"UPDATE {_TABLE} SET {columns} WHERE id = %s", changed)  # noqa: S608 - our own names
    return len(changed)
