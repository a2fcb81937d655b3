"""Where notes and places are in an edition, whichever edition they were made in.

Derived each time from the place as it was made and the map straight to that edition; never stored, never from another
anchor. Without a map, a note is waiting and a place is at its share of the whole: nothing is searched or guessed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property, lru_cache
from uuid import UUID

from django.db.models import Q

from conversion.engine.api import align, edition_text
from publishing.models import Edition
from storefront.catalogue.selectors import edition_texts
from storefront.catalogue.selectors.edition_texts import BookText
from storefront.catalogue.selectors.web_book_archive import WebBook, pages_of, web_book
from storefront.reading.models import EditionMap, LastPlace, Note, NoteKind, Place

type Point = tuple[int, int]  # a block and an offset


class AnchorState(StrEnum):
    EXACT = "exact"
    MOVED = "moved"
    CHANGED = "changed"
    UNPLACED = "unplaced"
    WAITING = "waiting"  # for the map to be made


@dataclass(frozen=True, slots=True)
class NoteAnchor:
    """Where a note is: from `start` to before `end`, None if nowhere. `page` is the page's id in a book of pages."""

    state: AnchorState
    start: Point | None = None
    end: Point | None = None
    page: str = ""


class PlaceSource(StrEnum):
    """How a place in an edition is known."""

    EXACT = "exact"  # it was made there
    MAP = "map"
    SHARE = "share"  # it is at the same share of the whole


@dataclass(frozen=True, slots=True)
class PlaceThere:
    """A place in the edition that was asked for. `page` is the page's id in a book of pages."""

    block: int
    offset: int
    share_bps: int
    page: str
    source: PlaceSource


def anchors_of(notes: Sequence[Note], edition: Edition) -> dict[UUID, NoteAnchor]:
    """Return where notes of the edition's work are in it, by their uid; four queries at most.

    A note that the reader placed by hand is there, or where that place is now.
    """
    pks, public_ids = {note.edition_id for note in notes}, {note.placed.edition for note in notes if note.placed}
    there = _Edition(edition, pks, public_ids)
    return {note.uid: there.anchor(note) for note in notes}


def place_in(place: Place, edition: Edition) -> PlaceThere:
    """Return where a place is in an edition of its work."""
    return places_in([place], edition)[0]


def places_in(places: Sequence[Place], edition: Edition) -> list[PlaceThere]:
    """Return where places of the edition's work are in it, in the same order; four queries at most."""
    there = _Edition(edition, {place.edition_id for place in places if place.edition_id}, set())
    return [there.place(place) for place in places]


def is_from_advance_copy(note: Note, edition: Edition) -> bool:
    """Return whether a note of this edition may have been made in an advance copy, before its text was final."""
    return edition.published_at is None or note.made_at < edition.published_at


