"""Imports files of notes: read at once, checked by a worker, added when the person has seen what will be.

Nothing that is there is changed, so importing a file twice adds nothing the second time. A note is known by its id,
else by its book, its words and what was written about them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID, uuid5

from django.db import transaction
from django.db.models import F

from accounts.models import User
from common import clock, jobs
from common.errors import NotFound
from conversion.engine.api import edition_text
from publishing.models import Edition, EditionState, Work
from storefront.reading import formats, stamps
from storefront.reading.changes import NoteChange, Target, Written
from storefront.reading.errors import FileOfTooManyNotes, NoNotesInFile, TextInFileTooLong
from storefront.reading.formats import BookNotes, NoteEntry
from storefront.reading.models import (
    BodyVersion,
    FileNote,
    ImportState,
    Note,
    NoteColour,
    NoteImport,
    NoteKind,
    Verdict,
)
from storefront.reading.selectors import note_books
from storefront.reading.selectors.mentioned import Mentioned
from storefront.reading.selectors.note_books import KnownBooks
from storefront.reading.services import notes, sync_states
from storefront.reading.services.note_edits import next_stamp
from storefront.reading.services.note_placement import Placement

_TASK = "reading.check_import"
_HEAD_START = timedelta(minutes=1)
_MAX_ATTEMPTS = 3
_KEPT = timedelta(days=7)
_IDS = UUID("6f0a5f0e-5b0c-4c8e-9d51-2f3a2b6f8d10")  # of notes whose file has none
_DEVICE, _OTHER_DEVICE = "import", "import-other"  # in stamps


def start(*, actor: User, name: str, content: bytes, work: Work | None, at: datetime) -> NoteImport:
    """Read a file and have it checked. Notes of books that it does not name go into `work`.

    Raises NoNotesInFile, FileOfTooManyNotes or TextInFileTooLong.
    """
    try:
        books = formats.read(content)
    except formats.TooManyNotes as error:
        raise FileOfTooManyNotes(most=formats.MAX_NOTES) from error
    except formats.TooLong as error:
        raise TextInFileTooLong(words=error.words, most=error.most) from error
    except formats.UnreadableFile as error:
        raise NoNotesInFile from error
    known = note_books.known_books(actor)
    found = tuple(_file_note(note, one, known, work) for one in books for note in one.notes)
    made = NoteImport.objects.create(user=actor, file_name=name[:200], work=work, notes=found, asked_at=at)
    jobs.enqueue(_TASK, import_id=made.pk)
    return made


def check(*, import_id: int) -> None:
    """Say of each note of a file what will become of it. Safe to repeat."""
    row = NoteImport.objects.select_related("user").filter(pk=import_id, state=ImportState.CHECKING).first()
    if row is None:
        return
    NoteImport.objects.filter(pk=row.pk).update(attempts=F("attempts") + 1)
    waiting = NoteImport.objects.filter(pk=row.pk, state=ImportState.CHECKING)
    waiting.update(notes=tuple(_checked(row)), state=ImportState.READY)


@transaction.atomic
def finish(*, actor: User, row: NoteImport, at: datetime) -> None:
    """Add the notes that the file has and the person has not. Safe to repeat. Raises NotFound if it is not checked."""
    state = sync_states.lock(actor)
    current = NoteImport.objects.select_for_update().filter(pk=row.pk, user=actor).first()
    if current is None or current.state == ImportState.CHECKING:
        raise NotFound
    if current.state == ImportState.DONE:
        return
    there = _Present(actor, current.notes)  # again: devices may have brought some of them meanwhile
    wanted = [there.judged(note) for note in current.notes]
    added = {index: note for index, note in enumerate(wanted) if note.verdict in {Verdict.ADDED, Verdict.UNPLACED}}
    changes = {index: _change(note, at, there.deleted.get(UUID(note.uid))) for index, note in added.items()}
    mentioned = _mentioned(added.values())
    errors = notes.write(actor=actor, state=state, changes=changes, mentioned=mentioned, at=at)
    others = {index: _other(note, at) for index, note in added.items() if note.other_body}
    notes.write(actor=actor, state=state, changes=others, mentioned=mentioned, at=at)
    for error in errors:
        wanted[error.index] = replace(wanted[error.index], verdict=Verdict.REFUSED)
    current.notes, current.state, current.done_at = tuple(wanted), ImportState.DONE, at
    current.save(update_fields=["notes", "state", "done_at"])


def discard(*, actor: User, row: NoteImport) -> None:
    """Forget a file without adding its notes."""
    NoteImport.objects.filter(pk=row.pk, user=actor).delete()


def retry_stuck() -> None:
    """Enqueue files again whose message was lost, and forget old ones."""
    at = clock.database_now()
    NoteImport.objects.filter(asked_at__lt=at - _KEPT).delete()
    waiting = NoteImport.objects.filter(state=ImportState.CHECKING, asked_at__lte=at - _HEAD_START)
    for pk in waiting.filter(attempts__lt=_MAX_ATTEMPTS).order_by("?").values_list("pk", flat=True)[:100]:
        jobs.enqueue(_TASK, import_id=pk)


# ---------------------------------------------------------------- what a file has


def _file_note(note: NoteEntry, one: BookNotes, known: KnownBooks, fallback: Work | None) -> FileNote:
    work = known.work_of(one.book) or fallback
    return FileNote(
        uid=note.uid,
        work=work.public_id if work is not None else "",
        title=work.title if work is not None else one.book.title,
        kind=note.kind,
        colour=note.colour,
        body=note.body,
        other_body=note.other_body,
        exact=note.exact,
        prefix=note.prefix,
        suffix=note.suffix,
        chapter=note.chapter,
        made_at=note.made_at.isoformat() if note.made_at is not None else "",
        edition=note.edition if note.start and note.end else "",
        start=note.start or (0, 0),
        end=note.end or (0, 0),
        page=note.page,
        placed=note.placed,
    )


def _checked(row: NoteImport) -> Iterable[FileNote]:
    works = Work.with_personal.in_bulk({note.work for note in row.notes if note.work}, field_name="public_id")
    named = _with_ids(row.user, row.notes)
    there, placement = _Present(row.user, named), Placement()
    for note in named:
        work = works.get(note.work)
        if work is None:
            yield replace(note, verdict=Verdict.NO_BOOK)
            continue
        judged = there.judged(note)
        yield judged if judged.verdict == Verdict.PRESENT else placement.place(judged, work)


def _with_ids(person: User, found: Iterable[FileNote]) -> list[FileNote]:
    """Return the notes each with an id: one that has none gets the same whenever the file is imported."""
    named, seen = [], Counter[str]()
    for note in found:
        uid = _uid(note.uid)
        if uid is None:
            name = "\n".join((person.public_id, note.work, *map(str, _key(note))))
            seen[name] += 1
            uid = uuid5(_IDS, f"{name}\n{seen[name]}")
        named.append(replace(note, uid=str(uid)))
    return named


def _uid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


type _Key = tuple[object, ...]


def _key(note: FileNote) -> _Key:
    """Return by what a note without an id is known in its book."""
    words = edition_text.fold(edition_text.normalised(note.exact))
    return note.kind, words, note.body, note.start if not words else ""


class _Present:
    """The notes that a person has, for the books of a file. Each is the twin of one note of the file."""

    def __init__(self, person: User, found: Sequence[FileNote]) -> None:
        rows = Note.objects.filter(user=person).select_related("work", "user")
        uids = {uid for note in found if (uid := _uid(note.uid)) is not None}
        known = {note.uid: note for note in rows.filter(uid__in=uids)}
        self.live = {uid for uid, note in known.items() if note.deleted_at is None}
        self.deleted = {uid: note for uid, note in known.items() if note.deleted_at is not None}
        works = {note.work for note in found if note.work}
        others = rows.live().filter(work__public_id__in=works).exclude(uid__in=self.live)
        self.others = Counter(self._key_of(note) for note in others)

    @staticmethod
    def _key_of(note: Note) -> _Key:
        start = (note.start_block, note.start_offset)
        return note.work.public_id, *_key(FileNote(kind=note.kind, exact=note.exact, body=note.body, start=start))

    def judged(self, note: FileNote) -> FileNote:
        """Return the note with the verdict that it is present, or as it is."""
        uid, key = _uid(note.uid), (note.work, *_key(note))
        if note.verdict in {Verdict.NO_BOOK, Verdict.NOTHING}:
            return note
        if uid in self.live:
            return replace(note, verdict=Verdict.PRESENT)
        if uid not in self.deleted and self.others[key] > 0:
            self.others[key] -= 1
            return replace(note, verdict=Verdict.PRESENT)
        if uid is not None:
            self.live.add(uid)  # a file that has a note twice
        return note


# ---------------------------------------------------------------- what is added


def _change(note: FileNote, at: datetime, deleted: Note | None) -> NoteChange:
    """Return the new note as a device would send it; one that was deleted only comes back."""
    made_at = datetime.fromisoformat(note.made_at) if note.made_at else at
    stamp = stamps.make(at, _DEVICE)
    if deleted is not None:
        stamp = next_stamp(deleted, at)
        return NoteChange(deleted.uid, note.work, NoteKind(note.kind), None, None, deleted=Written(False, stamp))
    target = Target(note.edition, note.start, note.end, note.page, note.exact, note.prefix, note.suffix, note.chapter)
    return NoteChange(
        uid=UUID(note.uid),
        work=note.work,
        kind=NoteKind(note.kind),
        target=target,
        made_at=min(made_at, at),
        colour=Written(NoteColour(note.colour), stamp),
        body=BodyVersion(stamp, note.body) if note.body else None,
        placed=Written(note.placed, stamp) if note.placed is not None else None,
    )


def _other(note: FileNote, at: datetime) -> NoteChange:
    """Return the text that was written apart from the one that is shown: an earlier one of another device."""
    stamp = stamps.make(at - timedelta(seconds=1), _OTHER_DEVICE)
    body = BodyVersion(stamp, note.other_body)
    return NoteChange(UUID(note.uid), note.work, NoteKind(note.kind), None, None, body=body)


def _mentioned(added: Iterable[FileNote]) -> Mentioned:
    """Look up works and editions; that the person has them was found when the file was read."""
    added = list(added)
    works = Work.with_personal.in_bulk({note.work for note in added}, field_name="public_id")
    editions = Edition.with_personal.exclude(state=EditionState.DRAFT).filter(work__in=works.values())
    pks = {work.pk for work in works.values()}
    return Mentioned(works, {edition.public_id: edition for edition in editions}, pks, pks)
