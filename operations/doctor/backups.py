"""Whether backups are taken, and how old the newest is."""

from __future__ import annotations

from collections.abc import Iterator

from django.conf import settings

from common import clock
from operations.backups import selectors
from operations.doctor.examination import Finding, ok, warning, wrong

_TAKE_ONE = "Take one now: manage.py backup. Each night a worker of the queue nightly does."


def backups() -> Iterator[Finding]:
    """Look up the newest backup that was finished."""
    if not settings.BACKUP_DIR:
        advice = "Set BACKUP_DIR to a folder on another disk, unless something else backs up database and files."
        yield warning("backups", "The shop takes no backups: BACKUP_DIR is empty.", advice)
        return
    age = selectors.age_of_newest(clock.database_real_now())
    if age is None:
        yield warning("backups", "No backup of this database was taken yet.", _TAKE_ONE)
    elif age > selectors.OLD:
        advice = f"{_TAKE_ONE} See OctavoBackupOld in docs/operations.md."
        yield wrong("backups", f"The newest backup is {age.days * 24 + age.seconds // 3600} hours old.", advice)
    else:
        yield ok("backups", f"The newest backup is {age.seconds // 3600 + age.days * 24} hours old.")
