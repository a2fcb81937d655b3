"""A warm process for workers: `python -m conversion.engine.process.warm_server`, which forks a child for each
conversion.

Loading the engine and the typesetting costs more than converting a novel. The server loads once and then forks; each
fork sets up its own sandbox, opens one manuscript and ends, so that two conversions share nothing but what was loaded
before either. The server itself never opens a manuscript and holds nothing confidential: it is started as a program
with an empty environment and accepts requests on one socket. Each request is for one child, and there is never more
than one child.

Pango's font map must not be used before forking: Pango serves it from a thread, which a fork would lack.

Messages on the socket, one packet each:

    "start", with three descriptors (order, channel, log)   -> the child's pid, sent by the child itself
    "status"                                                -> its exit status as `launch.Child.status` has it, or "?"
    "end"                                                   -> "ended"
"""

from __future__ import annotations

import atexit
import contextlib
import gc
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

from ..errors import PlatformFault
from ..support.cache import engine_digest, surroundings_now
from . import launch
from .launch import CHILD, LOG, ORDER, Child, Launch
from .sandbox import SandboxPolicy

_PACKET = 64
_ANSWER_S = 60  # a newly started server takes a while to load on a busy machine
_STATUS_S = 5
_DIED_WITH_SERVER = 1  # an ordinary exit status: whatever killed the server, the manuscript is not to blame

# ---------------------------------------------------------------- the server's side


def main() -> None:
    """Serve until the worker closes the connection or dies."""
    for number in (signal.SIGTERM, signal.SIGINT):  # meant for the worker, which decides about its jobs
        signal.signal(number, signal.SIG_IGN)
    control = socket.socket(fileno=0)
    module = sys.argv[1]
    _load(module)
    while True:
        try:
            request, descriptors, _, _ = socket.recv_fds(control, _PACKET, 3)
        except OSError:
            return
        if not request:
            return
        parent, pid = os.getpid(), os.fork()
        if pid == 0:
            _serve_one(control, descriptors, module, parent)
        for descriptor in descriptors:
            os.close(descriptor)
        try:
            _answer_for(pid, control)
        finally:
            launch.reap(pid)
        if not _sent(control, b"ended"):
            return


def _load(module: str) -> None:
    """Load what conversions need, and exempt it from garbage collection, so that forks share its memory."""
    engine_digest()
    import_module(module)
    import_module("conversion.engine.process.preload")
    gc.collect()
    gc.freeze()


def _serve_one(control: socket.socket, descriptors: list[int], module: str, parent: int) -> None:
    def tell() -> None:
        control.send(str(os.getpid()).encode())
        control.close()

    launch.become_child(descriptors, tell, module, parent)


def _answer_for(pid: int, control: socket.socket) -> None:
    """Answer questions about a child until it is to be ended, or the other side is gone."""
    with contextlib.suppress(OSError):
        while control.recv(_PACKET) == b"status":
            status = launch.wait_for(pid, _STATUS_S)
            control.send(b"?" if status is None else str(status).encode())


def _sent(control: socket.socket, answer: bytes) -> bool:
    with contextlib.suppress(OSError):
        return control.send(answer) > 0
    return False


# ---------------------------------------------------------------- the worker's side


def available() -> bool:
    """Return whether this system can have servers: the sandbox must be set up from inside the process."""
    return sys.platform == "linux"


class WarmServer:
    """A way to start children (`launch.Launch`), for one conversion at a time. Starts its process on the first request,
    and again when the process died or the engine changed (a deployment). Ends it with `close`, or when this process
    ends."""

    def __init__(self, module: str = CHILD) -> None:
        self._module = module
        self._surroundings = ""
        self._process: subprocess.Popen[bytes] | None = None
        self._control: socket.socket | None = None

    @property
    def pid(self) -> int:
        """The server's pid, 0 when there is no server process."""
        return self._process.pid if self._process is not None else 0

    def prepare(self) -> None:
        """Start the process, unless one is running with the current engine, so that it loads while nobody waits."""
        now = surroundings_now()
        if self._process is not None and self._process.poll() is None and self._surroundings == now:
            return
        self.close()
        self._surroundings = now  # recorded before loading, so that changes during loading are noticed next time
        control, far_end = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with far_end:
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-s", "-m", "conversion.engine.process.warm_server", self._module],
                stdin=far_end.fileno(),
                stdout=subprocess.DEVNULL,
                cwd="/",
                env=launch.environment(),
                start_new_session=True,
            )
        control.settimeout(_ANSWER_S)
        self._control = control

    def start(self, folder: Path, policy: SandboxPolicy, readable: Path | None = None) -> Child:
        """Start a child. Raises PlatformFault when two servers in a row do not answer."""
        for _ in range(2):
            self.prepare()
            with contextlib.suppress(OSError):
                if (child := self._asked(folder)) is not None:
                    return child
            self.close()
        raise PlatformFault("child.crashed")

    def _asked(self, folder: Path) -> Child | None:
        control = self._control
        assert control is not None  # noqa: S101 (prepared)
        channel, far_end = os.pipe()
        try:
            with (folder / ORDER).open("rb") as order, (folder / LOG).open("wb") as log:
                socket.send_fds(control, [b"start"], [order.fileno(), far_end, log.fileno()])
            answer = control.recv(_PACKET)
        except OSError:
            os.close(channel)
            raise
        finally:
            os.close(far_end)
        if not answer:
            os.close(channel)
            return None
        return _Served(int(answer), channel, self)

    def ask(self, request: bytes) -> bytes:
        """Ask about the child; return b"" when the server has died."""
        if self._control is None:
            return b""
        try:
            self._control.send(request)
            return self._control.recv(_PACKET)
        except OSError:
            return b""

    def close(self) -> None:
        """End the process and its child."""
        if self._control is not None:
            self._control.close()
            self._control = None
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None


class _Served:
    """A child of the server."""

    def __init__(self, pid: int, channel: int, server: WarmServer) -> None:
        self.pid, self.channel = pid, channel
        self._server = server

    def status(self, timeout_s: float) -> int | None:
        answer = self._server.ask(b"status")
        if answer == b"?":
            return None
        return int(answer) if answer else _DIED_WITH_SERVER

    def end(self) -> None:
        if self._server.ask(b"end") != b"ended":
            # The server has died and the kernel ended its child; processes that the child forked may still live.
            launch.kill_group(self.pid)
            self._server.close()
        os.close(self.channel)


# By pid: a forked process must not use its parent's servers.
_free: dict[int, list[WarmServer]] = {}
_lock = threading.Lock()


@contextlib.contextmanager
def lease_server() -> Iterator[Launch]:
    """Yield this process's server for one conversion, or another launcher where there can be no server."""
    if not available():
        yield launch.Spawn()
        return
    with _lock:
        free = _free.setdefault(os.getpid(), [])
        server = free.pop() if free else WarmServer()
    try:
        yield server
    finally:
        with _lock:
            free.append(server)


@atexit.register
def _close_free() -> None:
    for server in _free.pop(os.getpid(), []):
        server.close()


if __name__ == "__main__":
    main()
