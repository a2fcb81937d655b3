"""An SQLite database is a file, and whoever can read it has every address, session and hash of a password in it."""

from __future__ import annotations

import stat
from pathlib import Path
from typing import Any

from django.db.backends.signals import connection_created
from django.dispatch import receiver

_OTHERS = stat.S_IRWXG | stat.S_IRWXO


@receiver(connection_created)
def keep_from_others(connection: Any, **told: Any) -> None:
    """Leave the file, and those that SQLite keeps beside it, to its owner alone."""
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
    except OSError:  # gone since, or another user's: who runs the shop then decides
        return
