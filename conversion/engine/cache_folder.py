"""The parent's side of the cache: what a conversion made is taken over into its owner's folder, and folders stay small.

The child has met a hostile manuscript, so what it left is believed in shape only: plain names that are keys, plain
files, of a bounded size and number. Their content may be false; so a folder belongs to one owner, and what is in it can
only come back to that owner, through a child behind the same walls.
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path

from .cache import USED

_KEY = re.compile(r"[0-9a-f]{64}")
_LARGEST_BYTES = 64_000_000
_ALL_BYTES = 400_000_000
_MOST = 20_000


def take_over(new: Path, folder: Path) -> None:
    """Move what a conversion made into the cache's folder, and note what it used. What is wrong is left out."""
    if not _is_plain_folder(new):
        return
    room = _ALL_BYTES
    for number, name in enumerate(_names(new)):
        if number >= _MOST or room <= 0:
            break
        room -= _take(new / name, folder / name)
    for key in _used(new / USED):
        with contextlib.suppress(OSError):
            os.utime(folder / key, follow_symlinks=False)


def _is_plain_folder(path: Path) -> bool:
    return path.is_dir() and not path.is_symlink()


def _names(folder: Path) -> Iterator[str]:
    with os.scandir(folder) as entries:
        yield from (entry.name for entry in entries if _KEY.fullmatch(entry.name))


def _take(made: Path, wanted: Path) -> int:
    """Copy one file under its name; return its size. Links are not followed, pipes not waited for."""
    try:
        source = os.open(made, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError:
        return 0
    with os.fdopen(source, "rb") as stream:
        about = os.fstat(source)
        if not stat.S_ISREG(about.st_mode) or about.st_size > _LARGEST_BYTES:
            return 0
        handle, half = tempfile.mkstemp(prefix=".half-", dir=wanted.parent)
        with os.fdopen(handle, "wb") as copy:
            shutil.copyfileobj(stream, copy)
        Path(half).replace(wanted)
    return about.st_size


def _used(path: Path) -> list[str]:
    try:
        source = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError:
        return []
    with os.fdopen(source, "rb") as stream:
        lines = stream.read(65 * _MOST).decode("ascii", "replace").split()
    return [line for line in lines if _KEY.fullmatch(line)]


def trim(root: Path, *, most_bytes: int, unused_s: float, now: float) -> int:
    """Remove files below `root` that nothing used for `unused_s`, then the least recently used until `most_bytes` are
    left. Return how many went. `now` is in seconds since the epoch."""
    found: list[tuple[float, int, Path]] = []
    for path in root.rglob("*"):
        with contextlib.suppress(OSError):
            about = path.lstat()
            if stat.S_ISREG(about.st_mode):
                found.append((about.st_mtime, about.st_size, path))
    total, gone = sum(size for _, size, _ in found), 0
    for used_at, size, path in sorted(found):
        if total <= most_bytes and now - used_at <= unused_s:
            break
        path.unlink(missing_ok=True)
        total -= size
        gone += 1
    return gone
