"""Private and public files, each behind its storage; streamed writes with their checksum."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import IO

from django.core.files.base import File
from django.core.files.storage import Storage, storages

_CHUNK_BYTES = 1 << 20


def private() -> Storage:
    """Files that only an entitled person may fetch."""
    return storages["private"]


def public() -> Storage:
    """Files that anybody may fetch: covers."""
    return storages["public"]


def store(storage: Storage, name: str, content: IO[bytes]) -> str:
    """Write `content` under `name` and return the name it got."""
    return storage.save(name, File(content))


def sha256_of(chunks: Iterable[bytes]) -> str:
    """The hex digest of a file given in chunks."""
    digest = hashlib.sha256()
    for chunk in chunks:
        digest.update(chunk)
    return digest.hexdigest()
