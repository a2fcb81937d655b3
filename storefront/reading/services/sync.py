"""Applies what a device sends about notes, places and settings (docs/reading.md)."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from accounts.models import User
from storefront.reading.changes import Change, ChangeError, NoteChange, PlaceChange, SettingChange, SyncMessage
from storefront.reading.selectors.mentioned import Mentioned
from storefront.reading.services import devices, notes, places, reader_settings, sync_states


def apply(
    *, actor: User, message: SyncMessage, mentioned: Mentioned, at: datetime, address: str | None
) -> list[ChangeError]:
    """Apply the valid changes of a message; return why others were skipped. Safe to repeat. Raises PersonLeft."""
    errors = list(message.errors)
    moves = _of_kind(message, PlaceChange)
    if moves:
        device = devices.browser(actor, key=message.device, name=message.device_name, at=at)
        errors += places.save_reported(places.Report(device, mentioned, at, address), moves)
    if len(moves) < len(message.changes):
        errors += _write(actor, message, mentioned, at)
    return sorted(errors, key=lambda error: error.index)


@transaction.atomic
def _write(actor: User, message: SyncMessage, mentioned: Mentioned, at: datetime) -> list[ChangeError]:
    state = sync_states.lock(actor)
    written = _of_kind(message, NoteChange)
    chosen = _of_kind(message, SettingChange)
    return [
        *notes.write(actor=actor, state=state, changes=written, mentioned=mentioned, at=at),
        *reader_settings.write(actor=actor, state=state, changes=chosen),
    ]


def _of_kind[Kind: Change](message: SyncMessage, kind: type[Kind]) -> dict[int, Kind]:
    return {index: change for index, change in message.changes.items() if isinstance(change, kind)}
