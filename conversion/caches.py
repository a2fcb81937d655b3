"""Caches of parts made in earlier conversions: one folder per account, on the worker's own disk.

A cache hit is faster, and anybody who can measure that could find out whether a chapter was ever converted here. So an
account can only hit what it had converted itself: conversion knows who requested a job, and nothing about works that
several people may share. This also limits what a manuscript that broke into its child process could leave behind.

A conversion holds a shared lock on its account's folder. The cleaner skips folders that are in use, so that nothing
disappears between a lookup and a read.
"""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

from accounts.models import User
from conversion.engine.api import cache_folder
from conversion.folder_locks import lock, locked

# One account may use at most this fraction of the space, so that heavy users do not push out everybody else's parts.
_SHARE_OF_ONE = 4
_MB, _DAY_S = 1_000_000, 86_400


@contextlib.contextmanager
def of_account(user: User) -> Iterator[Path | None]:
    """Yield the account's folder, in use until the end; None where nothing may be cached."""
    if not settings.CONVERSION_CACHE_MB:
        yield None
        return
    with locked(_root()):  # otherwise the cleaner could remove a new folder before it is locked
        path = _root() / user.public_id
        path.mkdir(mode=0o700, exist_ok=True)
        handle = lock(path, is_shared=True)
    try:
        yield path
    finally:
        os.close(handle)


def trim() -> int:
    """Remove what was not used for too long, then the least recently used beyond the allowed size.

    Return how many files were removed. Only on this machine, and not from accounts with a running conversion.
    """
    with locked(_root()), contextlib.ExitStack() as held:
        free = [path for path in sorted(_root().iterdir()) if _is_held(path, held)]
        most_bytes = settings.CONVERSION_CACHE_MB * _MB
        unused_s, now = settings.CONVERSION_CACHE_DAYS * _DAY_S, time.time()
        gone = 0
        for path in free:
            gone += cache_folder.trim([path], most_bytes=most_bytes // _SHARE_OF_ONE, unused_s=unused_s, now=now)
        gone += cache_folder.trim(free, most_bytes=most_bytes, unused_s=unused_s, now=now)
        for path in free:
            with contextlib.suppress(OSError):  # not empty
                path.rmdir()
    return gone


def _is_held(path: Path, held: contextlib.ExitStack) -> bool:
    """Lock a folder that nobody uses, until the stack unwinds. Return whether that worked."""
    try:
        held.callback(os.close, lock(path, wait=False))
    except (BlockingIOError, NotADirectoryError):
        return False
    return path.is_dir()


def _root() -> Path:
    root = Path(settings.CONVERSION_CACHE_DIR).resolve()  # the child process runs in another folder
    root.mkdir(parents=True, exist_ok=True)
    root.chmod(0o711)  # child users can enter their account's folder but list no other
    return root
