"""Recompute listings and their search documents.

This is needed after a release that changed how columns of a listing are derived, or after manual changes to the tables.
The shop stays open: a thousand listings at a time are locked, and only those that changed are written.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import batched

from django.db import transaction

from storefront.catalogue.models import Listing
from storefront.catalogue.services import reindexing
from storefront.catalogue.services.versions import bump_version
from storefront.search.services import index

_CHUNK = 1000


def reindex_listings() -> Iterator[tuple[int, int]]:
    """Recompute every listing and write those that changed, with their search documents.

    Yield how many were checked and written so far. There is one transaction for each thousand.
    """
    looked_at = written = 0
    keys = list(Listing.objects.order_by("pk").values_list("pk", flat=True))
    try:
        for some in batched(keys, _CHUNK):
            written += _rewrite(some)
            looked_at += len(some)
            yield looked_at, written
    finally:
        # Even if this was interrupted, some listings may have changed, so pages need a new version.
        bump_version()


@transaction.atomic
def _rewrite(keys: tuple[int, ...]) -> int:
    changed = reindexing.rewrite(keys)
    index.write_stored(changed)
    return len(changed)
