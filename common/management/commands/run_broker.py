"""`manage.py run_broker`: the bundled broker in the foreground."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from common.broker import NoBroker, server_command


class Command(BaseCommand):
    help = "Runs the bundled broker where BROKER_URL names a Unix socket."

    def handle(self, *args: Any, **options: Any) -> None:
        address = urlsplit(settings.BROKER_URL)
        if address.scheme != "redis+socket":
            raise CommandError(f"BROKER_URL names another server ({address.scheme}://…); there is nothing to run here.")
        socket = Path(address.path)
        folder = socket.parent / "broker"
        folder.mkdir(parents=True, exist_ok=True)
        try:
            command = server_command(socket, folder)
        except NoBroker as error:
            raise CommandError(str(error)) from None
        os.execv(command[0], command)  # noqa: S606 # the server takes this process's place, signals included
