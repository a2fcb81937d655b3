"""What a person does to a note on its page: the same registers as from a device, with stamps of our clock."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from django.db import transaction

from common.errors import NotFound
from storefront.reading import stamps
from storefront.reading.changes import NoteChange, Written
from storefront.reading.models import BodyVersion, Note, NoteColour, NoteKind, Spot
from storefront.reading.services import notes, sync_states
from storefront.reading.services.note_merge import apply_change

_DEVICE = "pages"  # in stamps of changes on pages


def edit(*, note: Note, colour: str, body: str, seen: Sequence[str], at: datetime) -> None:
    """Set colour and body. `seen` are the stamps of the bodies that the page showed: one that another device has
    written since stays beside the new one."""

    def change(current: Note, stamp: str) -> NoteChange:
        is_written = body != current.body or current.other_body != ""
        return _change(
            current,
            colour=Written(NoteColour(colour), stamp) if colour != current.colour else None,
            body=BodyVersion(stamp, body, tuple(seen)) if is_written else None,
        )

    _apply(note, change, at)


def remove(*, note: Note, at: datetime) -> None:
    """Delete a note; it can be restored."""
    _apply(note, lambda current, stamp: _change(current, deleted=Written(True, stamp)), at)


def restore(*, note: Note, at: datetime) -> None:
    """Bring a deleted note back."""
    _apply(note, lambda current, stamp: _change(current, deleted=Written(False, stamp)), at)


def place(*, note: Note, spot: Spot, at: datetime) -> None:
    """Put a note where the person says it belongs."""
    _apply(note, lambda current, stamp: _change(current, placed=Written(spot, stamp)), at)


def next_stamp(note: Note, at: datetime) -> str:
    """Return a stamp that is later than all of the note's: devices' clocks may be ahead of ours."""
    registers = note.registers
    known = [registers.colour, registers.deleted, registers.placed, *(body.stamp for body in registers.bodies)]
    stamp, latest = stamps.make(at, _DEVICE), max(known)
    return stamp if stamp > latest else _following(latest)


def _following(stamp: str) -> str:
    milliseconds, counter = int(stamp[:13]), int(stamp[14:18], 16) + 1
    return f"{milliseconds + (counter >> 16):013}-{counter & 0xFFFF:04x}-{_DEVICE}"


def _change(
    note: Note,
    *,
    colour: Written[NoteColour] | None = None,
    body: BodyVersion | None = None,
    deleted: Written[bool] | None = None,
    placed: Written[Spot | None] | None = None,
) -> NoteChange:
    return NoteChange(note.uid, note.work.public_id, NoteKind(note.kind), None, None, colour, body, deleted, placed)


@transaction.atomic
def _apply(note: Note, change: Callable[[Note, str], NoteChange], at: datetime) -> None:
    state = sync_states.lock(note.user)
    current = Note.objects.select_related("work", "user").filter(pk=note.pk).first()
    if current is None:
        raise NotFound
    if apply_change(current, change(current, next_stamp(current, at)), at=at):
        notes.save(state, [current], at=at)
