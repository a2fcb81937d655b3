"""The parent's side of the cache: seal what a conversion made, move it into its owner's folder, and keep folders small.

The child has opened a hostile manuscript, so its files are only trusted in form: plain names that are keys, plain
files, limited in size and number. Their content may be false; so a folder belongs to one owner, and its content can
only return to that owner, through a child in the same sandbox.
"""

from __future__ import annotations

import contextlib
import os
import re
import stat
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

from ..support.cache import USED, sealed

_KEY = re.compile(r"[0-9a-f]{64}")
_NAME = re.compile(r"[0-9a-f]{64}\.[0-9a-f]{64}")
_LARGEST_BYTES = 64_000_000
_ALL_BYTES = 400_000_000
_MAX_FILES = 20_000
_CHUNK_BYTES = 1 << 20
_LINE_BYTES = 130  # key, seal and the separator


def grant_group_read(folder: Path, gid: int) -> None:
    """Let children of a group read the folder; a `gid` of 0 stands for children of our own user."""
    if gid:
        os.chown(folder, -1, gid)
        folder.chmod(0o750)


def import_new_parts(new: Path, folder: Path, gid: int = 0) -> None:
    """Copy what a conversion made into the cache's folder, readable by the group, and record what it used. Invalid
    files are skipped; files that cannot be written are not cached, since the book itself is complete."""
    if not _is_plain_folder(new):
        return
    room = _ALL_BYTES
    for number, name in enumerate(_names(new)):
        if number >= _MAX_FILES or room <= 0:
            break
        try:
            room -= _take(new / name, folder, name, gid)
        except OSError:  # disk full, or the folder is gone
            break
    for name in _used(new / USED):
        with contextlib.suppress(OSError):
            os.utime(folder / name, follow_symlinks=False)


def _is_plain_folder(path: Path) -> bool:
    return path.is_dir() and not path.is_symlink()


def _names(folder: Path) -> Iterator[str]:
    with os.scandir(folder) as entries:
        yield from (entry.name for entry in entries if _KEY.fullmatch(entry.name))


def _take(made: Path, folder: Path, key: str, gid: int) -> int:
    """Copy one file, under a name with its seal; return its size. Never follow links or wait for pipes."""
    try:
        source = os.open(made, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError:
        return 0
    with os.fdopen(source, "rb") as stream:
        about = os.fstat(source)
        if not stat.S_ISREG(about.st_mode) or about.st_size > _LARGEST_BYTES:
            return 0
        handle, half = tempfile.mkstemp(prefix=".half-", dir=folder)
        try:
            digest = sealed(folder.name, key)
            with os.fdopen(handle, "wb") as copy:
                if gid:
                    os.fchown(handle, -1, gid)
                    os.fchmod(handle, 0o640)
                while chunk := stream.read(_CHUNK_BYTES):
                    digest.update(chunk)
                    copy.write(chunk)
            Path(half).replace(folder / f"{key}.{digest.hexdigest()}")
        except OSError:
            Path(half).unlink(missing_ok=True)
            raise
    return about.st_size


def _used(path: Path) -> list[str]:
    try:
        source = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError:
        return []
    with os.fdopen(source, "rb") as stream:
        lines = stream.read(_LINE_BYTES * _MAX_FILES).decode("ascii", "replace").split()
    return [line for line in lines if _NAME.fullmatch(line)]


def trim(folders: Iterable[Path], *, most_bytes: int, unused_s: float, now: float) -> int:
    """Remove the files of these folders that were not used for `unused_s`, then the least recently used until
    `most_bytes` are left in all of them. Return how many were removed. `now` is in seconds since the epoch."""
    found = [known for folder in folders for known in _files(folder)]
    total, gone = sum(size for _, size, _ in found), 0
    for used_at, size, path in sorted(found):
        if total <= most_bytes and now - used_at <= unused_s:
            break
        path.unlink(missing_ok=True)
        total -= size
        gone += 1
    return gone


def _files(folder: Path) -> Iterator[tuple[float, int, Path]]:
    """Yield for each file when it was last used, its size in bytes, and its path."""
    for path in folder.iterdir():
        with contextlib.suppress(OSError):
            about = path.lstat()
            if stat.S_ISREG(about.st_mode):
                yield about.st_mtime, about.st_size, path
