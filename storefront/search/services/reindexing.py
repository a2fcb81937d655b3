"""Listings, and what search says of them, written anew.

Needed after a release that changed what follows from the rest of a listing, or when somebody wrote to the tables by
hand. Readers go on reading: a thousand listings at a time are locked, and only those that came out different are
written.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import batched

from django.db import transaction

from storefront.catalogue.models import Listing
from storefront.catalogue.services import reindexing
from storefront.catalogue.services.versions import raise_version
from storefront.search.services import index

_CHUNK = 1000


def reindex_listings() -> Iterator[tuple[int, int]]:
    """Look at every listing and write those that came out different, with what search says of them; yields how many
    were looked at and written so far. A transaction for each thousand."""
    looked_at = written = 0
    keys = list(Listing.objects.order_by("pk").values_list("pk", flat=True))
    try:
        for some in batched(keys, _CHUNK):
            written += _rewrite(some)
            looked_at += len(some)
            yield looked_at, written
    finally:
        # Those that were written are written, whatever broke this off: pages are to know.
        raise_version()


@transaction.atomic
def _rewrite(keys: tuple[int, ...]) -> int:
    changed = reindexing.rewrite(keys)
    index.write_stored(changed)
    return len(changed)
