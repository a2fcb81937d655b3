"""How much a conversion's processes use together, which no limit of a single process can bound."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path


@dataclass(slots=True)
class Watch:
    """Sums over one process group. Only Linux can be asked; elsewhere nothing is ever exceeded.

    `cpu_s` is for all processes together, ended ones included; the listener lowers it once the words are counted.
    """

    group: int
    memory_bytes: int
    processes: int
    cpu_s: float

    def exceeded(self) -> str:
        """The name of the limit that the group has passed ("memory", "processes", "time"), or ""."""
        if sys.platform != "linux":
            return ""
        members = [(pid, fields) for pid, fields in _processes() if int(fields[_GROUP]) == self.group]
        if len(members) > self.processes:
            return "processes"
        if sum(_private_bytes(pid) for pid, _ in members) > self.memory_bytes:
            return "memory"
        ticks = sum(int(field) for _, fields in members for field in fields[_OWN_AND_REAPED_TIME])
        return "time" if ticks / _TICKS_PER_S > self.cpu_s else ""


# Places in /proc/PID/stat, counted from the field behind the name.
_GROUP = 2
_OWN_AND_REAPED_TIME = slice(11, 15)
_TICKS_PER_S = os.sysconf("SC_CLK_TCK")


def _processes() -> Iterator[tuple[str, list[str]]]:
    for entry in os.scandir("/proc"):
        if entry.name.isdigit():
            try:
                yield entry.name, Path(f"/proc/{entry.name}/stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue  # gone between listing and reading


def _private_bytes(pid: str) -> int:
    """Memory that is no file's; what forked processes share counts in parts that add up to the whole."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    shares = dict(line.split()[:2] for line in lines[1:])
    return sum(int(shares.get(name, 0)) for name in _NO_FILES) * 1024


_NO_FILES = ("Pss_Anon:", "Pss_Shmem:")
