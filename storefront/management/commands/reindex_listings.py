"""`manage.py reindex_listings`: what listings say in other words, written anew where it differs, and all of search."""

from __future__ import annotations

import time
from typing import Any

from django.core.management.base import BaseCommand

from storefront.services import reindexing

_BETWEEN_LINES_S = 5


class Command(BaseCommand):
    help = (
        "Writes cards, facets, search words and past prices of every listing anew, and the index of search after them."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        began = told = time.monotonic()
        looked_at = written = 0
        for looked_at, written in reindexing.reindex_listings():
            if time.monotonic() - told >= _BETWEEN_LINES_S:
                told = time.monotonic()
                self.stdout.write(f"{looked_at} listings, {written} written")
        self.stdout.write(f"{looked_at} listings, {written} written, after {time.monotonic() - began:.1f} s")