class _Edition:
    """An edition with the maps to it from others, which are given by primary keys and public ids."""

    def __init__(self, edition: Edition, pks: set[int], public_ids: set[str]) -> None:
        self.edition = edition
        self.others: dict[int, Edition] = {}
        self.maps: dict[int, EditionMap] = {}
        self._placers: dict[int, align.Placer] = {}
        pks, public_ids = pks - {edition.pk}, public_ids - {edition.public_id}
        if pks or public_ids:
            editions = Edition.with_personal.filter(work=edition.work_id)
            self.others = editions.filter(Q(pk__in=pks) | Q(public_id__in=public_ids)).in_bulk()
            rows = EditionMap.objects.filter(to_edition=edition, from_edition__in=self.others)
            self.maps = {row.from_edition_id: row for row in rows}

    # ------------------------------------------------------------ notes

    def anchor(self, note: Note) -> NoteAnchor:
        edition_id, start, end = (
            note.edition_id,
            (note.start_block, note.start_offset),
            (note.end_block, note.end_offset),
        )
        by_hand = note.placed and self._primary_key(note.placed.edition)
        if note.placed and by_hand:
            edition_id, start, end = by_hand, note.placed.start, note.placed.end
        anchor = self._in_range(note, edition_id, start, end)
        if by_hand and anchor.start and anchor.end and not self._has_words(note.exact, anchor.start, anchor.end):
            return NoteAnchor(AnchorState.CHANGED, anchor.start, anchor.end, anchor.page)
        return anchor

    def _in_range(self, note: Note, edition_id: int, start: Point, end: Point) -> NoteAnchor:
        is_bookmark = note.kind == NoteKind.BOOKMARK
        if edition_id == self.edition.pk:
            if start == end and not is_bookmark:  # imported, and its words were not found
                return NoteAnchor(AnchorState.UNPLACED)
            if is_from_advance_copy(note, self.edition) and not self._has_words(note.exact, start, end):
                return self._found_again(note, start)
            return NoteAnchor(AnchorState.EXACT, start, end, note.page)
        row = self.maps.get(edition_id)
        if row is None or not row.version:
            has_failed = row is not None and row.has_failed
            return NoteAnchor(AnchorState.UNPLACED if has_failed else AnchorState.WAITING)
        placer = self._placer(row)
        found = placer.place(align.Position(*start), align.Position(*end))
        if found.start is not None and found.end is not None:
            page = self._page(note.page, edition_id, found.start.block)
            return NoteAnchor(AnchorState(found.state.value), _point(found.start), _point(found.end), page)
        return self._bookmark(note, edition_id, placer, start) if is_bookmark else NoteAnchor(AnchorState.UNPLACED)

    def _found_again(self, note: Note, start: Point) -> NoteAnchor:
        """Return where the words are that were noted in an advance copy, whose text had another state; a bookmark
        stays where it was made."""
        words = edition_text.normalised(note.exact)
        point = self._text.find_only(words)
        if point is not None:
            return NoteAnchor(AnchorState.MOVED, point, self._text.after(point, len(words)), note.page)
        if note.kind == NoteKind.BOOKMARK and self._text.has(*start):
            return NoteAnchor(AnchorState.CHANGED, start, start, note.page)
        return NoteAnchor(AnchorState.UNPLACED)

    def _bookmark(self, note: Note, edition_id: int, placer: align.Placer, start: Point) -> NoteAnchor:
        """Return the nearest place for a bookmark that marks no words, or whose words are gone."""
        point = placer.point(align.Position(*start))
        has_words = note.exact == "" or self._has_words(note.exact, point, (point[0], point[1] + len(note.exact)))
        state = AnchorState.EXACT if has_words else AnchorState.CHANGED
        page = self._page(note.page, edition_id, point.block)
        return NoteAnchor(state, _point(point), _point(point), page)

    def _has_words(self, words: str, start: Point, end: Point) -> bool:
        there = self._texts[self.edition.pk].between(start, end) if self.edition.pk in self._texts else ""
        return edition_text.fold(edition_text.normalised(words)) == edition_text.fold(there)

    # ------------------------------------------------------------ places

    def place(self, place: Place) -> PlaceThere:
        point = self._point_of(place)
        if place.edition_id == self.edition.pk and point is not None:
            return self._place_there(*point, place.page, PlaceSource.EXACT)
        row = self.maps.get(place.edition_id) if place.edition_id else None
        if row is not None and row.version and point is not None:
            block, offset = self._placer(row).point(align.Position(*point))
            return self._place_there(block, offset, self._page(place.page, row.from_edition_id, block), PlaceSource.MAP)
        block, offset = self._text.at_share(place.share_bps)
        page = self._page(place.page, place.edition_id, block)
        return PlaceThere(block, offset, place.share_bps, page, PlaceSource.SHARE)

    def _place_there(self, block: int, offset: int, page: str, source: PlaceSource) -> PlaceThere:
        return PlaceThere(block, offset, self._text.share_bps(block, offset), page, source)

    def _point_of(self, place: Place) -> Point | None:
        """Return the place in its own edition; one from before blocks were counted is known by its words."""
        if place.block is not None:
            return place.block, place.offset
        if not isinstance(place, LastPlace) or place.edition_id not in self._texts:
            return None
        return self._texts[place.edition_id].find(edition_text.normalised(place.words), near_bps=place.share_bps)

    # ------------------------------------------------------------ editions

    def _primary_key(self, public_id: str) -> int | None:
        if public_id == self.edition.public_id:
            return self.edition.pk
        return next((pk for pk, other in self.others.items() if other.public_id == public_id), None)

    @cached_property
    def _texts(self) -> dict[int, BookText]:
        return edition_texts.texts_of([self.edition, *self.others.values()])

    @property
    def _text(self) -> BookText:
        return self._texts.get(self.edition.pk, edition_texts.EMPTY)

    def _placer(self, row: EditionMap) -> align.Placer:
        if row.pk not in self._placers:
            old = self._texts.get(row.from_edition_id, edition_texts.EMPTY)
            self._placers[row.pk] = align.Placer(_edition_map(bytes(row.data)), old.blocks, self._text.blocks)
        return self._placers[row.pk]

    def _page(self, page_id: str, edition_id: int | None, block: int) -> str:
        """Return the page in a book of pages: the one with the same pictures, else the one that has the block."""
        if not page_id:
            return ""
        book = self._book(self.edition.pk)
        if edition_id == self.edition.pk or book is None or not book.is_pages:
            return page_id if edition_id == self.edition.pk else ""
        if found := _page_with_same_pictures(book, self._book(edition_id), page_id):
            return found
        pages, parts = pages_of(book), self._text.parts
        return str(pages[parts[block]]["id"]) if block < len(parts) else ""

    def _book(self, edition_id: int | None) -> WebBook | None:
        text = self._texts.get(edition_id) if edition_id else None
        return web_book(text.file) if text else None


def _page_with_same_pictures(book: WebBook, before: WebBook | None, page_id: str) -> str:
    """Return the page of `book` that shows what the page in `before` showed; "" if there is none."""
    if before is None or not before.is_pages:
        return ""
    wanted = next((page["pictures"] for page in pages_of(before) if page["id"] == page_id), None)
    return next((str(page["id"]) for page in pages_of(book) if page["pictures"] == wanted), "")


def _point(position: align.Position) -> Point:
    return position.block, position.offset


@lru_cache(maxsize=32)
def _edition_map(data: bytes) -> align.EditionMap:
    return align.EditionMap.from_bytes(data)
