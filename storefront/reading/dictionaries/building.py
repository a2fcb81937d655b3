"""Finds the sources of dictionaries on this machine, and makes the dictionaries from them."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from storefront.reading.dictionaries import files, freedict, wordnet

WORDNET_DIR = Path("/usr/share/wordnet")  # where Debian's packages put them
FREEDICT_DIR = Path("/usr/share/dictd")


@dataclass(frozen=True, slots=True)
class Built:
    """A dictionary that was made, or that was there (`counts` is None)."""

    path: Path
    name: str
    bytes: int
    counts: files.Counts | None
    seconds: float


class NoSource(Exception):
    """There is no dictionary where one was said to be, or anywhere."""


def build_wordnet(folder: Path, into: Path, *, again: bool = False) -> Built:
    """Make a dictionary of WordNet. Raises NoSource."""
    missing = [name for name in wordnet.NEEDED if not (folder / name).is_file()]
    if missing:
        raise NoSource(f"{folder} has no {', '.join(missing)}")
    sources = [path for path in sorted(folder.iterdir()) if path.is_file()]
    path = into / f"wordnet{files.SUFFIX}"
    began, source = time.monotonic(), _fingerprint(sources)
    about = wordnet.about(folder)
    if not again and files.source_of(path) == source:
        return _built(path, about.name, None, began)
    counts = files.write(path, about, wordnet.entries(folder), exceptions=wordnet.exceptions(folder), source=source)
    return _built(path, about.name, counts, began)


def build_freedict(index: Path, into: Path, *, again: bool = False) -> Built:
    """Make a dictionary of one of FreeDict's. Raises NoSource."""
    if not freedict.is_source(index):
        raise NoSource(f"{index} is no freedict-xxx-yyy.index with a freedict-xxx-yyy.dict.dz beside it")
    path = into / f"{index.stem}{files.SUFFIX}"
    began, source = time.monotonic(), _fingerprint([index, index.with_suffix(".dict.dz")])
    about = freedict.about(index)
    if not again and files.source_of(path) == source:
        return _built(path, about.name, None, began)
    counts = files.write(path, about, freedict.entries(index), exceptions=freedict.exceptions(index), source=source)
    return _built(path, about.name, counts, began)


def found_freedicts(folder: Path) -> Iterator[Path]:
    """Yield FreeDict's dictionaries that are installed."""
    yield from (path for path in sorted(folder.glob("freedict-*.index")) if freedict.is_source(path))


def _fingerprint(sources: list[Path]) -> str:
    """Return what changes whenever a source does."""
    facts = [(path.name, path.stat().st_size, path.stat().st_mtime_ns) for path in sources]
    return sha256(repr(facts).encode()).hexdigest()


def _built(path: Path, name: str, counts: files.Counts | None, began: float) -> Built:
    return Built(path, name, path.stat().st_size, counts, time.monotonic() - began)
