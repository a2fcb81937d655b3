"""What a device gets when it synchronises: changes since its cursor, and where notes and places are in its editions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from django.db.models import F, Q

from accounts.models import User
from publishing.models import Edition, Work
from storefront.reading.changes import SyncMessage
from storefront.reading.models import FurthestPlace, LastPlace, Note, NoteKind, Place, ReaderSetting, SyncState
from storefront.reading.selectors import anchors
from storefront.reading.selectors.anchors import AnchorState, NoteAnchor, PlaceSource, PlaceThere
from storefront.reading.selectors.mentioned import Mentioned
from storefront.reading.selectors.positions import newest_places

# The rest of a longer answer is asked for separately.
MAX_NOTES = 2000
MAX_CHARACTERS = 1_000_000
# Added to the cursor of a device that gets everything anew in parts: what was forgotten meanwhile it has never known.
# JavaScript counts exactly up to 2 ** 53.
_IN_PARTS = 2**50


@dataclass(frozen=True, slots=True)
class BookAnswer:
    """What concerns one work that the device holds. Without a right, or an edition of ours, there is nothing more.

    `unmapped` are the editions, by primary key, from which there is no map to the device's yet.
    """

    is_readable: bool
    edition: Edition | None = None
    anchors: dict[UUID, NoteAnchor] = field(default_factory=dict)
    last: tuple[LastPlace, PlaceThere] | None = None
    furthest: tuple[FurthestPlace, PlaceThere] | None = None
    unmapped: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class SyncAnswer:
    """`is_full`: the notes are all there are, not only the changed ones. `has_more`: the answer was cut."""

    cursor: int
    is_full: bool
    has_more: bool
    notes: list[Note]
    settings: list[ReaderSetting]
    books: dict[str, BookAnswer]


def answer(*, actor: User, message: SyncMessage, mentioned: Mentioned) -> SyncAnswer:
    """Return what the device does not know yet."""
    # Read first: what is committed meanwhile is among the rows below, and comes again with the next answer.
    state = SyncState.objects.filter(user=actor).first() or SyncState(user=actor)
    since, is_rest = message.cursor % _IN_PARTS, message.cursor >= _IN_PARTS
    is_known = is_rest or state.forgotten_cursor <= since
    is_full = not (is_known and 0 < since <= state.cursor)
    since = 0 if is_full else since
    rows = Note.objects.live() if is_full else Note.objects.all()
    rows = rows.filter(user=actor, cursor__gt=since).select_related("work", "edition").order_by("cursor")
    notes = list(_first(rows[: MAX_NOTES + 1].iterator(chunk_size=200)))
    has_more = bool(notes) and rows.filter(cursor__gt=notes[-1].cursor).exists()
    reached = notes[-1].cursor if has_more else state.cursor
    return SyncAnswer(
        cursor=reached + _IN_PARTS if has_more and (is_full or is_rest) else reached,
        is_full=is_full,
        has_more=has_more,
        notes=notes,
        settings=list(ReaderSetting.objects.filter(user=actor, cursor__gt=since).order_by("cursor")),
        books=_books(actor, message, mentioned),
    )


def _first(notes: Iterator[Note]) -> Iterator[Note]:
    """Yield the notes that fit into one answer, at least one."""
    characters = 0
    for number, note in enumerate(notes):
        characters += len(note.exact) + len(note.body) + len(note.other_body)
        if number and (number >= MAX_NOTES or characters > MAX_CHARACTERS):
            return
        yield note


def _books(actor: User, message: SyncMessage, mentioned: Mentioned) -> dict[str, BookAnswer]:
    held = [work for work_id in message.books if (work := mentioned.readable_work(work_id)) is not None]
    last = newest_places(actor, held)
    furthest = {place.work_id: place for place in FurthestPlace.objects.filter(user=actor, work__in=held)}
    found = {work_id: BookAnswer(is_readable=False) for work_id in message.books}
    for work in held:
        edition = mentioned.edition_of(work, message.books[work.public_id])
        found[work.public_id] = BookAnswer(is_readable=True)
        if edition is not None:
            found[work.public_id] = _book(actor, work, edition, last.get(work.pk), furthest.get(work.pk))
    return found


def _book(
    actor: User, work: Work, edition: Edition, last: LastPlace | None, furthest: FurthestPlace | None
) -> BookAnswer:
    known: list[Place] = [place for place in (last, furthest) if place is not None]
    there = dict(zip(map(type, known), anchors.places_in(known, edition), strict=True)) if known else {}
    notes = _elsewhere(actor, work, edition)
    anchored = anchors.anchors_of(notes, edition) if notes else {}
    waiting = {note.edition_id for note in notes if anchored[note.uid].state == AnchorState.WAITING}
    unmapped = {
        place.edition_id for place in known if place.edition_id and there[type(place)].source == PlaceSource.SHARE
    }
    return BookAnswer(
        is_readable=True,
        edition=edition,
        anchors=anchored,
        last=(last, there[LastPlace]) if last is not None else None,
        furthest=(furthest, there[FurthestPlace]) if furthest is not None else None,
        unmapped=frozenset(waiting | unmapped),
    )


def _elsewhere(actor: User, work: Work, edition: Edition) -> Sequence[Note]:
    """Return the notes that are not simply where their target says: those of other editions, those placed by hand,
    imported ones whose words were not found, and those from before the edition was published."""
    has_no_words = Q(kind=NoteKind.HIGHLIGHT, start_block=F("end_block"), start_offset=F("end_offset"))
    is_from_before = Q(made_at__lt=edition.published_at) if edition.published_at is not None else Q(edition=edition)
    notes = Note.objects.live().filter(~Q(edition=edition) | Q(placed__isnull=False) | has_no_words | is_from_before)
    return list(notes.filter(user=actor, work=work))
