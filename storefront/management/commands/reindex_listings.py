"""`manage.py reindex_listings`: what listings say in other words, and what search says of them, where it differs."""

from __future__ import annotations

import os
import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from storefront.services import reindexing

_BETWEEN_LINES_S = 5


class Command(BaseCommand):
    requires_system_checks: list[str] = []  # `migrate` made them; here they would take half a second
    help = "Writes cards, facets, search words and past prices of every listing anew, and what search says of them."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--processes", type=int, default=os.cpu_count() or 1, help="of a large shop (all cores)")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["processes"] < 1:
            raise CommandError("--processes takes 1 or more.")
        began = told = time.monotonic()
        looked_at = written = 0
        for looked_at, written in reindexing.reindex_listings(processes=options["processes"]):
            if time.monotonic() - told >= _BETWEEN_LINES_S:
                told = time.monotonic()
                self.stdout.write(f"{looked_at} listings, {written} written")
        self.stdout.write(f"{looked_at} listings, {written} written, after {time.monotonic() - began:.1f} s")
