"""How long one author's tiny manuscript waits while another account has filled the queue: a real broker and worker.

    python -m tests.conversion.jobs.turns
    python -m tests.conversion.jobs.turns --crowd 80 --processes 2 --accounts 1

Each of the crowd's accounts asks for its share of the jobs, over small manuscripts that differ, with every format that
the shop makes. Once the worker is at it, an account of its own asks for one more. Printed are how long that one waited
until it was started and until its files were there, and how many of the crowd's were started before it. Leaves with 1
when the wait misses the goal.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from accounts.models import User

PROJECT = Path(__file__).resolve().parents[3]
_GOAL_S = 30.0
_PATIENCE_S = 1800.0
_BEGUN = 2  # jobs of the crowd that are made before the honest one comes


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--crowd", type=int, default=80, help="jobs that wait before the one that is watched")
    parser.add_argument("--accounts", type=int, default=1, help="accounts that asked for them")
    parser.add_argument("--processes", type=int, default=2, help="of the worker")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="octavo-turns-", dir="/tmp") as folder:
        _prepare(Path(folder), options.crowd)
        with _shop(Path(folder), options.processes):
            started, made, before = _watch(options.crowd, options.accounts)
    print(f"{options.crowd} jobs of {options.accounts} account(s), {options.processes} worker processes:")
    print(f"  the other account's tiny manuscript was started after {started:.1f} s, and made after {made:.1f} s")
    print(f"  {before} of the crowd's jobs were started between its request and its start")
    return 0 if started <= _GOAL_S else 1


def _prepare(folder: Path, crowd: int) -> None:
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "config.settings.dev",
        "VAR_DIR": str(folder),
        "DATABASE_URL": f"sqlite:///{folder}/octavo.sqlite3",
        "BROKER_URL": f"redis+socket://{folder}/broker.sock",
        "MAX_OPEN_JOBS": str(crowd + 1),  # what is measured is turns, not that quota
        "LOG_LEVEL": "ERROR",
    }
    import django

    django.setup()
    from django.core.management import call_command

    import config  # noqa: F401 # the Celery app

    call_command("migrate", verbosity=0)


@contextmanager
def _shop(folder: Path, processes: int) -> Iterator[None]:
    from common.broker import server_command

    data = folder / "broker"
    data.mkdir()
    celery = [sys.executable, "-m", "celery", "--quiet", "-A", "config"]
    worker = [
        "worker",
        "-c",
        str(processes),
        "-l",
        "ERROR",
        "--without-gossip",
    ]
    commands = [
        server_command(folder / "broker.sock", data),
        [*celery, *worker],
        [*celery, "beat", "-l", "ERROR", "-s", str(folder / "schedule"), "--pidfile="],
    ]
    running: list[subprocess.Popen[bytes]] = []
    try:
        for command in commands:
            running.append(subprocess.Popen(command, cwd=PROJECT))
            time.sleep(1)
        yield
    finally:
        for process in reversed(running):
            process.terminate()
            process.wait(60)


def _watch(crowd: int, accounts: int) -> tuple[float, float, int]:
    from conversion.models import ConversionJob, JobState

    people = [_author(f"crowd-{number}") for number in range(accounts)]
    for number in range(crowd):
        _ask(people[number % accounts], number)
    _wait_until(lambda: ConversionJob.objects.filter(state=JobState.DONE).count() >= _BEGUN)
    job_id = _ask(_author("honest"), crowd)
    asked = ConversionJob.objects.get(pk=job_id).created_at
    _wait_until(lambda: ConversionJob.objects.get(pk=job_id).is_finished)
    job = ConversionJob.objects.get(pk=job_id)
    if job.state != JobState.DONE or job.started_at is None or job.finished_at is None:
        raise SystemExit(f"the job ended as {job.state}: {job.failure_code}")
    between = ConversionJob.objects.filter(started_at__gt=asked, started_at__lt=job.started_at).count()
    return (job.started_at - asked).total_seconds(), (job.finished_at - asked).total_seconds(), between


def _author(name: str) -> User:
    from accounts.models import User

    return User.objects.create(email=f"{name}@example.org", display_name=name, is_author=True)


def _ask(author: User, number: int) -> int:
    import hashlib
    import io

    from common import clock, storage
    from conversion import services
    from conversion.options import ConversionOptions

    source = f"# Chapter {number}\n\nRain fell on the harbour.\n".encode()
    sha256 = hashlib.sha256(source).hexdigest()
    file = storage.store(storage.private(), f"manuscripts/{sha256}.md", io.BytesIO(source), sha256)
    job = services.request_conversion(
        actor=author,
        source_file=file,
        source_name="book.md",
        source_sha256=sha256,
        options=ConversionOptions(),
        at=clock.now(),
    )
    return job.pk


def _wait_until(ready: Callable[[], bool]) -> None:
    deadline = time.monotonic() + _PATIENCE_S
    while not ready():
        if time.monotonic() > deadline:
            raise SystemExit("the worker did not get there")
        time.sleep(0.2)


if __name__ == "__main__":
    sys.exit(main())
