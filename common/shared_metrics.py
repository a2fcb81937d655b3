"""Counters that several processes count together: each writes its own files, and the health process adds them up.

prometheus_client names these files by process id. Ids are not unique where containers share the folder, and each
restart would leave files behind for ever. So a process takes the lowest number that no living process holds, and goes
on counting where the last one with this number ended.
"""

from __future__ import annotations

import fcntl
import os
from hashlib import blake2b
from pathlib import Path

from prometheus_client import values

_VARIABLE = "PROMETHEUS_MULTIPROC_DIR"  # by which prometheus_client knows that counters are shared
_MEMORY = Path("/dev/shm")  # noqa: S108 # the folder in it is checked


def default_folder(var_dir: Path) -> Path:
    """Return a folder in memory, or one under VAR_DIR where there is no such place.

    A process that writes to a mapped file on a full disk is killed. In memory there is always room for this.
    """
    name = blake2b(str(var_dir.resolve()).encode(), digest_size=8).hexdigest()
    folder = _MEMORY / f"octavo-{os.geteuid()}-{name}"
    return folder if _is_ours(folder) else var_dir / "metrics"


def share(folder: Path) -> None:
    """Have all counters that this process makes from now on written to the folder."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    os.environ[_VARIABLE] = str(folder)
    values.ValueClass = values.MultiProcessValue(_Number(folder))  # type: ignore[no-untyped-call]


def folder() -> Path | None:
    """Return the folder in which this process shares its counters; None if it counts alone."""
    name = os.environ.get(_VARIABLE)
    return Path(name) if name else None


class _Number:
    """The number of this process: the kernel frees it when the process ends, however it ends."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._process = 0
        self._lock: int | None = None
        self._number = ""

    def __call__(self) -> str:
        if self._process != os.getpid():
            self._take()
        return self._number

    def _take(self) -> None:
        if self._lock is not None:
            os.close(self._lock)  # the parent's, in a process just forked
        number = 0
        while (lock := _try_to_lock(self._folder / f"{number}.lock")) is None:
            number += 1
        self._lock, self._number, self._process = lock, str(number), os.getpid()


def _try_to_lock(path: Path) -> int | None:
    """Return the open lock file, or None if another process holds it."""
    lock = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(lock)
        return None
    return lock


def _is_ours(folder: Path) -> bool:
    """Return whether the folder is, or can be made, this user's alone: anybody may write beside it."""
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
    except OSError:
        return False
    found = folder.lstat()
    return folder.is_dir() and not folder.is_symlink() and found.st_uid == os.geteuid() and not found.st_mode & 0o022
