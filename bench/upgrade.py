"""Upgrade a shop that an earlier release filled, on SQLite and PostgreSQL, and check what came over.

    python -m bench.upgrade [--from RELEASE] [--only sqlite|postgresql] [--log FILE]

The earlier release is checked out beside this one, fills a database and its folder of files with the demonstration's
people, books and trade by its own code, and is stopped. Then this release migrates. Nothing that both know may be gone;
`check`, `verify_ledger` and `check_files` look at all of it; and the demonstration goes on with it and answers.

It is a bench and no test, since it needs the history of the repository and minutes. `--from` is a tag or a commit:
without it the newest tag, and as long as there is none, a commit whose apps had (nearly) only their first migrations.
Packages are this release's. Exits with 1 unless everything is in order.
"""

from __future__ import annotations

import argparse
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from urllib.request import urlopen

import psycopg

from tests.support import postgres

_ROOT = Path(__file__).resolve().parents[1]
# Of apps with migrations after the first one: conversion and royalties, one each.
_FIRST = "4e3da97e"
_PATIENCE_S = 1800
_OPEN = "Octavo is open at"
# What is of the moment, not of the shop.
_PASSING = {"django_migrations", "django_session", "common_cacheentry", "heartbeats_heartbeat"}
_PAGES = ("/", "/books/", "/accounts/login/", "/ranking/")
_CHECKS = (("check", "--database", "default"), ("check_files",), ("verify_ledger",))


class Failed(Exception):
    """A step of the upgrade failed; the text has the end of what it said."""


class Report:
    """What is said, on the terminal and in the log."""

    def __init__(self, log: Path | None) -> None:
        self._log = log.open("w", encoding="utf-8") if log else None

    def say(self, text: str) -> None:
        for file in filter(None, (sys.stdout, self._log)):
            print(text, file=file, flush=True)


class Shop:
    """A database and a folder of files, which several releases use one after the other."""

    def __init__(self, folder: Path, database: str) -> None:
        self.folder, self.database = folder, database
        self.environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(folder),
            "DJANGO_SETTINGS_MODULE": "config.settings.dev",
            "VAR_DIR": str(folder / "var"),
            "DATABASE_URL": database,
        }

    def manage(self, tree: Path, *words: str) -> tuple[float, str]:
        """Run a command of a release, and return the seconds it took and its last line. Raises Failed."""
        began = time.monotonic()
        told = subprocess.run(
            [sys.executable, "manage.py", *words],
            cwd=tree,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        if told.returncode:
            raise Failed(f"{' '.join(words)} failed:\n{told.stdout[-2000:]}{told.stderr[-2000:]}")
        return time.monotonic() - began, (told.stdout.strip().splitlines() or [""])[-1]

    @contextmanager
    def demonstration(self, tree: Path, content: str) -> Iterator[str]:
        """Run a release's demonstration, filled, and yield its address. Raises Failed."""
        with (self.folder / "demonstration").open("w+", encoding="utf-8") as output:
            command = [sys.executable, "manage.py", "demo", "--content", content, "--port", str(_free_port())]
            process = subprocess.Popen(command, cwd=tree, env=self.environment, stdout=output, stderr=output)
            try:
                yield self._opened(process)
            finally:
                process.send_signal(signal.SIGTERM)
                process.wait(120)

    def _opened(self, process: subprocess.Popen[bytes]) -> str:
        until = time.monotonic() + _PATIENCE_S
        said = self.folder / "demonstration"
        while _OPEN not in (text := said.read_text(encoding="utf-8")):
            if process.poll() is not None or time.monotonic() > until:
                raise Failed(f"The demonstration did not open:\n{text[-3000:]}")
            time.sleep(0.5)
        return text.partition(_OPEN)[2].split()[0]

    def rows(self) -> dict[str, int]:
        """Return how many rows each table has."""
        return _of_sqlite(self.database) if self.database.startswith("sqlite") else _of_postgresql(self.database)


def main() -> int:
    options = _options()
    report = Report(options.log)
    release = options.release or _newest_tag() or _FIRST
    fine = True
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="octavo-upgrade-")))
        before = stack.enter_context(_checked_out(release, folder / "before"))
        for vendor in ("sqlite", "postgresql"):
            if options.only in (None, vendor):
                home = folder / vendor
                home.mkdir()
                url = f"sqlite://{home}/shop.sqlite3" if vendor == "sqlite" else stack.enter_context(postgres.server())
                report.say(f"\n{vendor}, filled by {release}")
                fine = _upgraded(Shop(home, url), before, report) and fine
    return 0 if fine else 1


