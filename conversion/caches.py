"""Folders of parts made in earlier conversions, one for each account, on the worker's own disk.

What is found in a cache comes back sooner, and who can measure that can ask whether a chapter was ever converted here.
So what one account had converted is found by that account alone: conversion knows who asked for a job, and nothing of
works that several may share. It also bounds what a manuscript that broke into its child could leave behind.

A conversion shares a lock on its account's folder; the sweeper passes over folders that are in use, so that nothing
goes away between being found and being read.
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
from conversion.locks import lock, locked

# Whoever converts most must not push everybody else's parts out.
_SHARE_OF_ONE = 4
_MB, _DAY_S = 1_000_000, 86_400


@contextlib.contextmanager
def of_account(user: User) -> Iterator[Path | None]:
    """The account's folder, in use until the end; None where nothing is to be kept."""
    if not settings.CONVERSION_CACHE_MB:
        yield None
        return
    with locked(_root()):  # else the sweeper could take a new folder before it is locked
        path = _root() / user.public_id
        path.mkdir(mode=0o700, exist_ok=True)
        handle = lock(path, is_shared=True)
    try:
        yield path
    finally:
        os.close(handle)


def sweep() -> int:
    """Remove what was not used for too long, then the least recently used beyond the allowed size; return how many
    files went. Only on this machine, and not from accounts whose conversions run."""
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
    """Lock a folder that nobody uses, until the stack unwinds."""
    try:
        held.callback(os.close, lock(path, wait=False))
    except (BlockingIOError, NotADirectoryError):
        return False
    return path.is_dir()


def _root() -> Path:
    root = Path(settings.CONVERSION_CACHE_DIR).resolve()  # the child lives elsewhere
    root.mkdir(parents=True, exist_ok=True)
    root.chmod(0o711)  # children of another user pass through to their account's folder, and see no other
    return root
