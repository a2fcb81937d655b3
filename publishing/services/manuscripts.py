"""Storage of manuscripts and covers as uploaded: unaltered, under their checksums."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePath
from typing import IO

from django.conf import settings

from accounts.models import User
from common import storage
from publishing.errors import ManuscriptEmpty, ManuscriptTooLarge
from publishing.models import Manuscript, Work
from publishing.services import covers, quotas, upload_checks

_MB = 1024 * 1024
_MAX_SUFFIX_LENGTH = 10


def store_manuscript(*, actor: User, work: Work, content: IO[bytes], name: str, at: datetime) -> Manuscript:
    """Store the file for the work; uploading the same file again returns the same manuscript.

    Files that are clearly not manuscripts are rejected here; whether a file can be read is found out by the conversion.
    Raises ManuscriptEmpty, ManuscriptTooLarge, ManuscriptRefused, and the errors of `quotas.require_upload`.
    """
    size_bytes = _size(content)
    if size_bytes == 0:
        raise ManuscriptEmpty
    if size_bytes > settings.MAX_MANUSCRIPT_BYTES:
        raise ManuscriptTooLarge(limit_mb=settings.MAX_MANUSCRIPT_BYTES // _MB)
    quotas.require_upload(actor=actor, size_bytes=size_bytes, at=at)
    upload_checks.inspect_manuscript(content, name)
    file, sha256 = _keep(content, name, "manuscripts")
    manuscript, _created = Manuscript.objects.get_or_create(
        work=work,
        sha256=sha256,
        name=_plain(name),
        defaults={"file": file, "size_bytes": size_bytes, "uploaded_by": actor, "uploaded_at": at},
    )
    return manuscript


def store_cover(content: IO[bytes], name: str) -> tuple[str, str]:
    """Store an uploaded cover privately; return its name in storage and its uploaded name.

    The engine redraws every picture before readers see it. Raises the errors of `covers.inspect_cover`.
    """
    covers.inspect_cover(content)
    return _keep(content, name, "covers")[0], _plain(name)


@dataclass(frozen=True, slots=True)
class StoredPicture:
    """A picture as uploaded: its name in private storage, its checksum and its name for people."""

    file: str
    sha256: str
    size_bytes: int
    name: str


def store_picture(*, actor: User, content: IO[bytes], name: str, at: datetime) -> StoredPicture:
    """Store a picture for the text of a book. The engine redraws it whenever it makes the book.

    Raises the errors of `covers.inspect_picture` and of `quotas.require_upload`.
    """
    size_bytes = _size(content)
    quotas.require_upload(actor=actor, size_bytes=size_bytes, at=at)
    covers.inspect_picture(content)
    file, sha256 = _keep(content, name, "pictures")
    return StoredPicture(file, sha256, size_bytes, _plain(name))


def _keep(content: IO[bytes], name: str, folder: str) -> tuple[str, str]:
    """Store the file under its checksum, streaming it; return its name in storage and the checksum."""
    content.seek(0)
    sha256 = storage.sha256_of(storage.chunks_of(content))
    suffix = PurePath(name).suffix.lower()
    suffix = suffix if suffix[1:].isascii() and suffix[1:].isalnum() and len(suffix) <= _MAX_SUFFIX_LENGTH else ""
    return storage.store(storage.private(), f"{folder}/{sha256[:2]}/{sha256}{suffix}", content, sha256), sha256


def _size(content: IO[bytes]) -> int:
    return content.seek(0, 2)


def _plain(name: str) -> str:
    """Return a file name for display, without folders and control characters."""
    base = PurePath(name.replace("\\", "/")).name
    return "".join(character for character in base if character.isprintable())[:300] or "manuscript"
