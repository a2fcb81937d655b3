"""A person's notes as their pages show them: books with counts, lists over all books, and a book by chapter."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from uuid import UUID

from django.db.models import Count, Max, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts import regions
from accounts.models import User
from common.errors import NotFound
from publishing.models import Edition, Work
from storefront.catalogue.selectors import edition_texts
from storefront.catalogue.selectors.cards import cover_name
from storefront.catalogue.selectors.edition_texts import BookText
from storefront.catalogue.selectors.editions import edition_to_read
from storefront.catalogue.selectors.web_book_archive import WebBook, web_book
from storefront.checkout import permissions
from storefront.reading.models import Note, NoteColour, NoteKind
from storefront.reading.selectors.anchors import AnchorState, NoteAnchor, anchors_of
from storefront.reading.selectors.page_numbers import page_number

# Of what `kind` asks for: a note is a highlight that says something.
KINDS = ("highlight", "note", "bookmark")


@dataclass(frozen=True, slots=True)
class NotedBook:
    """A book that a person has notes in."""

    work_id: str
    slug: str
    title: str
    byline: str
    cover: str
    highlights: int
    written: int
    bookmarks: int
    changed_at: datetime

    @property
    def counts(self) -> str:
        """Return what there is: "12 highlights, 3 notes"."""
        highlights = ngettext("%(count)d highlight", "%(count)d highlights", self.highlights)
        written = ngettext("%(count)d note", "%(count)d notes", self.written)
        bookmarks = ngettext("%(count)d bookmark", "%(count)d bookmarks", self.bookmarks)
        found = ((self.highlights, highlights), (self.written, written), (self.bookmarks, bookmarks))
        return ", ".join(words % {"count": count} for count, words in found if count)


@dataclass(frozen=True, slots=True)
class NoteFilter:
    """What a list of notes is narrowed to; "" for all. `work` is a public id."""

    query: str = ""
    work: str = ""
    colour: str = ""
    kind: str = ""

    @property
    def is_set(self) -> bool:
        return bool(self.query or self.work or self.colour or self.kind)


@dataclass(frozen=True, slots=True)
class ShownNote:
    """A note on a page. `number` is its page in the newest edition, "" if unknown; `href` its place in the reader, ""
    for a book that the person may not read any more. `state` is None in lists over several books."""

    uid: UUID
    work_id: str
    title: str
    kind: str
    colour: str
    exact: str
    body: str
    other_body: str
    chapter: str
    made_at: datetime
    href: str
    number: str = ""
    state: AnchorState | None = None

    @property
    def is_bookmark(self) -> bool:
        return self.kind == NoteKind.BOOKMARK

    @property
    def is_unplaced(self) -> bool:
        return self.state == AnchorState.UNPLACED

    @property
    def page_words(self) -> str:
        return _("Page %(number)s") % {"number": self.number} if self.number else ""

    @property
    def state_words(self) -> str:
        """Return what is to be said about its place, "" if the words are as they were."""
        if self.state == AnchorState.CHANGED:
            return _("Text changed since")
        return _("Being placed") if self.state == AnchorState.WAITING else ""

    @property
    def name(self) -> str:
        """Return the beginning of its words, for links and buttons."""
        words = " ".join((self.exact or self.body or self.chapter).split())
        return f"{words[:60]}…" if len(words) > 60 else words


@dataclass(frozen=True, slots=True)
class NotedChapter:
    title: str
    notes: list[ShownNote]


@dataclass(frozen=True, slots=True)
class BookOfNotes:
    """All notes of one book. `missing_maps` are editions to which the maps have yet to be made."""

    work: Work
    edition: Edition
    byline: str
    cover: str
    is_readable: bool
    chapters: list[NotedChapter]
    unplaced: list[ShownNote]
    missing_maps: set[int]

    @property
    def count(self) -> int:
        return sum(len(chapter.notes) for chapter in self.chapters) + len(self.unplaced)


def notes_of(holders: Sequence[User]) -> QuerySet[Note]:
    """Select the notes of a person and of guests whose links their browser has opened."""
    return Note.objects.live().filter(user__in=holders)


def note_of(holders: Sequence[User], work_id: str, uid: UUID, *, is_deleted: bool = False) -> Note:
    """Return a note. Raises NotFound."""
    notes = Note.objects.filter(user__in=holders, uid=uid, work__public_id=work_id, deleted_at__isnull=not is_deleted)
    note = notes.select_related("work__listing", "edition", "user").first()
    if note is None:
        raise NotFound
    return note


def noted_books(holders: Sequence[User]) -> list[NotedBook]:
    """Return the books with notes, those with the latest notes first; two queries."""
    is_highlight = Q(kind=NoteKind.HIGHLIGHT)
    rows = notes_of(holders).values("work").annotate(
        highlights=Count("pk", filter=is_highlight & Q(body="")),
        written=Count("pk", filter=is_highlight & ~Q(body="")),
        bookmarks=Count("pk", filter=Q(kind=NoteKind.BOOKMARK)),
        changed_at=Max("changed_at"),
    )  # fmt: skip
    works = Work.with_personal.select_related("listing").in_bulk([row["work"] for row in rows])
    books = [
        NotedBook(
            work_id=work.public_id,
            slug=work.slug,
            title=work.title,
            byline=_byline(work),
            cover=cover_name(work),
            highlights=row["highlights"],
            written=row["written"],
            bookmarks=row["bookmarks"],
            changed_at=row["changed_at"],
        )
        for row in rows
        if (work := works[row["work"]])
    ]
    return sorted(books, key=lambda book: (book.changed_at, book.work_id), reverse=True)


def find_notes(holders: Sequence[User], wanted: NoteFilter) -> list[int]:
    """Return the primary keys of the notes that match, newest first.

    A person has some thousand notes at most: their rows are few enough to be read through.
    """
    notes = notes_of(holders)
    if wanted.query:
        fields = ("exact", "body", "other_body", "chapter", "work__title")
        conditions = [Q(**{f"{name}__icontains": word}) for word in wanted.query.split() for name in fields]
        for start in range(0, len(conditions), len(fields)):
            any_field = Q()
            for condition in conditions[start : start + len(fields)]:
                any_field |= condition
            notes = notes.filter(any_field)
    if wanted.work:
        notes = notes.filter(work__public_id=wanted.work)
    if wanted.colour in NoteColour.values:
        notes = notes.filter(colour=wanted.colour, kind=NoteKind.HIGHLIGHT)
    if wanted.kind in KINDS:
        notes = notes.filter(kind=NoteKind.BOOKMARK if wanted.kind == "bookmark" else NoteKind.HIGHLIGHT)
        notes = notes.exclude(body="") if wanted.kind == "note" else notes
    return list(notes.order_by("-made_at", "-pk").values_list("pk", flat=True))


def shown_notes(holders: Sequence[User], pks: Sequence[int]) -> list[ShownNote]:
    """Return notes of any books, in the order of their primary keys, without their places."""
    rows = Note.objects.select_related("work").in_bulk(pks)
    readable = readable_works(holders, {note.work_id for note in rows.values()})
    return [shown(rows[pk], is_readable=rows[pk].work_id in readable) for pk in pks if pk in rows]


def readable_works(holders: Sequence[User], works: Iterable[int]) -> set[int]:
    """Return which of the works the person, or one of the guests, may read."""
    works = list(works)
    return set().union(*(permissions.readable_works(holder, works) for holder in holders))


def book_of_notes(holders: Sequence[User], work_id: str) -> BookOfNotes:
    """Return a book's notes by chapter, as they are in the edition that is read now. Raises NotFound for a book
    without any."""
    notes = list(notes_of(holders).filter(work__public_id=work_id).select_related("work__listing"))
    edition = edition_to_read(notes[0].work) if notes else None
    if edition is None:
        raise NotFound
    work = notes[0].work
    is_readable = work.pk in readable_works(holders, [work.pk])
    text = edition_texts.text_of(edition)
    book = web_book(text.file) if text.file else None
    anchors = anchors_of(notes, edition)
    notes.sort(key=lambda note: _place(note, anchors[note.uid]))
    made = {note.uid: shown(note, anchors[note.uid], book, is_readable=is_readable) for note in notes}
    is_unplaced = {uid for uid, one in made.items() if one.is_unplaced}
    titled = [(_chapter(note, anchors[note.uid], book, text), note) for note in notes if note.uid not in is_unplaced]
    chapters = [
        NotedChapter(title, [made[note.uid] for _title, note in group])
        for title, group in groupby(titled, key=lambda pair: pair[0])
    ]
    waiting = [note for note in notes if anchors[note.uid].state == AnchorState.WAITING]
    return BookOfNotes(
        work=work,
        edition=edition,
        byline=_byline(work),
        cover=cover_name(work),
        is_readable=is_readable,
        chapters=chapters,
        unplaced=[one for one in made.values() if one.is_unplaced],
        missing_maps={note.edition_id for note in waiting},
    )


def _place(note: Note, anchor: NoteAnchor) -> tuple[object, ...]:
    """Return what notes of a book are ordered by: their place, and those without one by their place as made."""
    start = anchor.start or (note.start_block, note.start_offset)
    return anchor.start is None, start, note.made_at, note.pk


def _chapter(note: Note, anchor: NoteAnchor, book: WebBook | None, text: BookText) -> str:
    """Return the title of the chapter that a note is in now."""
    if anchor.start is None or book is None or book.is_pages or anchor.start[0] >= len(text.parts):
        return note.chapter
    part = text.parts[anchor.start[0]]
    return book.chapters[part].title if part < len(book.chapters) else note.chapter


def shown(
    note: Note,
    anchor: NoteAnchor | None = None,
    book: WebBook | None = None,
    *,
    is_readable: bool,
) -> ShownNote:
    return ShownNote(
        uid=note.uid,
        work_id=note.work.public_id,
        title=note.work.title,
        kind=note.kind,
        colour=note.colour,
        exact=note.exact,
        body=note.body,
        other_body=note.other_body,
        chapter=note.chapter,
        made_at=note.made_at,
        href=reader_address(note) if is_readable else "",
        number=page_number(book, anchor) if anchor and book else "",
        state=anchor.state if anchor else None,
    )


def reader_address(note: Note, *, is_to_place: bool = False) -> str:
    """Return where the reader opens at a note, or asks for its place (docs/reading.md)."""
    root = regions.reader_path(reverse("reading:read", args=[note.work.slug]))
    return f"{root}#{'place' if is_to_place else 'note'}-{note.uid}"


def _byline(work: Work) -> str:
    listing = getattr(work, "listing", None)
    return listing.byline if listing is not None else ""
