"""`manage.py print_passages`: compare every text that has no current prints."""

from __future__ import annotations

import time
from typing import Any

from django.core.management.base import BaseCommand

from common import clock
from publishing.passages.selectors import prints
from publishing.passages.services import comparing

_BETWEEN_LINES_S = 5


class Command(BaseCommand):
    help = (
        "Record the fingerprint of every text that has none of the current version, and compare it with the others. "
        "Texts that are done are skipped, so the command can be stopped and started again."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        began = told = time.monotonic()
        done = failed = last = 0
        while editions := list(prints.editions_to_print().filter(pk__gt=last).values_list("pk", flat=True)[:100]):
            for last in editions:
                is_done = comparing.compare_edition(edition_id=last, at=clock.now())
                done, failed = done + is_done, failed + (not is_done)
                if time.monotonic() - told >= _BETWEEN_LINES_S:
                    told = time.monotonic()
                    self.stdout.write(f"{done} texts")
        self.stdout.write(f"{done} texts, {failed} could not be read, after {time.monotonic() - began:.1f} s")
