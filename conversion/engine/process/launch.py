"""Ways to start the child process that opens a manuscript.

`Spawn` starts a new interpreter and works everywhere. `Fork` copies this process; it is for the command line, whose
process was started for one conversion with an empty environment. `warm_server.WarmServer` asks a warm process for a
fork of itself; it is for workers. In each case the child starts with only three descriptors (its order, the channel,
its log), in a session of its own, and sets up its sandbox before it opens the manuscript (`child.py`).
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import NoReturn, Protocol

from . import sandbox as walls
from . import sandbox_linux
from .sandbox import SandboxPolicy

CHILD = "conversion.engine.process.child"
ORDER, LOG = "order.json", "log"
_POLL_S = 0.01


class Child(Protocol):
    """A started child. `pid` is also its process group; `channel` is the end of the pipe that it writes to."""

    pid: int
    channel: int

    def status(self, timeout_s: float) -> int | None:
        """Wait for the child to end; return its exit status, minus the signal that killed it, or None on timeout."""

    def end(self) -> None:
        """Kill what is left of the child's process group, and reap the child."""


class Launch(Protocol):
    """A way to start children."""

    def start(self, folder: Path, policy: SandboxPolicy, readable: Path | None = None) -> Child:
        """Start a child on the order in its folder; `readable` is another folder that it may read. Raises
        PlatformFault."""


def environment() -> dict[str, str]:
    """Return the complete environment of a child: nothing of ours, and the same for all."""
    return {"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "PYTHONPATH": str(walls.PROJECT), "PYTHONHASHSEED": "0"}


@dataclass(frozen=True, slots=True)
class Spawn:
    """Starts a new interpreter for each child; `module` is what it runs."""

    module: str = CHILD

    def start(self, folder: Path, policy: SandboxPolicy, readable: Path | None = None) -> Child:
        command = [sys.executable, "-P", "-s", "-m", self.module]
        variables = environment()
        if sys.platform == "darwin" and policy.enabled and Path(walls.SANDBOX_EXEC).exists():
            command = walls.macos_command(folder, command, more_readable=readable)
            variables[walls.UNDER_SANDBOX_EXEC] = "1"
        with (folder / ORDER).open("rb") as order, (folder / LOG).open("wb") as log:
            process = subprocess.Popen(
                command,
                stdin=order,
                stdout=subprocess.PIPE,
                stderr=log,
                cwd=folder,
                env=variables,
                start_new_session=True,
            )
        return _Spawned(process)


class _Spawned:
    """A child that was started as a program."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        assert process.stdout is not None  # noqa: S101 (it was asked for)
        self._process = process
        self.pid, self.channel = process.pid, process.stdout.fileno()

    def status(self, timeout_s: float) -> int | None:
        try:
            return self._process.wait(timeout_s)
        except subprocess.TimeoutExpired:
            return None

    def end(self) -> None:
        kill_group(self.pid)
        self._process.wait()
        if self._process.stdout is not None:
            self._process.stdout.close()


@dataclass(frozen=True, slots=True)
class Fork:
    """Starts a child as a fork of this process, which must have one thread and nothing confidential in memory. Linux
    only: elsewhere the sandbox requires starting a program."""

    module: str = CHILD

    def start(self, folder: Path, policy: SandboxPolicy, readable: Path | None = None) -> Child:
        with (folder / ORDER).open("rb") as order, (folder / LOG).open("wb") as log:
            channel, far_end = os.pipe()
            ready, far_ready = os.pipe()
            parent, pid = os.getpid(), os.fork()
            if pid == 0:
                given = (order.fileno(), far_end, log.fileno())
                become_child(given, lambda: os.write(far_ready, b"."), self.module, parent)
        os.close(far_end)
        os.close(far_ready)
        os.read(ready, 1)  # wait until it has a process group of its own, which can be killed
        os.close(ready)
        return _Forked(pid, channel)


@dataclass(slots=True)
class _Forked:
    """A child that was forked here."""

    pid: int
    channel: int

    def status(self, timeout_s: float) -> int | None:
        return wait_for(self.pid, timeout_s)

    def end(self) -> None:
        reap(self.pid)
        os.close(self.channel)


def become_child(given: Sequence[int], tell: Callable[[], object], module: str, parent: int) -> NoReturn:
    """Turn this fork into a child: a session of its own, three descriptors, and the module's `main`. Never returns:
    none of the parent's clean-up may run here.

    `given` are order, channel and log; `tell` lets the parent know that the process group exists.
    """
    try:
        die_with_parent(parent)
        os.setsid()
        tell()
        for wanted, descriptor in enumerate(given):
            os.dup2(descriptor, wanted)
        os.closerange(3, _MAX_DESCRIPTORS)
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, signal.SIG_DFL)
        sys.stdin, sys.stdout = open(0), open(1, "w")  # noqa: SIM115
        sys.stderr = open(2, "w", buffering=1, errors="backslashreplace")  # noqa: SIM115
        import_module(module).main()
    finally:
        os._exit(0)


_MAX_DESCRIPTORS = 4096


def die_with_parent(parent: int) -> None:
    """Have the kernel kill this process when its parent ends; end at once if the parent is already gone."""
    sandbox_linux.die_with_parent()
    if os.getppid() != parent:
        os._exit(1)


def kill_group(group: int) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(group, signal.SIGKILL)


def wait_for(pid: int, timeout_s: float) -> int | None:
    """Wait until the child has ended, without reaping it, so that its pid cannot be reused."""
    deadline = time.monotonic() + timeout_s
    while True:
        ended = os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT | os.WNOHANG)
        if ended is not None:
            return -ended.si_status if ended.si_code in (os.CLD_KILLED, os.CLD_DUMPED) else ended.si_status
        if time.monotonic() > deadline:
            return None
        time.sleep(_POLL_S)


def reap(pid: int) -> None:
    """Kill one of our children with its process group, and reap it."""
    kill_group(pid)
    os.waitpid(pid, 0)
