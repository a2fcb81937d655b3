"""Locks on folders. A lock ends with the process that holds it, however that process dies."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold an exclusive lock on the folder."""
    handle = lock(path)
    try:
        yield
    finally:
        os.close(handle)


def lock(path: Path, *, wait: bool = True, is_shared: bool = False) -> int:
    """Lock the folder, exclusively or shared. Closing the returned file descriptor unlocks it.

    Raises BlockingIOError with `wait=False` when the folder is locked.
    """
    handle = os.open(path, os.O_RDONLY)
    try:
        fcntl.flock(handle, (fcntl.LOCK_SH if is_shared else fcntl.LOCK_EX) | (0 if wait else fcntl.LOCK_NB))
    except BlockingIOError:
        os.close(handle)
        raise
    return handle
