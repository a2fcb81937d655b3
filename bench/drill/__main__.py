"""Destroy a shop that sells, restore it from its backups, and measure how long that takes and what is lost.

    python -m bench.drill
    python -m bench.drill --trade-s 30 --archive-timeout-s 5

A PostgreSQL server of its own archives its log as docs/operations.md says. The demonstration's books are made, a backup
and a base backup are taken, and orders are placed and paid one after the other. Then every process is killed with
SIGKILL, and the database and all stored files are deleted. PostgreSQL is restored to the end of the archived log, the
files from the backup. Then: every order that was reported before the restored moment is there, the ledger is in order,
every file is whole, and the shop answers. Exits with 1 if anything is missing that should be there, if restoring took
more than 30 minutes, or if more than five minutes of orders were lost.
"""

from __future__ import annotations

import argparse
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path

import django

from bench.drill.cluster import Cluster

PROJECT = Path(__file__).resolve().parent.parent.parent
MAX_RESTORE_S, MAX_LOST_S = 30 * 60, 5 * 60
_PORT = 8197


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.drill", description="Destroy a shop and restore it.")
    parser.add_argument("--trade-s", type=int, default=150, help="how long orders are placed after the backup")
    parser.add_argument("--archive-timeout-s", type=int, default=60, help="PostgreSQL's archive_timeout")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="octavo-drill-", dir="/tmp") as name:
        folder = Path(name)
        folder.chmod(0o755)
        cluster = Cluster(folder / "postgresql", archive_timeout_s=options.archive_timeout_s)
        drill = Drill(folder, cluster)
        try:
            return drill.run(options.trade_s)
        finally:
            drill.kill()


class Drill:
    """One drill, step by step. Each step prints how long it took."""

    def __init__(self, folder: Path, cluster: Cluster) -> None:
        self.folder, self.cluster, self.var, self.backups = folder, cluster, folder / "var", folder / "backups"
        self.running: list[subprocess.Popen[bytes]] = []
        self.environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "config.settings.dev",
            "VAR_DIR": str(self.var),
            "DATABASE_URL": cluster.address,
            "BROKER_URL": f"redis+socket://{self.var}/broker.sock",
            "POSTGRESQL_BIN": str(cluster.binaries),
            "LOG_LEVEL": "ERROR",
            "RATE_LIMITS": "no",
            "SITE_URL": f"http://localhost:{_PORT}",
        }

    def run(self, trade_s: int) -> int:
        """Run the drill and return the exit status."""
        with _timed("PostgreSQL with an archive of its log"):
            self.cluster.start()
        with _timed("tables"):
            self._manage("migrate", "--verbosity", "0")
        self._start_workers()
        with _timed("the demonstration's books"):
            self._manage("seed_demo")
        with _timed("manage.py backup"):
            backup = self._manage("backup", "--to", str(self.backups)).split(":", 1)[0]
        with _timed("pg_basebackup"):
            self.cluster.base_backup()
        told = self._trade(trade_s)
        began = time.monotonic()
        with _timed("PostgreSQL restored to the end of the archived log"):
            self.cluster.restore()
        with _timed("manage.py restore --files-only"):
            print(f"    {self._manage('restore', backup, '--files-only').strip()}")
        with _timed("a page of the shop"):
            self._open_shop()
        restored_s = time.monotonic() - began
        with _timed("manage.py verify_ledger"):
            print(f"    {self._manage('verify_ledger').strip().splitlines()[-1]}")
        with _timed("manage.py check_files"):
            print(f"    {self._manage('check_files').strip().splitlines()[-1]}")
        return self._judge(told, restored_s)

    def _start_workers(self) -> None:
        """Start the broker and the workers of the demonstration."""
        os.environ |= self.environment
        django.setup()
        from common.broker import server_command
        from demo.management.commands.demo import WORKERS, worker_options

        data = self.var / "broker"
        data.mkdir(parents=True)
        self._start(server_command(self.var / "broker.sock", data))
        for name, queues in WORKERS.items():
            self._start([sys.executable, "-m", "celery", "--quiet", "-A", "config", *worker_options(name, queues)])

    def _start(self, command: list[str]) -> None:
        log = (self.folder / "log").open("ab")
        self.running.append(
            subprocess.Popen(command, cwd=PROJECT, env=self.environment, stdout=log, stderr=log, start_new_session=True)
        )

    def kill(self) -> None:
        """Kill every process of the shop and of its database."""
        for process in self.running:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        self.running.clear()
        self.cluster.kill()

    def _manage(self, *arguments: str) -> str:
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=PROJECT,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            sys.exit(f"manage.py {' '.join(arguments)} failed:\n{done.stdout[-2000:]}\n{done.stderr[-2000:]}")
        return done.stdout

    def _trade(self, trade_s: int) -> list[tuple[str, datetime]]:
        """Place orders for a while, then destroy everything in their midst. Return the orders that were reported."""
        command = [sys.executable, "-m", "bench.drill.trade"]
        trader = subprocess.Popen(command, cwd=PROJECT, env=self.environment, stdout=subprocess.PIPE, text=True)
        assert trader.stdout is not None
        time.sleep(trade_s)
        os.kill(trader.pid, signal.SIGKILL)
        self.kill()
        self.destroyed_at = datetime.now().astimezone()
        shutil.rmtree(self.cluster.data)
        shutil.rmtree(self.var / "files")
        told = []
        for line in trader.stdout.read().splitlines():
            order, _space, moment = line.partition(" ")
            told.append((order, datetime.fromisoformat(moment)))
        trader.wait()
        print(f"destroyed after {len(told)} orders: every process, the database, all files")
        return told

    def _open_shop(self) -> None:
        command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--port", str(_PORT), "--no-ws"]
        web = subprocess.Popen(
            [*command, "--blocking-threads", "2", "--log-level", "error", "config.wsgi:application"],
            cwd=PROJECT,
            env=self.environment,
        )
        try:
            deadline = time.monotonic() + 120
            while not _answers(f"http://localhost:{_PORT}/books/"):
                if time.monotonic() > deadline:
                    sys.exit("the shop does not answer")
                time.sleep(0.2)
        finally:
            web.terminate()
            web.wait()

    def _judge(self, told: list[tuple[str, datetime]], restored_s: float) -> int:
        there = set(self.cluster.query("SELECT public_id FROM checkout_order WHERE paid_at IS NOT NULL"))
        kept = [order in there for order, _moment in told]
        first_lost = kept.index(False) if False in kept else len(kept)
        lost = len(kept) - first_lost
        last_kept = told[first_lost - 1][1] if first_lost else None
        lost_s = (self.destroyed_at - last_kept).total_seconds() if last_kept else float("inf")
        print(f"orders: {len(told)} reported, {first_lost} there, {lost} lost; {lost_s:.0f} s lost at most")
        print(f"restored in {restored_s:.0f} s")
        has_gap = any(kept[first_lost:])
        if has_gap:
            print("an order is missing although a later one is there")
        return 1 if has_gap or restored_s > MAX_RESTORE_S or lost_s > MAX_LOST_S else 0


@contextmanager
def _timed(what: str) -> Iterator[None]:
    began = time.monotonic()
    yield
    print(f"{time.monotonic() - began:7.1f} s  {what}", flush=True)


def _answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(address, timeout=5) as response:
            return bool(response.status == 200)
    except OSError:
        return False


if __name__ == "__main__":
    sys.exit(main())
