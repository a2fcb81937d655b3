"""`manage.py build_dictionaries`: make dictionaries for the web reader from WordNet and FreeDict."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from storefront.reading.dictionaries import building
from storefront.reading.dictionaries.building import Built, NoSource

_MIB = 1024 * 1024
_WORDNET = (
    "English is missing. Debian, Ubuntu: apt install wordnet-base. macOS: brew install wordnet, then "
    '--wordnet "$(brew --prefix wordnet)/dict".'
)
_FREEDICT = (
    "There are no translations. Debian, Ubuntu: apt install dict-freedict-deu-eng, or another of dict-freedict-*. "
    "Elsewhere: the dictd file of https://freedict.org/downloads/, unpacked, and --freedict FILE.index."
)


class Command(BaseCommand):
    requires_system_checks: list[str] = []
    help = "Make dictionaries for the web reader. Those whose source has not changed stay as they are."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--wordnet", type=Path, metavar="DIR", help=f"instead of {building.WORDNET_DIR}")
        parser.add_argument(
            "--freedict", type=Path, metavar="FILE.index", action="append", help=f"instead of {building.FREEDICT_DIR}"
        )
        parser.add_argument("--again", action="store_true", help="make all of them again")

    def handle(self, *args: Any, **options: Any) -> None:
        into, again = settings.DICTIONARIES_DIR, options["again"]
        given = options["freedict"] or []
        indexes = given or list(building.found_freedicts(building.FREEDICT_DIR))
        made = 0
        try:
            self._tell(building.build_wordnet(options["wordnet"] or building.WORDNET_DIR, into, again=again))
            made += 1
        except NoSource as error:
            if options["wordnet"]:
                raise CommandError(f"{error}. Nothing was made.") from None
            self.stdout.write(_WORDNET)
        for index in indexes:
            try:
                self._tell(building.build_freedict(index, into, again=again))
            except NoSource as error:
                raise CommandError(str(error)) from None
            made += 1
        if not indexes:
            self.stdout.write(_FREEDICT)
        if not made:
            raise CommandError("No dictionary was made: nothing to make one from was found.")

    def _tell(self, built: Built) -> None:
        size = f"{built.bytes / _MIB:.1f} MiB"
        if built.counts is None:
            self.stdout.write(f"{built.name}: unchanged, {size} ({built.path})")
            return
        counts = f"{built.counts.entries:,} entries, {built.counts.senses:,} senses"
        self.stdout.write(f"{built.name}: {counts}, {size}, {built.seconds:.1f} s ({built.path})")
