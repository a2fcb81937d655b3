"""`manage.py demo`: all of Octavo on one machine, with sample content. `script/demo` calls it."""

from __future__ import annotations

import logging
import os
import shutil
import signal
import socket
import sys
from argparse import ArgumentParser
from pathlib import Path
from types import FrameType
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from common.broker import NoBroker, server_command
from demo.console import Console, last_lines, log_to
from demo.people import LOGINS
from demo.supervisor import ProcessEnded, Supervisor
from storefront.reading.dictionaries import building

# Two workers do for one machine: emails and payments do not wait behind conversions.
WORKERS = {"worker": "default,money,mail,nightly", "convert": "conversion,conversion-large"}
_STOPPED = "Everything else was stopped; nothing is lost."


class Stopped(Exception):
    """Someone pressed Ctrl-C or asked the process to terminate."""


class Command(BaseCommand):
    help = "Runs broker, workers, scheduler and web server on this machine, and fills the shop with sample books."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--fresh", action="store_true", help="delete the database and files first")
        parser.add_argument("--port", type=int, default=int(os.environ.get("PORT", "8000")))
        parser.add_argument("--content", choices=["all", "books", "people"], default="all", help="how much to seed")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["fresh"]:
            _forget_everything()
        port = _free_port(options["port"])
        site = f"http://localhost:{port}"
        console, path = Console(), settings.VAR_DIR / "demo.log"
        with path.open("w", encoding="utf-8") as log:
            log_to(path)
            supervisor = Supervisor(environment={"SITE_URL": site, "WEB_URLS": site}, log=log)
            self._supervised(supervisor, console, path, site=site, port=port, content=options["content"])
        console.say("Stopped. Your data is kept for next time.")

    def _supervised(
        self, supervisor: Supervisor, console: Console, log: Path, *, site: str, port: int, content: str
    ) -> None:
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, _stop)
        try:
            self._run(supervisor, console, log, site=site, port=port, content=content)
        except Stopped:
            console.say("", "Stopping …")
        except ProcessEnded as error:
            console.say(f"The last lines of {error.name}:", *last_lines(log, error.name))
            raise CommandError(f"{error}. {_STOPPED} The whole log: {_shown(log)}") from None
        except (TimeoutError, NoBroker) as error:
            raise CommandError(f"{error}. {_STOPPED} The log: {_shown(log)}") from None
        finally:
            for number in (signal.SIGINT, signal.SIGTERM):
                signal.signal(number, signal.SIG_IGN)
            supervisor.stop()

    def _run(self, supervisor: Supervisor, console: Console, log: Path, *, site: str, port: int, content: str) -> None:
        settings.SITE_URL = site
        console.say("", "Starting Octavo", "")
        # The log lines of seeding would clutter the steps.
        logging.getLogger().setLevel(logging.WARNING)
        console.begin("Preparing the database")
        _start_broker(supervisor)
        call_command("migrate", verbosity=0, skip_checks=False)  # reports a database that is too old
        console.step("Database and broker are ready")
        console.begin("Starting the shop")
        python = sys.executable
        celery = [python, "-m", "celery", "--quiet", "-A", "config"]
        for name, queues in WORKERS.items():
            supervisor.start(name, [*celery, *worker_options(name, queues)])
        supervisor.start("web", web_command(port))
        supervisor.wait_until(lambda: _answers(f"{site}/healthz"), "the web server", 60)
        console.step(f"The shop is running at {site}")
        connection.close()
        _build_dictionary(console)
        call_command("seed_demo", content=content, console=console)
        # Only now: seeding sets the clock to the past, and a sweep at today's time would close its payment pages.
        schedule = settings.VAR_DIR / "schedule"
        supervisor.start("beat", [*celery, "beat", "-l", "WARNING", "-s", str(schedule), "--pidfile="])
        health = _free_port(settings.HEALTH_PORT)
        supervisor.start("health", [python, "manage.py", "health", "--port", str(health)])
        _welcome(console, site, health, log)
        supervisor.watch()


def worker_options(name: str, queues: str) -> list[str]:
    """Return the options of a worker of these queues."""
    return [
        "worker",
        "-Q",
        queues,
        "-c",
        "2",
        "-n",
        f"{name}@%h",
        "-l",
        "WARNING",
        "--without-gossip",
        "--without-mingle",
    ]


def web_command(port: int) -> list[str]:
    """Return the command of the web server.

    When asked to stop, it waits for browsers that hold a connection, but not for ever: one may have opened a connection
    in advance without a request, or have stopped reading a download.
    """
    place = ["--host", "127.0.0.1", "--port", str(port)]
    manner = ["--interface", "wsgi", "--blocking-threads", "4", "--workers-kill-timeout", "3", "--log-level", "warning"]
    return [sys.executable, "-m", "granian", *place, *manner, "config.wsgi:application"]


def _stop(number: int, frame: FrameType | None) -> None:
    raise Stopped


def _start_broker(supervisor: Supervisor) -> None:
    scheme, _, path = settings.BROKER_URL.partition("://")
    if scheme != "redis+socket":
        return
    place = Path(path)
    folder = place.parent / "broker"
    folder.mkdir(parents=True, exist_ok=True)
    place.unlink(missing_ok=True)
    supervisor.start("broker", server_command(place, folder))
    supervisor.wait_until(place.exists, "the broker", 20)


def _build_dictionary(console: Console) -> None:
    """Make the reader's English dictionary, if its source is installed. It takes some seconds, once."""
    console.begin("Building the dictionary")
    try:
        building.build_wordnet(building.WORDNET_DIR, settings.DICTIONARIES_DIR)
    except building.NoSource:
        return
    console.step("The reader has a dictionary")


def _forget_everything() -> None:
    for name in ("files", "broker"):
        shutil.rmtree(settings.VAR_DIR / name, ignore_errors=True)
    for path in settings.VAR_DIR.glob("octavo.sqlite3*"):
        path.unlink()


def _free_port(wanted: int) -> int:
    for port in range(wanted, wanted + 50):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise CommandError(f"All ports from {wanted} to {wanted + 49} are in use. Choose another one with --port.")


def _answers(address: str) -> bool:
    try:
        with urlopen(address, timeout=2) as response:  # noqa: S310 # our own address
            return bool(response.status == 200)
    except (URLError, OSError):
        return False


def _welcome(console: Console, site: str, health: int, log: Path) -> None:
    console.say("", f"Octavo is open at  {site}", "", "  Log in as")
    console.say(*(f"    {login.role:<12}{login.email:<28}{login.password}" for login in LOGINS))
    console.say("", f"  Emails  {site}/outbox/", f"  Clock   {site}/demo/clock/")
    console.say(f"  Health  http://127.0.0.1:{health}/readyz, /metrics", f"  Log     {_shown(log)}")
    console.say("", "Ctrl-C stops everything.", "")


def _shown(path: Path) -> str:
    """Return the path as someone in the project's folder would type it."""
    return str(path.relative_to(Path.cwd())) if path.is_relative_to(Path.cwd()) else str(path)
