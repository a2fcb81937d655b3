"""How much a conversion's processes use together, which no limit of a single process can bound."""

from __future__ import annotations

import os
import resource
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_PAGE_BYTES = resource.getpagesize()


@dataclass(frozen=True, slots=True)
class Watch:
    """Sums over one process group. Only Linux can be asked; elsewhere nothing is ever exceeded."""

    group: int
    memory_bytes: int
    processes: int

    def exceeded(self) -> str:
        """The name of the limit that the group has passed ("memory", "processes"), or ""."""
        if sys.platform != "linux":
            return ""
        private = [_private_bytes(pid) for pid in self._members()]
        if len(private) > self.processes:
            return "processes"
        return "memory" if sum(private) > self.memory_bytes else ""

    def _members(self) -> Iterator[str]:
        for entry in os.scandir("/proc"):
            if entry.name.isdigit() and _group_of(entry.name) == self.group:
                yield entry.name


def _group_of(pid: str) -> int:
    try:
        after_name = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2]
    except OSError:
        return -1  # gone between listing and reading
    return int(after_name.split()[2])


def _private_bytes(pid: str) -> int:
    """Resident pages that are not mapped files."""
    try:
        _, resident, shared, *_ = Path(f"/proc/{pid}/statm").read_text().split()
    except OSError:
        return 0
    return (int(resident) - int(shared)) * _PAGE_BYTES
