"""Merges what several devices wrote about one note, field by field."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from common.typed_json import to_json
from storefront.reading.changes import NoteChange, Written
from storefront.reading.models import BodyVersion, Note, NoteColour, Spot
from storefront.reading.services import body_versions


def apply_change(note: Note, change: NoteChange, *, at: datetime) -> bool:
    """Apply what a device wrote; return whether it changed anything. The target stays as it was made."""
    before = _state(note)
    if change.colour is not None:
        _write_colour(note, change.colour)
    if change.deleted is not None:
        _write_deleted(note, change.deleted, at)
    if change.placed is not None:
        _write_placed(note, change.placed)
    if change.body is not None:
        _write_bodies(note, (change.body,))
    return _state(note) != before


def merge_copy(note: Note, copy: Note, *, at: datetime) -> bool:
    """Apply all that a copy of the note has, as it was kept by another account of the person."""
    before, stamps = _state(note), copy.registers
    _write_colour(note, Written(NoteColour(copy.colour), stamps.colour))
    _write_deleted(note, Written(copy.deleted_at is not None, stamps.deleted), at)
    _write_placed(note, Written(copy.placed, stamps.placed))
    _write_bodies(note, stamps.bodies)
    return _state(note) != before


def _state(note: Note) -> tuple[object, ...]:
    return note.registers, note.colour, note.deleted_at, note.placed


def _write_colour(note: Note, told: Written[NoteColour]) -> None:
    if _is_later(told, Written(note.colour, note.registers.colour)):
        note.colour = told.value
        note.registers = replace(note.registers, colour=told.stamp)


def _write_deleted(note: Note, told: Written[bool], at: datetime) -> None:
    is_deleted = note.deleted_at is not None
    if _is_later(told, Written(is_deleted, note.registers.deleted)):
        if told.value != is_deleted:
            note.deleted_at = at if told.value else None
        note.registers = replace(note.registers, deleted=told.stamp)


def _write_placed(note: Note, told: Written[Spot | None]) -> None:
    if _is_later(told, Written(note.placed, note.registers.placed)):
        note.placed = told.value
        note.registers = replace(note.registers, placed=told.stamp)


def _write_bodies(note: Note, versions: tuple[BodyVersion, ...]) -> None:
    bodies = body_versions.joined(note.registers.bodies, versions)
    latest, other = body_versions.shown(bodies)
    note.body, note.other_body = latest.text, other.text if other else ""
    note.registers = replace(note.registers, bodies=bodies)


def _is_later[Value](told: Written[Value], known: Written[Value]) -> bool:
    """Return whether the told value wins. Of two with one stamp, which no proper device makes, one always does."""
    return (told.stamp, repr(to_json(told.value))) > (known.stamp, repr(to_json(known.value)))
