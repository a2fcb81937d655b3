"""`manage.py reindex_listings`: recompute derived columns of listings, and search documents that depend on them."""

from __future__ import annotations

import time
from typing import Any

from django.core.management.base import BaseCommand

from storefront.search.services import reindexing

_BETWEEN_LINES_S = 5


class Command(BaseCommand):
    requires_system_checks: list[str] = []  # `migrate` has run them; here they would take half a second
    help = "Recompute facets and price history of all listings. To rebuild search, use rebuild_search."

    def handle(self, *args: Any, **options: Any) -> None:
        began = told = time.monotonic()
        looked_at = written = 0
        for looked_at, written in reindexing.reindex_listings():
            if time.monotonic() - told >= _BETWEEN_LINES_S:
                told = time.monotonic()
                self.stdout.write(f"{looked_at} listings, {written} written")
        self.stdout.write(f"{looked_at} listings, {written} written, after {time.monotonic() - began:.1f} s")
