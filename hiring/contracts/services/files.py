"""Files of deliveries and cases: looked at by the gate of shared files, stored unaltered under their checksums."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import IO

from django.conf import settings
from django.db.models import Sum

from accounts.models import User
from common.storage import Stored
from hiring import shared_files
from hiring.contracts.errors import TooManyFiles, UploadsUsedUp
from hiring.contracts.models import CaseFile, DeliveryFile

MAX_FILES = 20
_MB = 1024 * 1024
_DAY = timedelta(days=1)


def store(*, actor: User, content: IO[bytes], name: str, at: datetime, folder: str = "deliveries") -> Stored:
    """Check and store a file. Raises UploadsUsedUp, and the errors of `shared_files.store`."""
    _require_room(actor, content.seek(0, 2), at)
    most = settings.MAX_MANUSCRIPT_BYTES
    return shared_files.store(actor=actor, content=content, name=name, folder=folder, most_bytes=most)


def require_number(files: Sequence[Stored]) -> None:
    """Raises TooManyFiles."""
    if len(files) > MAX_FILES:
        raise TooManyFiles(limit=MAX_FILES)


def _require_room(actor: User, size_bytes: int, at: datetime) -> None:
    """Require that the person has not handed over more than a day's uploads. Raises UploadsUsedUp."""
    delivered = DeliveryFile.objects.filter(delivery__delivered_by=actor, delivery__delivered_at__gt=at - _DAY)
    shown = CaseFile.objects.filter(statement__author=actor, statement__made_at__gt=at - _DAY)
    used = sum(rows.aggregate(total=Sum("size_bytes"))["total"] or 0 for rows in (delivered, shown))
    if used + size_bytes > settings.MAX_UPLOAD_BYTES_PER_DAY:
        raise UploadsUsedUp(limit_mb=settings.MAX_UPLOAD_BYTES_PER_DAY // _MB)
