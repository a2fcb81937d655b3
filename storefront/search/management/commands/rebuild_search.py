"""`manage.py rebuild_search`: reindex every book for search while the shop is open."""

from __future__ import annotations

import time
from typing import Any

from django.core.management.base import BaseCommand

from storefront.search.services import index

_BETWEEN_LINES_S = 5


class Command(BaseCommand):
    help = "Reindex every book, author and series for search, five hundred books at a time."

    def handle(self, *args: Any, **options: Any) -> None:
        began = told = time.monotonic()
        done = 0
        for done in index.rebuild():
            if time.monotonic() - told >= _BETWEEN_LINES_S:
                told = time.monotonic()
                self.stdout.write(f"{done} listings")
        self.stdout.write(f"{done} listings, after {time.monotonic() - began:.1f} s")
