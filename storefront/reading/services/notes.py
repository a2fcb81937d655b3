"""Writes readers' notes. Whoever calls holds the lock of the person's SyncState."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db.models import Count, Q

from accounts.models import User
from storefront.reading.changes import ChangeError, NoteChange
from storefront.reading.models import Note, SyncState
from storefront.reading.selectors.mentioned import Mentioned
from storefront.reading.services import sync_states
from storefront.reading.services.note_merge import apply_change

MAX_NOTES = 20_000  # a person
_MAX_ROWS = 2 * MAX_NOTES  # with those that are deleted
_WRITTEN = (
    *("colour", "body", "other_body", "placed", "deleted_at", "registers"),
    *("cursor", "changed_at"),
)


def write(
    *, actor: User, state: SyncState, changes: Mapping[int, NoteChange], mentioned: Mentioned, at: datetime
) -> list[ChangeError]:
    """Apply changes of notes, by their index in the message; return why others were skipped. A fixed number of
    queries."""
    uids = {change.uid for change in changes.values()}
    known = {note.uid: note for note in Note.objects.filter(user=actor, uid__in=uids)}
    room = _room(actor) if len(known) < len(uids) else 0
    touched: dict[object, Note] = {}
    errors = []
    for index, change in changes.items():
        note = known.get(change.uid)
        error = _refusal(change, note, mentioned, room)
        if error:
            errors.append(ChangeError(index, error))
            continue
        if note is None:
            note = known[change.uid] = _new(actor, change, mentioned, at)
            touched[change.uid] = note
            room -= 1
        if apply_change(note, change, at=at):
            touched[note.uid] = note
    save(state, list(touched.values()), at=at)
    return errors


def save(state: SyncState, notes: list[Note], *, at: datetime) -> None:
    """Store new and changed notes, each with the next cursor."""
    sync_states.count(state, notes)
    for note in notes:
        note.changed_at = at
    new, known = [note for note in notes if note.pk is None], [note for note in notes if note.pk is not None]
    Note.objects.bulk_create(new)
    Note.objects.bulk_update(known, _WRITTEN, batch_size=500)


def _refusal(change: NoteChange, note: Note | None, mentioned: Mentioned, room: int) -> str:
    """Return why the change cannot be applied, "" if it can."""
    work = mentioned.works.get(change.work)
    spot = change.placed.value if change.placed is not None else None
    if work is None or (spot is not None and mentioned.edition_of(work, spot.edition) is None):
        return "unknown"
    if note is not None:
        return "" if note.work_id == work.pk else "unknown"
    if mentioned.owned_work(change.work) is None:
        return "no_right"
    if change.target is None or mentioned.edition_of(work, change.target.edition) is None:
        return "unknown"
    return "" if room > 0 else "too_many"


def _new(actor: User, change: NoteChange, mentioned: Mentioned, at: datetime) -> Note:
    target = change.target
    if target is None:
        raise ValueError("A new note has a target: `_refusal` looks.")
    return Note(
        user=actor,
        uid=change.uid,
        work=mentioned.works[change.work],
        kind=change.kind,
        made_at=change.made_at or at,
        edition=mentioned.editions[target.edition],
        start_block=target.start[0],
        start_offset=target.start[1],
        end_block=target.end[0],
        end_offset=target.end[1],
        page=target.page,
        exact=target.exact,
        prefix=target.prefix,
        suffix=target.suffix,
        chapter=target.chapter,
    )


def _room(actor: User) -> int:
    """Return how many more notes the person may have."""
    found = Note.objects.filter(user=actor).aggregate(rows=Count("pk"), live=Count("pk", filter=Q(deleted_at=None)))
    return min(MAX_NOTES - int(found["live"]), _MAX_ROWS - int(found["rows"]))
