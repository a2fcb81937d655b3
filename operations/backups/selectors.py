"""How old the newest backup is."""

from __future__ import annotations

from datetime import datetime, timedelta

from operations.backups.models import BackupRun

# One is taken each night: after a day and a half, one is missing.
OLD = timedelta(hours=36)


def age_of_newest(at: datetime) -> timedelta | None:
    """Return how long ago the newest finished backup began; None without one."""
    newest = BackupRun.objects.exclude(ended_at=None).first()
    return None if newest is None else at - newest.began_at
