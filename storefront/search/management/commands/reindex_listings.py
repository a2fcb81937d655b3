"""`manage.py reindex_listings`: what listings say in other words, where it differs, and what search says of those."""

from __future__ import annotations

import time
from typing import Any

from django.core.management.base import BaseCommand

from storefront.search.services import reindexing

_BETWEEN_LINES_S = 5


class Command(BaseCommand):
    requires_system_checks: list[str] = []  # `migrate` made them; here they would take half a second
    help = "Writes facets and past prices of every listing anew where they differ. For search: rebuild_search."

    def handle(self, *args: Any, **options: Any) -> None:
        began = told = time.monotonic()
        looked_at = written = 0
        for looked_at, written in reindexing.reindex_listings():
            if time.monotonic() - told >= _BETWEEN_LINES_S:
                told = time.monotonic()
                self.stdout.write(f"{looked_at} listings, {written} written")
        self.stdout.write(f"{looked_at} listings, {written} written, after {time.monotonic() - began:.1f} s")
