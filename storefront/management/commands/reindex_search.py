"""`manage.py reindex_search`: make what search reads anew from the listings."""

from __future__ import annotations

import time
from typing import Any

from django.core.management.base import BaseCommand

from storefront.services import search_index


class Command(BaseCommand):
    help = "Makes the index of search anew from the listings, in one transaction; readers search the old one meanwhile."

    def handle(self, *args: Any, **options: Any) -> None:
        began = time.monotonic()
        books = search_index.rebuild()
        self.stdout.write(f"{books} books in {time.monotonic() - began:.1f} s")
