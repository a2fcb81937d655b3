"""What stops a backup or its restoration."""

from __future__ import annotations


class BackupFailed(Exception):
    """A backup cannot be taken, read or restored; the message says what to do."""
