"""Whoever starts the demonstration sees steps; what the processes log goes to a file."""

from __future__ import annotations

import io
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from demo.console import LAST_LINES, Console, last_lines
from demo.supervisor import ProcessEnded, Supervisor


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return tmp_path / "demo.log"


@pytest.fixture
def supervisor(log: Path) -> Iterator[Supervisor]:
    with log.open("w") as file:
        running = Supervisor(environment={}, log=file)
        yield running
        running.stop()


def until_written(log: Path, words: str) -> str:
    deadline = time.monotonic() + 20
    while words not in log.read_text() and time.monotonic() < deadline:
        time.sleep(0.05)
    return log.read_text()


class TestSupervisor:
    def test_what_a_process_says_goes_to_the_log_alone(
        self, supervisor: Supervisor, log: Path, capfd: pytest.CaptureFixture[str]
    ) -> None:
        says = "import sys; print('WARNING all is well'); print('ERROR too', file=sys.stderr)"
        supervisor.start("worker", [sys.executable, "-c", says])
        assert until_written(log, "ERROR too").splitlines() == ["worker  WARNING all is well", "worker  ERROR too"]
        assert capfd.readouterr() == ("", "")

    def test_names_who_ended(self, supervisor: Supervisor, log: Path) -> None:
        supervisor.start("web", [sys.executable, "-c", "raise SystemExit('the port is taken')"])
        with pytest.raises(ProcessEnded, match="web ended with status 1") as ended:
            supervisor.wait_until(lambda: False, "the web server", 20)
        until_written(log, "taken")
        assert last_lines(log, ended.value.name) == ["web     the port is taken"]


class TestLastLines:
    def test_are_the_end_of_one_process(self, log: Path) -> None:
        log.write_text("".join(f"web     {number}\nworker  {number}\n" for number in range(100)))
        assert last_lines(log, "web") == [f"web     {number}" for number in range(100 - LAST_LINES, 100)]

    def test_of_no_log_are_none(self, log: Path) -> None:
        assert last_lines(log, "web") == []


class TestConsole:
    def test_a_terminal_sees_a_step_grow_on_its_line(self) -> None:
        out = Terminal()
        console = Console(out)
        for done in (1, 2, 3):
            console.progress("Books published", done, 3)
        assert out.getvalue().count("\n") == 1
        assert "Books published 2 of 3 …\r" in out.getvalue()
        assert out.getvalue().endswith("0 s\n")

    def test_a_file_gets_the_finished_step(self) -> None:
        out = io.StringIO()
        console = Console(out)
        for done in (1, 2, 3):
            console.progress("Books published", done, 3)
        assert out.getvalue().split() == ["Books", "published", "3", "of", "3", "0", "s"]


def test_what_this_process_logs_stays_out_of_sight_after_a_job_is_sent(log: Path) -> None:
    lines = [
        "import logging, pathlib, sys, django",
        "django.setup()",
        "from common import jobs",
        "from demo.console import log_to",
        "log_to(pathlib.Path(sys.argv[1]))",
        "jobs._register('conversion.run')",
        "logging.getLogger('shop').warning('conversion.canceled')",
    ]
    run = subprocess.run([sys.executable, "-c", "\n".join(lines), str(log)], capture_output=True, text=True, check=True)
    assert (run.stdout, run.stderr) == ("", "")
    assert "conversion.canceled" in log.read_text()
