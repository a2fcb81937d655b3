"""A RabbitMQ of a test's own, in a folder of its own, without a trace on the machine."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from kombu.connection import Connection
from kombu.exceptions import OperationalError

# Debian's wrapper on PATH starts the machine's own server instead.
SERVER = Path("/usr/lib/rabbitmq/bin/rabbitmq-server")
_EPMD = "/usr/bin/epmd"
_PATIENCE_SECONDS = 120
_ATTEMPTS = 3


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@contextmanager
def rabbitmq(folder: Path) -> Iterator[str]:
    """Yield the URL of a server that ends with the block."""
    for attempt in range(_ATTEMPTS):
        server = Server(folder / str(attempt))
        try:
            server.start()
            if server.is_ready():
                yield server.address
                return
        finally:
            server.stop()
    raise AssertionError(f"RabbitMQ did not start:\n{server.output.read_text(errors='replace')[-3000:]}")


class Server:
    """RabbitMQ in a folder, which may be started again. A port that was free may be taken before the server has it."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir()
        port, names, distribution = _free_port(), _free_port(), _free_port()
        self.address, self.output = f"amqp://guest:guest@127.0.0.1:{port}//", folder / "output"
        (folder / "rabbitmq.conf").write_text(f"listeners.tcp.1 = 127.0.0.1:{port}\n", encoding="utf-8")
        (folder / "plugins").write_text("[].\n", encoding="utf-8")
        self._names = names
        self._environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(folder),
            "LANG": "C.UTF-8",
            "ERL_EPMD_PORT": str(names),
            "ERL_EPMD_ADDRESS": "127.0.0.1",
            "RABBITMQ_NODENAME": f"octavo{port}@localhost",
            "RABBITMQ_DIST_PORT": str(distribution),
            "RABBITMQ_CONFIG_FILE": str(folder / "rabbitmq.conf"),
            "RABBITMQ_ENABLED_PLUGINS_FILE": str(folder / "plugins"),
            "RABBITMQ_MNESIA_BASE": str(folder / "data"),
            "RABBITMQ_LOG_BASE": str(folder / "log"),
            "RABBITMQ_PID_FILE": str(folder / "pid"),
            "ERL_CRASH_DUMP": str(folder / "erl_crash.dump"),
        }
        self.processes: list[subprocess.Popen[bytes]] = []

    def start(self) -> None:
        """Start the server and the process that knows its port."""
        with self.output.open("ab") as output:
            self.processes = [
                subprocess.Popen(command, env=self._environment, stdout=output, stderr=output, start_new_session=True)
                for command in ([_EPMD, "-port", str(self._names)], [str(SERVER)])
            ]

    def is_ready(self) -> bool:
        """Wait until a visitor can log in and declare a queue: the door opens a while before that."""
        deadline = time.monotonic() + _PATIENCE_SECONDS
        while time.monotonic() < deadline and self.processes[-1].poll() is None:
            try:
                with Connection(self.address, connect_timeout=5) as visitor:  # type: ignore[no-untyped-call]
                    visitor.default_channel.queue_declare("ready", exclusive=True)
                    return True
            except (OSError, OperationalError):
                time.sleep(0.2)
        return False

    def stop(self) -> None:
        """End the server and what it started."""
        for process in reversed(self.processes):
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait(10)
