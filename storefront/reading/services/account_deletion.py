"""Deletes a reader's places, notes and settings with their account."""

from __future__ import annotations

from datetime import datetime

from accounts.models import Deletion
from storefront.reading.models import Device, FurthestPlace, Note, NoteImport, ReaderSetting, SyncState, TypoReport
from storefront.reading.services import typos

_OF_A_READER = (Device, FurthestPlace, Note, NoteImport, ReaderSetting, SyncState, TypoReport)


def erase(deletion: Deletion, at: datetime) -> None:
    """Delete what belongs to the reader alone. Safe to repeat."""
    typos.forget_suggestions(deletion.user)
    for table in _OF_A_READER:
        table._default_manager.filter(user=deletion.user).delete()
