"""The cost of a program: CPU seconds of all its processes, elapsed time, and peak memory of all processes together."""

from __future__ import annotations

import contextlib
import ctypes
import os
import statistics
import subprocess
import threading
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

_SUBREAPER = 36  # PR_SET_CHILD_SUBREAPER: adopts orphaned processes, so that their time is counted
_SAMPLED_EVERY_S = 0.03
_ORPHANS_MAY_S = 10.0
_TICKS_PER_S = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Cost:
    cpu_s: float
    wall_s: float
    peak_mb: float

    def __add__(self, other: Cost) -> Cost:
        return Cost(self.cpu_s + other.cpu_s, self.wall_s + other.wall_s, max(self.peak_mb, other.peak_mb))


class Failed(Exception):
    """A program that ended with an error; the message is the end of its output."""


def median(costs: Sequence[Cost]) -> Cost:
    """Return the median of each figure."""
    return Cost(*(statistics.median(getattr(cost, name) for cost in costs) for name in ("cpu_s", "wall_s", "peak_mb")))


def repeated(times: int, once: Callable[[], Cost]) -> Cost:
    return median([once() for _ in range(times)])


def run(command: Sequence[str | Path], *, env: Mapping[str, str] | None = None, cwd: Path | None = None) -> Cost:
    """Run a program until it ends. Raises Failed."""
    ctypes.CDLL(None).prctl(_SUBREAPER, 1, 0, 0, 0)
    started = time.perf_counter()
    with subprocess.Popen(
        list(map(str, command)), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=env, cwd=cwd
    ) as process:
        with Sampler(process.pid) as sampler:
            said = process.stdout.read() if process.stdout else b""
            _, status, used = os.wait4(process.pid, 0)
            wall_s = time.perf_counter() - started
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise Failed(f"{Path(command[0]).name}: {said.decode(errors='replace')[-600:]}")
    cpu_s = used.ru_utime + used.ru_stime + _orphans_cpu_s()
    return Cost(cpu_s, wall_s, max(sampler.peak_mb, used.ru_maxrss / 1024))


def _orphans_cpu_s() -> float:
    """Wait for orphaned processes and return their CPU seconds."""
    cpu_s, deadline = 0.0, time.monotonic() + _ORPHANS_MAY_S
    with contextlib.suppress(ChildProcessError):
        while time.monotonic() < deadline:
            pid, _, used = os.wait4(-1, os.WNOHANG)
            cpu_s += used.ru_utime + used.ru_stime if pid else 0.0
            time.sleep(0 if pid else 0.02)
    return cpu_s


def cpu_s_of(pid: int) -> float:
    """Return the CPU seconds of a running process and of its ended children, to a hundredth."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return sum(map(int, fields[11:15])) / _TICKS_PER_S


class Sampler:
    """Samples the memory of a process and its descendants for as long as a `with` block lasts.

    `peak_mb` is the largest sum of proportional set sizes, in which shared memory counts once.
    """

    def __init__(self, pid: int) -> None:
        self.peak_mb = 0.0
        self._pid = pid
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)

    def __enter__(self) -> Sampler:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._done.set()
        self._thread.join()

    def _look(self) -> None:
        while not self._done.wait(_SAMPLED_EVERY_S):
            self.peak_mb = max(self.peak_mb, sum(map(memory_mb, tree(self._pid))))


def tree(root: int) -> Iterable[int]:
    """Yield a process and its descendants."""
    children: dict[int, list[int]] = {}
    for entry in os.scandir("/proc"):
        if entry.name.isdigit():
            with contextlib.suppress(OSError):
                fields = Path(f"/proc/{entry.name}/stat").read_text().rpartition(")")[2].split()
                children.setdefault(int(fields[1]), []).append(int(entry.name))
    waiting = [root]
    while waiting:
        pid = waiting.pop()
        yield pid
        waiting += children.get(pid, [])


def memory_mb(pid: int) -> float:
    with contextlib.suppress(OSError, StopIteration):
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024
    return 0.0
