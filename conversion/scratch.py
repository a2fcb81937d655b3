"""Folders that live as long as one attempt, on the worker's own disk.

Whoever works in a folder holds a lock on it; the lock goes with the process, however that dies. So a folder that
can be locked was left behind and may be removed.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings


@contextmanager
def folder() -> Iterator[Path]:
    """A new, empty folder, removed at the end."""
    with _locked(_root()):  # else clear_abandoned could take the folder before it is locked
        path = Path(tempfile.mkdtemp(prefix="job-", dir=_root()))
        handle = _lock(path)
    try:
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)
        os.close(handle)


def clear_abandoned() -> int:
    """Remove the folders of killed workers on this machine; return how many."""
    removed = 0
    with _locked(_root()):
        for path in _root().iterdir():
            try:
                handle = _lock(path, wait=False)
            except BlockingIOError:
                continue
            shutil.rmtree(path, ignore_errors=True)
            os.close(handle)
            removed += 1
    return removed


def _root() -> Path:
    root = Path(settings.VAR_DIR) / "scratch"
    root.mkdir(parents=True, exist_ok=True)
    return root


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    handle = _lock(path)
    try:
        yield
    finally:
        os.close(handle)


def _lock(path: Path, *, wait: bool = True) -> int:
    """Lock the folder; closing the returned handle unlocks it. Raises BlockingIOError when not to wait."""
    handle = os.open(path, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
    except BlockingIOError:
        os.close(handle)
        raise
    return handle
