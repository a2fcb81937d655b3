"""Private and public file storage; streamed writes with checksums."""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import IO

import structlog
from django.core.cache import caches
from django.core.files.base import File
from django.core.files.storage import Storage, storages
from django.utils.translation import gettext_lazy as _

from common.errors import DomainError

_CHUNK_BYTES = 1 << 20
# A file that was read and found whole is not read again for so long before it is served.
_WHOLE_FOR_S = 600
_MAX_SUFFIX_LENGTH = 10
_MAX_NAME_LENGTH = 300

logger = structlog.stdlib.get_logger(__name__)


class FileDamaged(DomainError):
    """A stored file is missing, or is not what its checksum says."""

    code = "file_damaged"
    message = _(
        "This file is damaged on our side, so we do not hand it out. We have been notified and will restore it. Please "
        "try again later."
    )
    status = 503


def private() -> Storage:
    """Return the storage of files that only an entitled person may download."""
    return storages["private"]


def public() -> Storage:
    """Return the storage of files that anyone may download: covers."""
    return storages["public"]


def store(storage: Storage, name: str, content: IO[bytes], sha256: str) -> str:
    """Write `content` under `name`, which must contain its checksum, and return the name. Equal content is stored once.

    A file appears whole or not at all, and what a killed process left under the name is replaced. Raises ValueError if
    the content does not match the checksum.
    """
    content.seek(0)
    if sha256_of(chunks_of(content)) != sha256:
        raise ValueError(f"{name} is not what its checksum says")
    content.seek(0)
    try:
        path = Path(storage.path(name))
    except NotImplementedError:  # a bucket, where objects always appear whole
        if not storage.exists(name):
            storage.save(name, File(content))
        return name
    if not _holds(path, sha256):
        _make_folder(path.parent, getattr(storage, "directory_permissions_mode", None))
        _write_whole(path, content, getattr(storage, "file_permissions_mode", None))
    return name


@dataclass(frozen=True, slots=True)
class Stored:
    """A file in private storage: its name there, its checksum, its size, and its name for people."""

    file: str
    sha256: str
    size_bytes: int
    name: str


def store_private(folder: str, content: IO[bytes], name: str) -> Stored:
    """Store a file as uploaded under its checksum, streaming it; `name` is what its sender called it."""
    size_bytes = content.seek(0, os.SEEK_END)
    content.seek(0)
    sha256 = sha256_of(chunks_of(content))
    suffix = PurePath(name).suffix.lower()
    suffix = suffix if suffix[1:].isascii() and suffix[1:].isalnum() and len(suffix) <= _MAX_SUFFIX_LENGTH else ""
    file = store(private(), f"{folder}/{sha256[:2]}/{sha256}{suffix}", content, sha256)
    return Stored(file, sha256, size_bytes, display_name(name))


def display_name(name: str) -> str:
    """Return a file name for display, without folders and control characters; "" if nothing is left."""
    base = PurePath(name.replace("\\", "/")).name
    return "".join(character for character in base if character.isprintable())[:_MAX_NAME_LENGTH]


def require_whole(home: Storage, name: str, sha256: str) -> None:
    """Require that a file is what it was when it was stored. Raises FileDamaged.

    A bucket checks what it holds itself, so there it is enough that the file exists.
    """
    try:
        path = Path(home.path(name))
    except NotImplementedError:
        is_whole = home.exists(name)
    else:
        is_whole = name in caches["process"] or _holds(path, sha256)
        if is_whole:
            caches["process"].add(name, True, _WHOLE_FOR_S)
    if not is_whole:
        logger.error("files.fault_found", file=name)
        raise FileDamaged


def chunks_of(content: IO[bytes]) -> Iterator[bytes]:
    """Yield the rest of an open file in chunks."""
    while chunk := content.read(_CHUNK_BYTES):
        yield chunk


def _holds(path: Path, sha256: str) -> bool:
    try:
        with path.open("rb") as file:
            return sha256_of(chunks_of(file)) == sha256
    except FileNotFoundError:
        return False


def _make_folder(path: Path, mode: int | None) -> None:
    """Create the folder and its parents with one mode: Python's own function gives the parents another."""
    if path.is_dir():
        return
    _make_folder(path.parent, mode)
    path.mkdir(mode=0o777 if mode is None else mode, exist_ok=True)


def _write_whole(path: Path, content: IO[bytes], mode: int | None) -> None:
    """Write next to the final name, then rename: a reader sees the old file, the new one or none."""
    handle, unfinished = tempfile.mkstemp(prefix=".unfinished-", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            shutil.copyfileobj(content, file, _CHUNK_BYTES)
            file.flush()
            os.fsync(file.fileno())
        Path(unfinished).chmod(0o644 if mode is None else mode)
        Path(unfinished).replace(path)
    except BaseException:
        Path(unfinished).unlink(missing_ok=True)
        raise


def sha256_of(chunks: Iterable[bytes]) -> str:
    """Return the hex digest of a file given in chunks."""
    digest = hashlib.sha256()
    for chunk in chunks:
        digest.update(chunk)
    return digest.hexdigest()
