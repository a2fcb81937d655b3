"""`manage.py health`: answers probes on a port of its own."""

from __future__ import annotations

import signal
from argparse import ArgumentParser
from types import FrameType
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from operations import dependencies
from operations.health.server import HealthServer
from operations.health.state import Health


class Command(BaseCommand):
    help = "Answers /healthz and /readyz on HEALTH_HOST:HEALTH_PORT, for probes of balancers and container managers."
    requires_system_checks: list[str] = []  # it must start while anything else is down

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default=settings.HEALTH_HOST)
        parser.add_argument("--port", type=int, default=settings.HEALTH_PORT)

    def handle(self, *args: Any, **options: Any) -> None:
        signal.signal(signal.SIGTERM, _stop)
        dependencies.latest_migrations()  # takes longer than a probe waits, once
        address = (options["host"], options["port"])
        try:
            server = HealthServer(address, Health())
        except OSError as error:
            raise CommandError(f"Cannot listen on {address[0]}:{address[1]}: {error.strerror}") from None
        self.stdout.write(f"Health answers at http://{address[0]}:{server.server_address[1]}/readyz")
        self.stdout.flush()
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            return


def _stop(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt
