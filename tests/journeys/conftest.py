"""The running product, as its users meet it: web server, worker, schedule and broker as processes of their own.

Journeys reach it by HTTP and by `manage.py`, never through this process's Django.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit
from urllib.request import urlopen

import psycopg
import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, sync_playwright

from tests.support.browser import FLAGS, find_browser
from tests.support.migrated import copy_file, template

ROOT = Path(__file__).resolve().parent.parent.parent
_READY_SECONDS = 180


def pytest_itemcollected(item: pytest.Item) -> None:
    item.add_marker(pytest.mark.journey)


@dataclass(frozen=True)
class Product:
    """An Octavo that runs for the tests. `environment` reaches the same database and files by `manage.py`."""

    site: str
    environment: dict[str, str]
    log: Path  # what the terminal would show

    @property
    def processes_log(self) -> Path:
        return Path(self.environment["VAR_DIR"]) / "demo.log"

    def manage(self, *command: str) -> subprocess.CompletedProcess[str]:
        """Run a management command beside the running product."""
        return subprocess.run(
            [sys.executable, "manage.py", *command],
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )


@pytest.fixture(scope="package")
def product(tmp_path_factory: pytest.TempPathFactory, django_db_setup: None) -> Iterator[Product]:
    """Octavo with its log-ins and no books; other tests of this process need not run beside it."""
    folder = tmp_path_factory.mktemp("product")
    (folder / "var").mkdir()
    with _Database(folder / "var") as address:
        port = _free_port()
        environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "config.settings.dev",
            "VAR_DIR": str(folder / "var"),
            "SITE_URL": f"http://localhost:{port}",
            # A Unix socket's path may be 107 characters at most, which a deep temporary folder exceeds.
            "BROKER_URL": f"redis+socket:///tmp/octavo-journey-{os.getpid()}.sock",
        }
        environment.pop("DATABASE_URL", None)
        if address:
            environment["DATABASE_URL"] = address
        running = Product(f"http://localhost:{port}", environment, folder / "log")
        with running.log.open("wb") as log:
            process = subprocess.Popen(
                [sys.executable, "manage.py", "demo", "--content", "people", "--port", str(port)],
                cwd=ROOT,
                env=environment,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        try:
            _wait_until_ready(running, process)
            yield running
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(60)
            # Shown by pytest when a journey failed.
            sys.stdout.write(running.log.read_text(errors="replace"))
            sys.stdout.write(running.processes_log.read_text(errors="replace")[-20_000:])


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=find_browser(), args=FLAGS)
        yield launched
        launched.close()


@contextmanager
def visitor(browser: Browser, product: Product, *, scripts: bool = True) -> Iterator[Page]:
    """Somebody with no cookies, perhaps without scripts. Fails when the pages' own scripts erred."""
    context = browser.new_context(
        base_url=product.site,
        viewport={"width": 1280, "height": 900},
        locale="en-US",
        java_script_enabled=scripts,
    )
    context.set_default_timeout(20_000)
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda message: errors.append(message.text) if _is_fault(message) else None)
    yield page
    context.close()
    assert errors == []


def _is_fault(message: ConsoleMessage) -> bool:
    """A form that is shown again with what is missing is none."""
    return message.type == "error" and "status of 422" not in message.text


def _wait_until_ready(running: Product, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + _READY_SECONDS
    while "Octavo is open at" not in running.log.read_text(errors="replace"):
        if process.poll() is not None or time.monotonic() > deadline:
            pytest.fail(f"the product did not start:\n{running.log.read_text(errors='replace')[-5000:]}")
        time.sleep(0.2)
    with urlopen(f"{running.site}/healthz") as response:
        assert response.status == 200


class _Database:
    """A migrated database of its own on the test run's PostgreSQL server; "" and a file where the run is on SQLite."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __enter__(self) -> str:
        self.server = os.environ.get("DATABASE_URL", "")
        self.name = f"journey_{os.getpid()}"
        if not self.server.startswith("postgres"):
            copy_file(self.folder / "octavo.sqlite3")
            return ""
        self._execute(f'CREATE DATABASE {self.name} TEMPLATE "{template()}"')
        return urlunsplit(urlsplit(self.server)._replace(path=f"/{self.name}"))

    def __exit__(self, *exc: object) -> None:
        if self.server.startswith("postgres"):
            self._execute(f"DROP DATABASE IF EXISTS {self.name} WITH (FORCE)")

    def _execute(self, statement: str) -> None:
        with psycopg.connect(self.server, autocommit=True) as connection:
            connection.execute(statement.encode())


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
