"""Runs the processes of one machine side by side: starts them in order, writes one log, stops them together."""

from __future__ import annotations

import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import IO, TextIO

_GRACE_SECONDS = 15.0


class ProcessEnded(Exception):
    """A process that should keep running ended."""

    def __init__(self, name: str, status: int) -> None:
        super().__init__(f"{name} ended with status {status}")
        self.name = name


@dataclass
class Supervisor:
    """Starts and stops child processes.

    Children run in sessions of their own, so that Ctrl-C reaches only this process, which then stops them in reverse
    order: web and schedule first, the broker last.
    """

    environment: Mapping[str, str]
    log: TextIO
    _children: dict[str, subprocess.Popen[str]] = field(default_factory=dict)
    _copiers: list[threading.Thread] = field(default_factory=list)
    _writing: threading.Lock = field(default_factory=threading.Lock)

    def start(self, name: str, command: Sequence[str]) -> None:
        """Start a process whose output goes to the common log, with its name in front of each line."""
        child = subprocess.Popen(
            command,
            env={**os.environ, **self.environment, "PYTHONUNBUFFERED": "1"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            start_new_session=True,
        )
        self._children[name] = child
        assert child.stdout is not None  # noqa: S101 # a pipe was asked for
        copier = threading.Thread(target=self._copy, args=(name, child.stdout), daemon=True)
        copier.start()
        self._copiers.append(copier)

    def wait_until(self, ready: Callable[[], bool], what: str, seconds: float) -> None:
        """Return once `ready` returns true. Raises TimeoutError, or ProcessEnded if a process ended meanwhile."""
        deadline = time.monotonic() + seconds
        while not ready():
            self.check()
            if time.monotonic() > deadline:
                raise TimeoutError(f"{what} was not ready after {seconds:.0f} seconds")
            time.sleep(0.1)

    def check(self) -> None:
        """Raise ProcessEnded if a process has ended."""
        for name, child in self._children.items():
            if child.poll() is not None:
                raise ProcessEnded(name, child.returncode)

    def watch(self) -> None:
        """Block until a process ends."""
        while True:
            self.check()
            time.sleep(0.5)

    def stop(self) -> None:
        """Stop all processes, gently at first."""
        for name, child in reversed(self._children.items()):
            self._signal(child, signal.SIGTERM)
            deadline = time.monotonic() + _GRACE_SECONDS
            while child.poll() is None and time.monotonic() < deadline:
                time.sleep(0.05)
            if child.poll() is None:
                self._note("octavo", f"{name} did not stop; killing it")
            # Kill the group even if its leader has ended: none of our processes may stay behind.
            self._signal(child, signal.SIGKILL)
            child.wait()
        for copier in self._copiers:
            copier.join(_GRACE_SECONDS)

    def _signal(self, child: subprocess.Popen[str], number: signal.Signals) -> None:
        try:
            if number is signal.SIGKILL:
                os.killpg(child.pid, number)
            elif child.poll() is None:
                child.send_signal(number)
        except ProcessLookupError:
            return

    def _copy(self, name: str, stream: IO[str]) -> None:
        with stream:
            for line in stream:
                if line.strip():
                    self._note(name, line.rstrip())

    def _note(self, name: str, line: str) -> None:
        """Write whole lines, so that those of several processes do not mix."""
        with self._writing:
            self.log.write(f"{name:<8}{line}\n")
            self.log.flush()
