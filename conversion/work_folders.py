"""Temporary folders that live as long as one attempt, on the worker's own disk.

Whoever works in a folder holds a lock on it, which ends with the process, however that process dies. So a folder that
can be locked was left behind and can be removed.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings

from conversion.folder_locks import lock, locked


@contextmanager
def folder() -> Iterator[Path]:
    """Yield a new, empty folder and remove it at the end.

    It can be entered by everybody, so that child processes of another user reach their own folder inside. Private files
    need a folder of their own in it.
    """
    with locked(_root()):  # otherwise clear_abandoned could remove the folder before it is locked
        path = Path(tempfile.mkdtemp(prefix="job-", dir=_root()))
        path.chmod(0o711)
        handle = lock(path)
    try:
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)
        os.close(handle)


def clear_abandoned() -> int:
    """Remove the folders of killed workers on this machine. Return how many."""
    removed = 0
    with locked(_root()):
        for path in _root().iterdir():
            try:
                handle = lock(path, wait=False)
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
