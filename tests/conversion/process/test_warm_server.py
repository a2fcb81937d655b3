"""The warm process: what becomes of it when it dies, when its worker does, and when the engine is another."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from conversion.engine.contract import ConversionRequest, Progress
from conversion.engine.errors import PlatformFault
from conversion.engine.process import runner, warm_server
from conversion.engine.process.launch import Spawn
from conversion.engine.process.warm_server import WarmServer

ACTING = "tests.conversion.process.children.acting"
pytestmark = pytest.mark.skipif(not warm_server.available(), reason="servers are Linux's")


@pytest.fixture
def warm() -> Iterator[WarmServer]:
    started = WarmServer(ACTING)
    yield started
    started.close()


@pytest.fixture
def place(tmp_path: Path) -> Path:
    (tmp_path / "source").write_text("words")
    (tmp_path / "out").mkdir()
    return tmp_path


def run(place: Path, warm: WarmServer, action: str = "honest", report=lambda progress: None) -> str:
    request = ConversionRequest(source=place / "source", name=action, out=place / "out")
    return runner.run(request, report, launch=warm).title


def is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


class TestServer:
    def test_serves_one_conversion_after_another_from_one_process(self, place: Path, warm: WarmServer) -> None:
        run(place, warm)
        first = warm.pid
        run(place, warm)
        assert warm.pid == first

    def test_starts_again_when_it_died_between_conversions(self, place: Path, warm: WarmServer) -> None:
        run(place, warm)
        first = warm.pid
        os.kill(first, signal.SIGKILL)
        assert run(place, warm)
        assert warm.pid != first

    def test_a_death_under_a_conversion_is_our_fault_and_the_next_one_runs(self, place: Path, warm: WarmServer) -> None:
        def kill(progress: Progress) -> None:
            os.kill(warm.pid, signal.SIGKILL)

        with pytest.raises(PlatformFault) as crash:
            run(place, warm, "wait", kill)
        assert crash.value.code == "child.crashed"
        assert list((place / "out").iterdir()) == []
        assert run(place, warm)

    def test_starts_again_when_the_engine_was_changed(
        self, place: Path, warm: WarmServer, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        run(place, warm)
        first = warm.pid
        monkeypatch.setattr(warm_server, "surroundings_now", lambda: "a deployment")
        run(place, warm)
        second = warm.pid
        run(place, warm)
        assert second != first
        assert warm.pid == second
        assert not is_alive(first)

    def test_ends_with_its_worker(self, tmp_path: Path) -> None:
        script = (
            "from conversion.engine.process.warm_server import WarmServer; s = WarmServer(); "
            "s.prepare(); print(s.pid); s.ask(b'')"
        )
        worker = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True)
        assert worker.stdout is not None
        pid = int(worker.stdout.readline())
        worker.kill()
        worker.wait()
        worker.stdout.close()
        deadline = time.monotonic() + 30
        while is_alive(pid) and time.monotonic() < deadline:
            time.sleep(0.05)
        assert not is_alive(pid)


class TestBorrowed:
    def test_lends_one_process_to_one_conversion_at_a_time(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(warm_server, "_free", {})
        with warm_server.lease_server() as one, warm_server.lease_server() as two:
            assert one is not two
        with warm_server.lease_server() as again:
            assert again in (one, two)

    def test_does_without_where_there_can_be_none(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(warm_server, "available", lambda: False)
        with warm_server.lease_server() as launch:
            assert isinstance(launch, Spawn)
