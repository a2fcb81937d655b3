"""A cache of parts made in earlier conversions, found by what they are made of.

A key is the sha256 of everything that a part depends on: the engine, the fonts, and its own content and settings. So a
key that is found is valid, and nothing is ever invalidated. The child reads one folder, which is its owner's
(`ConversionRequest.cache`), and cannot write it; new parts go to a folder of the conversion (`out/.cache`), from where
the runner moves them (`process/cache_folder.py`) once the conversion has succeeded.

A file in the owner's folder is named `<key>.<seal>`. The seal is a digest over folder, key and content: a file that was
damaged, or that was under another key or in another folder, is rejected and its part made again. The seal is not
secret, and no protection against anyone who can write to the folder.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import sys
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from .. import ENGINE_VERSION
from ..typography import fonts

NEW, USED = ".cache", "used"  # the folder in `out`, and the list of found keys in it
_ENGINE = Path(__file__).resolve().parents[1]
_LIBRARIES = ("libpango-1.0.so", "libpangoft2-1.0.so", "libharfbuzz.so", "libfontconfig.so", "libfreetype.so")
_LIBRARY_FOLDERS = ("/usr/lib", "/usr/local/lib", "/opt/homebrew/lib")


def sealed(folder: str, key: str) -> hashlib._Hash:
    """Return the digest that a file's content completes to its seal; `folder` is the folder's name."""
    return hashlib.sha256(f"{folder}\n{key}\n".encode())


class Cache:
    """One conversion's view of the cache. Without a `folder` nothing is found; without `new` nothing is stored."""

    def __init__(self, folder: Path | None = None, new: Path | None = None) -> None:
        self._folder = folder
        self._new = new
        self._known = _listed(folder)
        self._base = b""
        if new is not None:
            new.mkdir(exist_ok=True)

    @property
    def is_kept(self) -> bool:
        """Whether computing keys is of any use."""
        return self._new is not None

    def key(self, kind: str, *parts: str | bytes) -> str:
        """Return the key of a part of one kind, made of these inputs with this engine on this machine."""
        if not self._base:
            self._base = f"{ENGINE_VERSION} {engine_digest()} {_system_fonts()}".encode()
        digest = hashlib.sha256(self._base)
        for part in (kind, *parts):
            data = part.encode("utf-8", "surrogatepass") if isinstance(part, str) else part
            digest.update(b"%d:" % len(data))
            digest.update(data)
        return digest.hexdigest()

    def find(self, key: str) -> Path | None:
        """Return the file of a key, None when there is none. The file must not be changed."""
        if self._new is not None and (made := self._new / key).is_file():
            return made
        if self._folder is None or (name := self._known.get(key)) is None:
            return None
        known = self._folder / name
        if not _is_whole(known, key):
            return None
        if self._new is not None:
            with (self._new / USED).open(
                "a", encoding="ascii"
            ) as used:  # a single write each: helpers append to it too
                used.write(name + "\n")
        return known

    def keep(self, key: str, file: Path) -> Path:
        """Move a finished file into the cache and return where it is now."""
        if self._new is None:
            return file
        return file.replace(self._new / key)

    def write(self, key: str, data: bytes) -> None:
        """Store what was made."""
        if self._new is not None:
            half = self._new / f"{key}.{os.getpid()}"
            half.write_bytes(data)
            half.replace(self._new / key)


def _listed(folder: Path | None) -> dict[str, str]:
    """Return the names of a folder's files by their keys."""
    if folder is None:
        return {}
    with contextlib.suppress(OSError), os.scandir(folder) as entries:
        return {entry.name.partition(".")[0]: entry.name for entry in entries}
    return {}


def _is_whole(path: Path, key: str) -> bool:
    """Return whether a file is unchanged since it was stored under this key in this folder."""
    try:
        content = path.read_bytes()
    except OSError:
        return False
    digest = sealed(path.parent.name, key)
    digest.update(content)
    return path.name == f"{key}.{digest.hexdigest()}"


NO_CACHE = Cache()


@lru_cache(maxsize=1)
def engine_digest() -> str:
    """Return the digest of this process's code and fonts, as it was when first called: a process that was started
    before a deployment still produces the old engine's output, and must not store it under keys of the new one."""
    return surroundings_now()


def surroundings_now() -> str:
    """Return a digest of the engine's code and style sheets, the packages and libraries it uses, and the packaged
    fonts. It covers names and times of files, not their contents: this takes milliseconds, and a new deployment that
    changes nothing only makes parts again."""
    code = [entry for entry in _below(str(_ENGINE)) if entry.name.endswith((".py", ".css"))]
    faces = [entry for folder in fonts.DEFAULT_FOLDERS for entry in _entries(str(folder))]
    told = [f"{entry.path} {_stamp(entry)}" for entry in (*code, *faces)]
    told += [entry.name for folder in sys.path for entry in _entries(folder) if entry.name.endswith(".dist-info")]
    told += [os.path.realpath(path) for folder in _LIBRARY_FOLDERS for path in _libraries(folder)]
    return hashlib.sha256("\n".join([sys.version, *sorted(told)]).encode("utf-8", "surrogateescape")).hexdigest()


def _entries(folder: str) -> list[os.DirEntry[str]]:
    """Return the entries of a folder, none where it does not exist. Paths are text: this is called for every
    conversion."""
    try:
        with os.scandir(folder) as entries:
            return list(entries)
    except OSError:
        return []


def _below(folder: str) -> Iterator[os.DirEntry[str]]:
    """Yield the files in a folder and in all folders in it."""
    for entry in _entries(folder):
        if entry.is_dir():
            yield from _below(entry.path)
        else:
            yield entry


def _libraries(folder: str) -> Iterator[str]:
    places = [folder, *(entry.path for entry in _entries(folder) if entry.name.endswith("-linux-gnu"))]
    return (entry.path for place in places for entry in _entries(place) if entry.name.startswith(_LIBRARIES))


def _system_fonts() -> str:
    """Return the state of the system's fonts, which may change while a warm process runs."""
    folders = [Path(found) for top in fonts.SYSTEM_FOLDERS for found, _, _ in os.walk(top)]
    return " ".join(f"{folder} {_stamp(folder)}" for folder in sorted(folders))


def _stamp(path: Path | os.DirEntry[str]) -> str:
    about = path.stat()
    return f"{about.st_size} {about.st_mtime_ns}"
