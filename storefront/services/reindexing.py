"""Everything that listings say in other words, written anew from what they say: cards, facets, words for search.

Needed after a release that changed one of these, or when somebody wrote to the tables by hand. Readers go on reading.
"""

from __future__ import annotations

from collections.abc import Iterator

from django.db import connection, transaction

from storefront.models import Listing
from storefront.selectors.folding import folded
from storefront.services import listings
from storefront.services.card_markup import card_of

_CHUNK = 2000
_COLUMNS = (
    *("price_band", "length_band", "formats", "features", "warnings", "is_adult", "facet_words"),
    *("card_html", "search_names", "search_text"),
)
_READ = (
    *("work__warnings", "work__is_adult", "slug", "title", "subtitle", "byline", "language", "subject", "description"),
    *("price_minor", "words", "cover", "details", "rating_sum", "rating_count"),
    *_COLUMNS,
)
_TABLE = Listing._meta.db_table


def reindex_listings() -> Iterator[tuple[int, int]]:
    """Look at every listing and write those that came out different; yields how many were looked at and written so
    far. A transaction for each thousand or two, counts and words at the end."""
    looked_at = written = last = 0
    words: set[str] = set()
    while keys := list(Listing.objects.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:_CHUNK]):
        last = keys[-1]
        changed = _rewrite(keys, words)
        looked_at, written = looked_at + len(keys), written + changed
        yield looked_at, written
    listings.settle(words=words)


def rebuild_full_text() -> None:
    """Make the indexes of words anew, without the gaps that changes left. Not inside of a transaction."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(f"INSERT INTO {_TABLE}_fts({_TABLE}_fts) VALUES ('rebuild')")  # noqa: S608 - our own name
            return
        cursor.execute(
            "SELECT c.relname FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_am a ON a.oid = c.relam "
            "WHERE i.indrelid = to_regclass(%s) AND a.amname = 'gin'",
            [_TABLE],
        )
        for (name,) in cursor.fetchall():
            cursor.execute(f'REINDEX INDEX CONCURRENTLY "{name}"')
        cursor.execute(f'VACUUM (ANALYZE) "{_TABLE}"')


@transaction.atomic
def _rewrite(keys: list[int], words: set[str]) -> int:
    """Write the listings that came out different, and collect the words of names; how many were written."""
    changed = []
    rows = Listing.objects.select_for_update(of=("self",)).filter(pk__in=keys).select_related("work").only(*_READ)
    for listing in rows:
        before = [getattr(listing, name) for name in _COLUMNS]
        listings.fill_facets(listing)
        listing.card_html = card_of(listing)
        listing.search_names = folded(listing.title, listing.subtitle, listing.byline)
        # The last line holds the titles of chapters, which stand nowhere else.
        listing.search_text = listings.search_text(listing, listing.search_text.rpartition("\n")[2])
        words.update(listing.search_names.split())
        after = [getattr(listing, name) for name in _COLUMNS]
        if after != before:
            changed.append((*after, listing.pk))
    if changed:
        columns = ", ".join(f"{name} = %s" for name in _COLUMNS)
        with connection.cursor() as cursor:
            cursor.executemany(f"UPDATE {_TABLE} SET {columns} WHERE id = %s", changed)  # noqa: S608 - our own names
    return len(changed)
