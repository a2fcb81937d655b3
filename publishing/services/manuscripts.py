"""Storage of manuscripts and covers as uploaded: unaltered, under their checksums."""

from __future__ import annotations

from datetime import datetime
from typing import IO

from django.conf import settings

from accounts.models import User
from common import storage
from publishing.errors import ManuscriptEmpty, ManuscriptTooLarge
from publishing.models import Manuscript, Work
from publishing.services import covers, quotas, upload_checks

_MB = 1024 * 1024


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
    stored = storage.store_private("manuscripts", content, name)
    manuscript, _created = Manuscript.objects.get_or_create(
        work=work,
        sha256=stored.sha256,
        name=stored.name or "manuscript",
        defaults={"file": stored.file, "size_bytes": size_bytes, "uploaded_by": actor, "uploaded_at": at},
    )
    return manuscript


def store_cover(content: IO[bytes], name: str) -> tuple[str, str]:
    """Store an uploaded cover privately; return its name in storage and its uploaded name.

    The engine redraws every picture before readers see it. Raises the errors of `covers.inspect_cover`.
    """
    covers.inspect_cover(content)
    stored = storage.store_private("covers", content, name)
    return stored.file, stored.name or "cover"


def store_picture(*, actor: User, content: IO[bytes], name: str, at: datetime) -> storage.Stored:
    """Store a picture for the text of a book. The engine redraws it whenever it makes the book.

    Raises the errors of `covers.inspect_picture` and of `quotas.require_upload`.
    """
    size_bytes = _size(content)
    quotas.require_upload(actor=actor, size_bytes=size_bytes, at=at)
    covers.inspect_picture(content)
    return storage.store_private("pictures", content, name)


def _size(content: IO[bytes]) -> int:
    return content.seek(0, 2)
