"""The page of one note: its words, and where it may belong if it has no place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from accounts.models import User
from common.errors import NotFound
from publishing.models import Edition
from storefront.catalogue.selectors import edition_texts
from storefront.catalogue.selectors.editions import edition_to_read
from storefront.catalogue.selectors.web_book_archive import WebBook, web_book
from storefront.reading.models import Note, Spot
from storefront.reading.selectors import note_lists
from storefront.reading.selectors.anchors import AnchorState, anchors_of
from storefront.reading.selectors.note_lists import ShownNote
from storefront.reading.selectors.note_places import Candidate, candidate, candidates


@dataclass(frozen=True, slots=True)
class NotePage:
    """`now` are the words in the edition that is read, if they have changed; `places` where a note without a place may
    belong: those with the words that were searched for, else with its own."""

    note: ShownNote
    edition: Edition
    now: str
    is_open: bool  # its place may be chosen
    words: str
    places: list[Candidate]
    reader_address: str
    missing_maps: set[int]


def note_page(holders: Sequence[User], note: Note, *, words: str) -> NotePage:
    """Return what the page of a note shows. Raises NotFound if there is no edition to read."""
    edition, book = _edition(note)
    anchor = anchors_of([note], edition)[note.uid]
    text = edition_texts.text_of(edition)
    is_readable = note.work_id in note_lists.readable_works(holders, [note.work_id])
    is_changed = anchor.state == AnchorState.CHANGED and anchor.start is not None and anchor.end is not None
    is_open = anchor.state == AnchorState.UNPLACED or note.placed is not None
    places = candidates(words or note.exact, book, text) if is_open and book is not None and is_readable else []
    return NotePage(
        note=note_lists.shown(note, anchor, book, is_readable=is_readable),
        edition=edition,
        now=text.between(anchor.start, anchor.end) if is_changed and anchor.start and anchor.end else "",
        is_open=is_open and is_readable,
        words=words,
        places=places,
        reader_address=note_lists.reader_address(note, is_to_place=True),
        missing_maps={note.edition_id} if anchor.state == AnchorState.WAITING else set(),
    )


def chosen_place(note: Note, value: str) -> Spot | None:
    """Return the place that a form names, as `<edition>:<place>`; None for one that is not in the edition that is read
    now: a new one may have come out meanwhile."""
    edition, book = _edition(note)
    edition_id, _colon, there = value.partition(":")
    found = candidate(there, book, edition_texts.text_of(edition)) if book is not None else None
    if found is None or edition_id != edition.public_id:
        return None
    return Spot(edition.public_id, (found.block, found.start), (found.block, found.end))


def _edition(note: Note) -> tuple[Edition, WebBook | None]:
    edition = edition_to_read(note.work)
    if edition is None:
        raise NotFound
    file = edition_texts.text_of(edition).file
    return edition, web_book(file) if file else None