def _upgraded(shop: Shop, before: Path, report: Report) -> bool:
    try:
        began = time.monotonic()
        with shop.demonstration(before, "all"):
            took = time.monotonic() - began
        old = shop.rows()
        report.say(f"  {sum(old.values()):,} rows in {len(old)} tables, {took:.0f} s")
        took, _line = shop.manage(_ROOT, "migrate", "--verbosity", "0")
        new = shop.rows()
        report.say(f"  migrated in {took:.1f} s: {sum(new.values()):,} rows in {len(new)} tables")
        lost = {table: f"{count:,} → {new[table]:,}" for table, count in old.items() if new.get(table, count) < count}
        report.say(f"  tables with fewer rows: {lost or 'none'}")
        gone = {table: count for table, count in old.items() if table not in new}
        report.say(f"  tables that are no more, with their rows: {gone or 'none'}")
        for words in _CHECKS:
            took, line = shop.manage(_ROOT, *words)
            report.say(f"  {' '.join(words)}: {line} ({took:.1f} s)")
        with shop.demonstration(_ROOT, "people") as site:
            report.say(f"  pages: {', '.join(f'{path} {_status(site + path)}' for path in _PAGES)}")
        report.say(f"  after it went on: {shop.manage(_ROOT, 'verify_ledger')[1]}")
    except Failed as failed:
        report.say(f"  {failed}")
        return False
    return not lost


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Upgrade a filled shop of an earlier release.")
    parser.add_argument("--from", dest="release", help="a tag or commit (default: the newest tag)")
    parser.add_argument("--only", choices=["sqlite", "postgresql"])
    parser.add_argument("--log", type=Path)
    return parser.parse_args()


def _newest_tag() -> str:
    told = subprocess.run(
        ["git", "describe", "--tags", "--abbrev=0", "HEAD^"], cwd=_ROOT, capture_output=True, text=True, check=False
    )
    return told.stdout.strip()


@contextmanager
def _checked_out(release: str, folder: Path) -> Iterator[Path]:
    """Check a release out into a folder, with the front-end packages of this one."""
    subprocess.run(["git", "worktree", "add", "--quiet", "--detach", str(folder), release], cwd=_ROOT, check=True)
    try:
        (folder / "node_modules").symlink_to(_ROOT / "node_modules")
        shutil.copytree(_ROOT / "static" / "vendor", folder / "static" / "vendor", dirs_exist_ok=True)
        yield folder
    finally:
        subprocess.run(["git", "worktree", "remove", "--force", str(folder)], cwd=_ROOT, check=True)


def _of_sqlite(url: str) -> dict[str, int]:
    with sqlite3.connect(url.removeprefix("sqlite://")) as database:
        named = database.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
        tables = [str(name) for (name,) in named]
        return {table: database.execute(f'SELECT count(*) FROM "{table}"').fetchone()[0] for table in _lasting(tables)}


def _of_postgresql(url: str) -> dict[str, int]:
    found: dict[str, int] = {}
    with psycopg.connect(url) as database:
        tables = database.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
        for table in _lasting([str(name) for (name,) in tables]):
            query = psycopg.sql.SQL("SELECT count(*) FROM {}").format(psycopg.sql.Identifier(table))
            counted = database.execute(query).fetchone()
            found[table] = counted[0] if counted else 0
    return found


def _lasting(tables: list[str]) -> list[str]:
    """Return the tables whose rows have to come over. A full-text index has tables of its own, which are made anew."""
    return sorted(table for table in tables if table not in _PASSING and "_fts" not in table)


def _status(address: str) -> int:
    with urlopen(address, timeout=60) as response:
        return int(response.status)


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


if __name__ == "__main__":
    sys.exit(main())
