"""Measure how much all processes of a conversion use together, which per-process limits cannot bound."""

from __future__ import annotations

import contextlib
import os
import signal
import stat
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path


@dataclass(slots=True)
class Watch:
    """Adds up the use of one process group and of the folder it writes to. Processes can only be measured on Linux;
    elsewhere only the folder's size is limited.

    `cpu_s` is for all processes together, including ended ones; the listener lowers it once the words are counted.
    `file_bytes` is the size limit of a single file: each file that is only mapped counts with that size, since the
    system does not say how much larger it is than the mapped part.
    """

    group: int
    memory_bytes: int
    processes: int
    cpu_s: float
    folder: Path
    file_bytes: int
    written_bytes: int
    files: int

    def exceeded(self) -> str:
        """Return the name of the limit that was exceeded ("memory", "processes", "time", "storage", "files"), or ""."""
        members = self._members() if sys.platform == "linux" else []
        if len(members) > self.processes:
            return "processes"
        if sum(_private_bytes(pid) for pid, _ in members) > self.memory_bytes:
            return "memory"
        ticks = sum(int(field) for _, fields in members for field in fields[_OWN_AND_REAPED_TIME])
        if ticks / _TICKS_PER_S > self.cpu_s:
            return "time"
        return self._exceeded_on_disk([pid for pid, _ in members])

    def end_greedy_helper(self) -> bool:
        """End the forked process that has more than half of all memory, if there is one: then it alone fails at its
        task, and the child can do without."""
        for pid, _ in self._members():
            if int(pid) == self.group or 2 * _private_bytes(pid) <= self.memory_bytes:
                continue
            with contextlib.suppress(OSError):
                handle = os.pidfd_open(int(pid))
                try:
                    if any(member == pid for member, _ in self._members()):  # not another one of the same number
                        signal.pidfd_send_signal(handle, signal.SIGKILL)
                        return True
                finally:
                    os.close(handle)
        return False

    def _members(self) -> list[tuple[str, list[str]]]:
        return [(pid, fields) for pid, fields in _processes() if int(fields[_GROUP]) == self.group]

    def _exceeded_on_disk(self, pids: list[str]) -> str:
        folder = str(self.folder)
        opened: dict[_Inode, int] = {}
        mapped: set[_Inode] = set()
        for pid in pids:
            opened.update(_opened_without_a_name(pid))
            mapped.update(_mapped_without_a_name(pid, folder))
        total, count = sum(opened.values()) + self.file_bytes * len(mapped - opened.keys()), 0
        for size in _sizes_below(folder):
            total, count = total + size, count + 1
            if count > self.files:
                return "files"
            if total > self.written_bytes:
                return "storage"
        return "storage" if total > self.written_bytes else ""


# Positions in /proc/PID/stat, counted from the field after the process name.
_GROUP = 2
_OWN_AND_REAPED_TIME = slice(11, 15)
_TICKS_PER_S = os.sysconf("SC_CLK_TCK")
_BLOCK_BYTES = 512  # unit of st_blocks, whatever the file system's block size

type _Inode = tuple[int, int]


def _processes() -> Iterator[tuple[str, list[str]]]:
    for entry in os.scandir("/proc"):
        if entry.name.isdigit():
            try:
                yield entry.name, Path(f"/proc/{entry.name}/stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue  # gone between listing and reading


def _private_bytes(pid: str) -> int:
    """Return the memory that is not backed by a file; memory that forked processes share is counted in parts that add
    up to the whole."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    shares = dict(line.split()[:2] for line in lines[1:])
    return sum(int(shares.get(name, 0)) for name in _NO_FILES) * 1024


_NO_FILES = ("Pss_Anon:", "Pss_Shmem:")


def _sizes_below(top: str) -> Iterator[int]:
    """Yield the size of each file and folder below a folder that changes meanwhile and whose owner may be hostile.
    Links are not followed, and a path too long for the kernel counts as the largest possible size."""
    waiting = [top]
    while waiting:
        try:
            with os.scandir(waiting.pop()) as entries:
                for entry in entries:
                    with contextlib.suppress(FileNotFoundError):
                        yield _size(entry.stat(follow_symlinks=False))
                        if entry.is_dir(follow_symlinks=False):
                            waiting.append(entry.path)
        except (FileNotFoundError, NotADirectoryError):
            continue  # gone between listing and reading
        except OSError:
            yield sys.maxsize


def _size(about: os.stat_result) -> int:
    return max(about.st_size, about.st_blocks * _BLOCK_BYTES)


def _opened_without_a_name(pid: str) -> Iterator[tuple[_Inode, int]]:
    """Yield deleted files that a process still has open, with their sizes: they fill the disk all the same."""
    with contextlib.suppress(OSError):
        for link in Path(f"/proc/{pid}/fd").iterdir():
            with contextlib.suppress(OSError):
                about = link.stat()
                if stat.S_ISREG(about.st_mode) and not about.st_nlink:
                    yield (about.st_dev, about.st_ino), _size(about)


def _mapped_without_a_name(pid: str, folder: str) -> Iterator[_Inode]:
    """Yield deleted files of the folder of which a process has mapped any part."""
    with contextlib.suppress(OSError):
        for line in Path(f"/proc/{pid}/maps").read_text(errors="replace").splitlines():
            if line.endswith(" (deleted)") and f" {folder}/" in line:
                _, _, _, device, inode, _ = line.split(maxsplit=5)
                major, minor = (int(part, 16) for part in device.split(":"))
                yield os.makedev(major, minor), int(inode)
