"""Runs the processes of one machine side by side: starts them in order, shows one log, stops them together."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import IO

_GRACE_SECONDS = 15.0
_COLOURS = {"broker": 35, "worker": 33, "beat": 36, "web": 32, "octavo": 1}


class ProcessEnded(Exception):
    """A process that should run for ever ended by itself."""


def log(name: str, line: str) -> None:
    """One line of the common log, its origin in front; coloured on a terminal."""
    label = f"{name:<7}"
    if sys.stdout.isatty():
        label = f"\033[{_COLOURS.get(name, 0)}m{label}\033[0m"
    sys.stdout.write(f"{label} {line}\n")
    sys.stdout.flush()


@dataclass
class Supervisor:
    """Children run in sessions of their own, so that Ctrl-C reaches only this process, which then stops them in
    reverse order: web and schedule first, the broker last."""

    environment: Mapping[str, str]
    _children: dict[str, subprocess.Popen[str]] = field(default_factory=dict)
    _stopping: bool = False

    def start(self, name: str, command: Sequence[str]) -> None:
        """Start a process whose output goes to the common log."""
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
        threading.Thread(target=self._copy, args=(name, child.stdout), daemon=True).start()

    def wait_until(self, ready: Callable[[], bool], what: str, seconds: float) -> None:
        """Return once `ready` answers yes. Raises TimeoutError, or ProcessEnded when a process died meanwhile."""
        deadline = time.monotonic() + seconds
        while not ready():
            self.check()
            if time.monotonic() > deadline:
                raise TimeoutError(f"{what} did not get ready in {seconds:.0f} seconds")
            time.sleep(0.1)

    def check(self) -> None:
        """Raise ProcessEnded when a process is gone."""
        for name, child in self._children.items():
            if child.poll() is not None:
                raise ProcessEnded(f"{name} ended with status {child.returncode}")

    def watch(self) -> None:
        """Stay until a process ends by itself."""
        while True:
            self.check()
            time.sleep(0.5)

    def stop(self) -> None:
        """Stop all, gently at first."""
        self._stopping = True
        for name, child in reversed(self._children.items()):
            self._signal(child, signal.SIGTERM)
            deadline = time.monotonic() + _GRACE_SECONDS
            while child.poll() is None and time.monotonic() < deadline:
                time.sleep(0.05)
            if child.poll() is None:
                log("octavo", f"{name} does not stop; killing it")
            # The group goes even when its leader went: nothing of ours may stay behind.
            self._signal(child, signal.SIGKILL)
            child.wait()

    def _signal(self, child: subprocess.Popen[str], number: signal.Signals) -> None:
        try:
            if number is signal.SIGKILL:
                os.killpg(child.pid, number)
            elif child.poll() is None:
                child.send_signal(number)
        except ProcessLookupError:
            return

    def _copy(self, name: str, stream: IO[str]) -> None:
        for line in stream:
            if line.strip() and not self._stopping:
                log(name, line.rstrip())
