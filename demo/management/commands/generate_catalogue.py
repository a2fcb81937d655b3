"""`manage.py generate_catalogue --books N`: a large catalogue for performance work; `--remove` deletes it."""

from __future__ import annotations

import os
import time
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from common import clock
from demo import generated
from demo.generated_shared import SpecimenNotConverted, remove_stock

_MAX_COVERS = 36
_BETWEEN_LINES_S = 5


class Command(BaseCommand):
    help = "Fills the catalogue with generated books for performance measurements, or removes them again."

    def add_arguments(self, parser: ArgumentParser) -> None:
        what = parser.add_mutually_exclusive_group(required=True)
        what.add_argument("--books", type=int, metavar="N", help="how many to add")
        what.add_argument("--remove", action="store_true", help="delete everything this command has ever created")
        parser.add_argument("--seed", type=int, default=1, help="a different seed gives different books (1)")
        parser.add_argument(
            "--covers", type=int, help=f"how many covers the books share (by default up to {_MAX_COVERS})"
        )
        parser.add_argument("--processes", type=int, default=os.cpu_count() or 1, help="for a large load (all cores)")
        parser.add_argument("--force", action="store_true", help="run even if this shop is not a demonstration")

    def handle(self, *args: Any, **options: Any) -> None:
        # The clock can be moved only in demonstrations and tests.
        if not settings.ALLOW_TIME_TRAVEL and not options["force"]:
            raise CommandError("Not a demonstration: readers would see made-up books. Use --force to go on.")
        if options["remove"]:
            self._remove()
            return
        books, covers = options["books"], options["covers"]
        if covers is None:  # each takes time to draw
            covers = min(4 + books // 500, _MAX_COVERS)
        if books < 1 or covers < 0 or options["processes"] < 1:
            raise CommandError("--books and --processes must be 1 or more, --covers 0 or more.")
        self._generate(books, covers, options["seed"], options["processes"])

    def _generate(self, books: int, covers: int, seed: int, processes: int) -> None:
        began = told = ready = time.monotonic()
        loaded = False
        try:
            for written in generated.generate(
                books=books, cover_count=covers, seed=seed, at=clock.now(), processes=processes
            ):
                now = time.monotonic()
                if not written:
                    ready = told = now
                    self.stdout.write(f"specimens, covers and people ready after {ready - began:.1f} s")
                elif loaded:
                    self.stdout.write(f"indexes and statistics ready after {now - began:.1f} s")
                elif written == books or now - told >= _BETWEEN_LINES_S:
                    told, loaded = now, written == books
                    self.stdout.write(f"{written} of {books} books, {written / (now - ready):.0f} a second")
        except SpecimenNotConverted as error:
            raise CommandError(str(error)) from None

    def _remove(self) -> None:
        removed, kept = generated.remove(clock.now())
        remove_stock()
        self.stdout.write(f"removed {removed} books")
        if kept:
            self.stdout.write(f"kept {kept} that someone ordered, off sale")
