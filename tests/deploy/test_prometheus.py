"""Alarms: the rules hold by their own tests, each has a runbook, and a real Prometheus raises one for a fault."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest
from django.conf import settings

from common.broker import server_command
from operations.metrics import state

FOLDER = settings.BASE_DIR / "deploy" / "prometheus"
_PATIENCE_SECONDS = 90
_needs_prometheus = pytest.mark.skipif(
    shutil.which("promtool") is None, reason="needs Prometheus (apt-get install prometheus; script/bootstrap --tests)"
)


@_needs_prometheus
@pytest.mark.parametrize(
    "arguments",
    [("check", "config", "prometheus.yml"), ("check", "rules", "alerts.yml"), ("test", "rules", "alerts_test.yml")],
)
def test_prometheus_accepts_them(arguments: tuple[str, ...]) -> None:
    done = subprocess.run(["promtool", *arguments], cwd=FOLDER, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_each_alarm_has_a_runbook_and_a_test_of_its_own() -> None:
    rules = (FOLDER / "alerts.yml").read_text(encoding="utf-8")
    tests = (FOLDER / "alerts_test.yml").read_text(encoding="utf-8")
    manual = (settings.BASE_DIR / "docs" / "operations.md").read_text(encoding="utf-8")
    names = re.findall(r"- alert: (\w+)", rules)
    assert len(names) >= 20
    for name in names:
        assert f"runbook: docs/operations.md#{name.lower()}\n" in rules
        assert f"#### {name}\n" in manual
        assert f"alertname: {name}\n" in tests
    assert set(re.findall(r"#### (Octavo\w+)\n", manual)) == set(names)


@pytest.mark.django_db
def test_alarms_ask_for_figures_that_there_are(settings) -> None:  # type: ignore[no-untyped-def]
    settings.BACKUP_DIR = "/backups"
    rules = (FOLDER / "alerts.yml").read_text(encoding="utf-8")
    asked = set(re.findall(r"octavo_\w+", rules)) - {"octavo_dependency_up", "octavo_state_read"}
    counted = {
        "octavo_requests_total",
        "octavo_request_seconds_bucket",
        "octavo_messages_unsent_total",
        "octavo_conversion_attempts_total",
        "octavo_sandbox_missing_protections",
        "octavo_queue_messages",  # the broker of the tests has no queues
    }
    assert asked - counted <= {family.name for family in state.read_all()}


class Watched:
    """A broker, the health process that asks it, and a Prometheus that reads the health process."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.running: list[subprocess.Popen[str]] = []

    def start(self) -> None:
        self.broker = self._run(server_command(self.folder / "broker.sock", self.folder), os.environ)
        health, self.port = _free_port(), _free_port()
        environment = os.environ | {
            "DJANGO_SETTINGS_MODULE": "config.settings.dev",
            "VAR_DIR": str(self.folder),
            "DATABASE_URL": f"sqlite:///{self.folder}/shop.sqlite3",
            "BROKER_URL": f"redis+socket://{self.folder}/broker.sock",
            "WEB_URLS": "none",
        }
        self._run([sys.executable, "manage.py", "health", "--port", str(health)], environment)
        rules = (FOLDER / "alerts.yml").read_text(encoding="utf-8")
        (self.folder / "alerts.yml").write_text(re.sub(r"for: \d+m", "for: 1s", rules), encoding="utf-8")
        text = (FOLDER / "prometheus.yml").read_text(encoding="utf-8")
        text = text.replace("15s", "3s").replace("10s", "3s").replace("127.0.0.1:9180", f"127.0.0.1:{health}")
        (self.folder / "prometheus.yml").write_text(text, encoding="utf-8")
        command = ["prometheus", f"--config.file={self.folder}/prometheus.yml"]
        command += [f"--storage.tsdb.path={self.folder}/tsdb", f"--web.listen-address=127.0.0.1:{self.port}"]
        self._run(command, os.environ)

    def _run(self, command: list[str], environment: Any) -> subprocess.Popen[str]:
        with (self.folder / "log").open("a") as log:
            process = subprocess.Popen(
                command, cwd=settings.BASE_DIR, env=environment, stdout=log, stderr=log, text=True
            )
        self.running.append(process)
        return process

    def stop(self) -> None:
        for process in reversed(self.running):
            process.kill()
            process.wait(10)

    def firing(self) -> set[tuple[str, str]]:
        """Alarms that are raised: name and dependency."""
        try:
            with urlopen(f"http://127.0.0.1:{self.port}/api/v1/alerts", timeout=5) as response:
                alerts = json.load(response)["data"]["alerts"]
        except OSError:
            return set()
        raised = [one["labels"] for one in alerts if one["state"] == "firing"]
        return {(labels["alertname"], labels.get("dependency", "")) for labels in raised}

    def wait_until(self, true: Callable[[], bool]) -> None:
        deadline = time.monotonic() + _PATIENCE_SECONDS
        while not true():
            assert time.monotonic() < deadline, (self.firing(), (self.folder / "log").read_text()[-2000:])
            time.sleep(0.2)


@pytest.fixture
def watched() -> Iterator[Watched]:
    with tempfile.TemporaryDirectory(prefix="octavo-prometheus-") as name:
        made = Watched(Path(name))
        try:
            made.start()
            yield made
        finally:
            made.stop()


@_needs_prometheus
def test_a_frozen_broker_raises_an_alarm_and_the_end_of_it_ends_it(watched: Watched) -> None:
    broker = ("OctavoDependencyDown", "broker")
    # The schedule never ran in this shop, so one alarm is there from the beginning; the broker's is not.
    watched.wait_until(lambda: ("OctavoDependencyDown", "beat") in watched.firing())
    assert broker not in watched.firing()
    os.kill(watched.broker.pid, signal.SIGSTOP)
    try:
        watched.wait_until(lambda: broker in watched.firing())
    finally:
        os.kill(watched.broker.pid, signal.SIGCONT)
    watched.wait_until(lambda: broker not in watched.firing())


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])
