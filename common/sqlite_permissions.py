"""File permissions of an SQLite database, whose file holds every address, session and password hash."""

from __future__ import annotations

import stat
from pathlib import Path
from typing import Any

from django.db.backends.signals import connection_created
from django.dispatch import receiver

_OTHERS = stat.S_IRWXG | stat.S_IRWXO


@receiver(connection_created)
def restrict_file_access(connection: Any, **told: Any) -> None:
    """Make the file, and those that SQLite keeps beside it, accessible only to its owner."""
    if connection.vendor != "sqlite" or connection.is_in_memory_db():
        return
    name = str(connection.settings_dict["NAME"])
    for path in (Path(name), Path(f"{name}-wal"), Path(f"{name}-shm")):
        _close(path)


def _close(path: Path) -> None:
    try:
        mode = path.stat().st_mode
        if stat.S_ISREG(mode) and mode & _OTHERS:
            path.chmod(stat.S_IMODE(mode) & ~_OTHERS)
    except OSError:  # deleted meanwhile, or another user's file: that is up to whoever runs the shop
        return
