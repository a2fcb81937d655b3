"""Locks on folders. A lock goes with the process that holds it, however that dies."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold the folder alone."""
    handle = lock(path)
    try:
        yield
    finally:
        os.close(handle)


def lock(path: Path, *, wait: bool = True, is_shared: bool = False) -> int:
    """Lock the folder, for this process alone or shared with others that share it; closing the returned handle unlocks
    it. Raises BlockingIOError when not to wait."""
    handle = os.open(path, os.O_RDONLY)
    try:
        fcntl.flock(handle, (fcntl.LOCK_SH if is_shared else fcntl.LOCK_EX) | (0 if wait else fcntl.LOCK_NB))
    except BlockingIOError:
        os.close(handle)
        raise
    return handle
