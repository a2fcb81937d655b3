"""Manuscripts and covers as uploaded: stored untouched under their checksum, never altered."""

from __future__ import annotations

from datetime import datetime
from pathlib import PurePath
from typing import IO

from django.conf import settings

from accounts.models import User
from common import storage
from publishing.errors import CoverNotPicture, CoverTooLarge, ManuscriptEmpty, ManuscriptTooLarge
from publishing.models import Manuscript, Work

_MB = 1024 * 1024
# The first bytes of JPEG, PNG, TIFF (both byte orders). WebP and AVIF say so a little later.
_PICTURE_STARTS = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"II*\x00", b"MM\x00*")
_LONGEST_SUFFIX = 10


def store_manuscript(*, actor: User, work: Work, content: IO[bytes], name: str, at: datetime) -> Manuscript:
    """Keep the file for the work; the same file again is the same manuscript.

    What kind of file it is, and whether it can be read, is for the conversion's gate to say. Raises ManuscriptEmpty,
    ManuscriptTooLarge.
    """
    size_bytes = _size(content)
    if size_bytes == 0:
        raise ManuscriptEmpty
    if size_bytes > settings.MAX_MANUSCRIPT_BYTES:
        raise ManuscriptTooLarge(limit_mb=settings.MAX_MANUSCRIPT_BYTES // _MB)
    file, sha256 = _keep(content, name, "manuscripts")
    manuscript, _created = Manuscript.objects.get_or_create(
        work=work,
        sha256=sha256,
        name=_plain(name),
        defaults={"file": file, "size_bytes": size_bytes, "uploaded_by": actor, "uploaded_at": at},
    )
    return manuscript


def store_cover(content: IO[bytes], name: str) -> tuple[str, str]:
    """Keep an uploaded cover privately; returns its name in storage and as uploaded.

    The engine draws every picture again before anybody sees it. Raises CoverTooLarge, CoverNotPicture.
    """
    if _size(content) > settings.MAX_COVER_BYTES:
        raise CoverTooLarge(limit_mb=settings.MAX_COVER_BYTES // _MB)
    content.seek(0)
    start = content.read(16)
    is_container = start[8:12] == b"WEBP" or start[4:12] == b"ftypavif"
    if not (start.startswith(_PICTURE_STARTS) or is_container):
        raise CoverNotPicture
    return _keep(content, name, "covers")[0], _plain(name)


def _keep(content: IO[bytes], name: str, folder: str) -> tuple[str, str]:
    """Store the file by its checksum, streamed; returns its name in storage and the checksum."""
    content.seek(0)
    sha256 = storage.sha256_of(storage.chunks_of(content))
    suffix = PurePath(name).suffix.lower()
    suffix = suffix if suffix[1:].isascii() and suffix[1:].isalnum() and len(suffix) <= _LONGEST_SUFFIX else ""
    return storage.keep(storage.private(), f"{folder}/{sha256[:2]}/{sha256}{suffix}", content, sha256), sha256


def _size(content: IO[bytes]) -> int:
    return content.seek(0, 2)


def _plain(name: str) -> str:
    """A file name for display: without folders and control characters."""
    base = PurePath(name.replace("\\", "/")).name
    return "".join(character for character in base if character.isprintable())[:300] or "manuscript"
