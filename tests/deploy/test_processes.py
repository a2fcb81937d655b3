"""The processes of a shop: how they are started stands in `script/run`, which of them there are in the units."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from django.conf import settings

from config.celery import app
from operations.setup import machine

ROOT = Path(settings.BASE_DIR)
UNITS = ROOT / "deploy" / "systemd"
SERVICES = sorted(UNITS.glob("octavo-*.service"))
OURS = [unit for unit in SERVICES if "certificate" not in unit.name]


def queues() -> set[str]:
    return {app.conf.task_default_queue} | {route["queue"] for route in app.conf.task_routes.values()}


def wanted() -> list[str]:
    """The units that the target starts."""
    text = (UNITS / "octavo.target").read_text(encoding="utf-8")
    return [name for line in re.findall(r"^Wants=(.*)$", text, re.MULTILINE) for name in line.split()]


def instance(unit: str) -> str:
    return unit.partition("@")[2].removesuffix(".service")


def run(*arguments: str, tmp_path: Path, **variables: str) -> list[str]:
    """What `script/run` becomes: programs of the same names write down how they were called."""
    (tmp_path / "script").mkdir()
    shutil.copy(ROOT / "script" / "run", tmp_path / "script" / "run")
    programs = tmp_path / ".venv" / "bin"
    programs.mkdir(parents=True)
    for name in ("python", "granian", "celery"):
        (programs / name).write_text('#!/bin/sh\nprintf "%s\\n" "$(basename "$0")" "$@"\n')
        (programs / name).chmod(0o755)
    command = [str(tmp_path / "script" / "run"), *arguments]
    environ = {"PATH": os.environ["PATH"], **variables}
    told = subprocess.run(command, capture_output=True, text=True, check=True, env=environ)
    return told.stdout.splitlines()


def test_each_queue_has_one_unit() -> None:
    served = [
        name.partition("@")[2].removesuffix(".service")
        for name in wanted()
        if "worker@" in name or "converter@" in name
    ]
    assert sorted(served) == sorted(queues())


def test_each_unit_is_there_and_started() -> None:
    templates = {re.sub(r"@[^.]+", "@", name) for name in wanted()}
    assert templates == {unit.name for unit in OURS}


def test_the_proxy_knows_each_web_process() -> None:
    text = (ROOT / "deploy" / "nginx.conf").read_text(encoding="utf-8")
    behind = set(re.findall(r"server 127\.0\.0\.1:(\d+)", text))
    assert {instance(name) for name in wanted() if "web@" in name} == behind


@pytest.mark.parametrize("unit", OURS, ids=lambda unit: unit.stem)
def test_units_are_limited_restarted_and_confined(unit: Path) -> None:
    text = unit.read_text(encoding="utf-8")
    for line in (
        "Restart=always", "User=octavo", "MemoryMax=", "TasksMax=", "TimeoutStopSec=", "NoNewPrivileges=yes",
        "CapabilityBoundingSet=\n", "ProtectSystem=strict", "PrivateTmp=yes", "PartOf=octavo.target",
    ):  # fmt: skip
        assert f"\n{line}" in text
    (started,) = re.findall(r"^ExecStart=(.*)$", text, re.MULTILINE)
    assert started.startswith("/srv/octavo/script/run ")


def test_the_nightly_backup_may_be_written() -> None:
    assert f"\nReadWritePaths=-{machine.BACKUPS}\n" in (UNITS / "octavo-worker@.service").read_text(encoding="utf-8")


def test_a_child_that_the_kernel_kills_does_not_end_its_worker() -> None:
    assert "\nOOMPolicy=continue\n" in (UNITS / "octavo-converter@.service").read_text(encoding="utf-8")


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="needs systemd-analyze")
def test_systemd_understands_the_units(tmp_path: Path) -> None:
    for unit in UNITS.iterdir():
        text = unit.read_text(encoding="utf-8").replace("/srv/octavo", str(ROOT))
        (tmp_path / unit.name).write_text(text, encoding="utf-8")
    names = [str(unit) for unit in sorted(tmp_path.iterdir())]
    told = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *names], capture_output=True, text=True, check=False
    )
    assert (told.returncode, told.stderr) == (0, "")


class TestRun:
    def test_web_comes_back_when_a_worker_is_killed_and_takes_what_the_proxy_sends(self, tmp_path: Path) -> None:
        command = run("web", tmp_path=tmp_path, WEB_PORT="8001", WEB_THREADS="3")
        assert command[0] == "granian"
        assert "--respawn-failed-workers" in command
        for option, value in (("--port", "8001"), ("--blocking-threads", "3"), ("--backpressure", "256")):
            assert command[command.index(option) + 1] == value

    def test_worker_serves_the_queues_it_was_told(self, tmp_path: Path) -> None:
        command = run("worker", "money,mail", tmp_path=tmp_path)
        assert command[command.index("-Q") + 1] == "money,mail"
        assert command[command.index("-n") + 1] == "money+mail@%h"

    @pytest.mark.parametrize(("queue", "processes"), [("money", "2"), ("nightly", "1"), ("conversion-large", "1")])
    def test_worker_takes_as_many_tasks_as_its_queue_bears(self, tmp_path: Path, queue: str, processes: str) -> None:
        command = run("worker", queue, tmp_path=tmp_path)
        assert command[command.index("-c") + 1] == processes

    @pytest.mark.parametrize("process", [("worker", "default"), ("beat",)])
    def test_what_tasks_log_is_seen(self, tmp_path: Path, process: tuple[str, ...]) -> None:
        """Celery's own default is WARNING, and goes before that of our settings."""
        command = run(*process, tmp_path=tmp_path)
        assert command[command.index("-l") + 1] == "INFO"

    def test_beat_keeps_its_schedule_with_the_data(self, tmp_path: Path) -> None:
        command = run("beat", tmp_path=tmp_path, VAR_DIR="/var/lib/octavo")
        assert command[command.index("-s") + 1] == "/var/lib/octavo/beat-schedule"

    @pytest.mark.parametrize("arguments", [(), ("webb",), ("worker",)])
    def test_what_it_does_not_know_is_refused(self, tmp_path: Path, arguments: tuple[str, ...]) -> None:
        with pytest.raises(subprocess.CalledProcessError) as refused:
            run(*arguments, tmp_path=tmp_path)
        assert refused.value.returncode == 2
        assert "worker" in refused.value.stderr


def test_flags_stand_in_one_place() -> None:
    """Instructions that start a process by flags of their own start another one than was tried."""
    for path in [*(ROOT / "deploy").rglob("*"), *(ROOT / "docs").glob("*.md")]:
        if path.is_file():
            text = path.read_text(encoding="utf-8")
            assert not re.search(r"granian --|celery -A config|-m granian", text), path
