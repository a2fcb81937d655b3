"""A broker that hangs or is gone holds nobody up: the row waits for the sweeper."""

from __future__ import annotations

import signal
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from celery import Celery
from structlog.testing import capture_logs

from common import jobs
from common.broker import server_command
from config.celery import app as shop

TASK = "probe.wake"
LONG_ENOUGH_S = 30  # a request that hangs does so for ever


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[subprocess.Popen[bytes]]:
    socket = tmp_path / "broker.sock"
    server = subprocess.Popen(server_command(socket, tmp_path), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    while not socket.exists():
        assert server.poll() is None, "the broker ended"
        time.sleep(0.01)
    yield server
    server.kill()
    server.wait()


@pytest.fixture
def probe(broker: subprocess.Popen[bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Celery]:
    """An app with the shop's ways of reaching a broker."""
    app = Celery("probe", broker=f"redis+socket://{tmp_path / 'broker.sock'}", set_as_current=False)
    app.conf.broker_transport_options = shop.conf.broker_transport_options
    app.task(name=TASK)(wake)
    monkeypatch.setattr(jobs, "current_app", app)
    monkeypatch.setattr(jobs._Broker, "rests_until", float("-inf"))
    yield app
    app.close()


def wake() -> None:
    """The task; no worker takes it."""


def send() -> None:
    """Send a message as a request does. Fails if that never ends."""
    sending = threading.Thread(target=jobs._send, args=(TASK, {}), daemon=True)
    sending.start()
    sending.join(LONG_ENOUGH_S)
    assert not sending.is_alive(), "the request hangs with the broker"


def waiting(app: Celery) -> int:
    with app.connection_for_read() as connection:
        return int(connection.default_channel.client.llen("celery"))


def is_resting() -> bool:
    return jobs._Broker.rests_until > time.monotonic()


class TestSend:
    def test_reaches_a_broker_that_answers(self, probe: Celery) -> None:
        send()
        assert (waiting(probe), is_resting()) == (1, False)

    def test_gives_up_on_one_that_hangs(self, probe: Celery, broker: subprocess.Popen[bytes]) -> None:
        send()
        broker.send_signal(signal.SIGSTOP)
        with capture_logs() as lines:
            send()
        assert [(line["event"], line["task"]) for line in lines] == [("jobs.broker_unreachable", TASK)]

    def test_gives_up_on_one_that_never_answered(self, probe: Celery, broker: subprocess.Popen[bytes]) -> None:
        broker.send_signal(signal.SIGSTOP)
        send()
        assert is_resting()

    def test_gives_up_on_one_that_is_gone(self, probe: Celery, broker: subprocess.Popen[bytes]) -> None:
        send()
        broker.kill()
        broker.wait()
        send()
        assert is_resting()

    def test_does_not_ask_again_for_a_while(self, probe: Celery, broker: subprocess.Popen[bytes]) -> None:
        broker.send_signal(signal.SIGSTOP)
        send()
        broker.send_signal(signal.SIGCONT)
        with capture_logs() as lines:
            send()
        assert (lines, waiting(probe)) == ([], 0)

    def test_reaches_it_again_after_that(
        self, probe: Celery, broker: subprocess.Popen[bytes], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        broker.send_signal(signal.SIGSTOP)
        send()
        broker.send_signal(signal.SIGCONT)
        monkeypatch.setattr(jobs._Broker, "rests_until", time.monotonic())
        send()
        assert waiting(probe) == 1
