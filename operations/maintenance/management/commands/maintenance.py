"""Open or close the shop: `python manage.py maintenance closed --message "We move to a larger machine."`."""

from __future__ import annotations

from argparse import ArgumentParser
from datetime import timedelta

from django.core.management.base import BaseCommand

from common import clock
from operations.maintenance import selectors, services
from operations.maintenance.models import Mode


class Command(BaseCommand):
    help = (
        "Says what the shop is open for. Workers and the schedule go on: stop them, too, where the database must not "
        "change. Without a mode it prints the present one."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("mode", nargs="?", choices=Mode.values)
        parser.add_argument("--message", default="", help="a sentence for visitors")
        parser.add_argument("--minutes", type=int, help="how long it is expected to take; nothing ends by itself")

    def handle(self, *, mode: str | None, message: str, minutes: int | None, **options: object) -> None:
        if mode is not None:
            at = clock.now()
            ends_at = at + timedelta(minutes=minutes) if minutes else None
            services.set_mode(actor=None, mode=Mode(mode), message=message, ends_at=ends_at, at=at)
        now = selectors.state()
        self.stdout.write(" · ".join(filter(None, [now.mode.value, now.message])))
