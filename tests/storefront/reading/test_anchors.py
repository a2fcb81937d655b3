"""Where notes and places are in another edition: on the same words, listed, or waiting; never on other words."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from common import clock
from publishing.models import Edition
from storefront.catalogue.selectors.edition_texts import text_of
from storefront.reading.models import EditionMap, Note, NoteKind, Spot
from storefront.reading.selectors.anchors import AnchorState, NoteAnchor, PlaceSource, anchors_of, place_in, places_in
from storefront.reading.services import edition_maps
from tests.factories.accounts import make_reader
from tests.factories.reading import STORY, make_note, make_place, publish_text
from tests.storefront.reading.test_relocate import publish_pages

pytestmark = pytest.mark.django_db

FOREWORD = ("Foreword", "A book that was long in the making.")
EDITED = (
    FOREWORD,
    ("The Harbour", "Rain fell on the water all night.", "In the morning the ships came in, one after the other."),
    ("The Letter", "He wrote that he would not return before the spring.", "She read it twice and put it away."),
    ("The Lamp", "She held the lamp to the window and counted the boats."),
)


@pytest.fixture
def reader() -> User:
    return make_reader()


def next_edition(first: Edition, chapters=EDITED, *, is_mapped: bool = True) -> Edition:
    second = publish_text(chapters, work=first.work)
    edition_maps.ask([first.pk], second.pk, at=clock.now())
    if is_mapped:
        for row in EditionMap.objects.filter(to_edition=second):
            edition_maps.make(map_id=row.pk)
    return second


def anchor(note: Note, edition: Edition) -> NoteAnchor:
    return anchors_of([Note.objects.get(pk=note.pk)], edition)[note.uid]


def words(found: NoteAnchor, edition: Edition) -> str:
    assert found.start is not None and found.end is not None
    return text_of(edition).between(found.start, found.end)


class TestNotes:
    def test_in_their_own_edition_are_where_they_were_made(self, reader: User, django_assert_num_queries) -> None:
        first = publish_text()
        note = make_note(reader, first, "counted the boats")
        with django_assert_num_queries(0):
            found = anchors_of([note], first)[note.uid]
        assert found == NoteAnchor(AnchorState.EXACT, (4, 36), (4, 53))

    @pytest.mark.parametrize(
        ("marked", "state", "there"),
        [
            ("Rain fell on the water", AnchorState.EXACT, "Rain fell on the water"),
            ("the boats came in, one after", AnchorState.CHANGED, "the ships came in, one after"),
            ("The last of them was not among them", AnchorState.UNPLACED, ""),
        ],
    )
    def test_in_the_next_edition(self, reader: User, marked: str, state: AnchorState, there: str) -> None:
        first = publish_text()
        note = make_note(reader, first, marked)
        second = next_edition(first)
        found = anchor(note, second)
        assert found.state == state
        assert (words(found, second) if there else found.start) == (there or None)

    def test_in_a_chapter_that_moved(self, reader: User) -> None:
        first = publish_text()
        note = make_note(reader, first, "counted the boats")
        second = next_edition(first)
        found = anchor(note, second)
        assert found.state in {AnchorState.MOVED, AnchorState.EXACT}
        assert words(found, second) == "counted the boats"

    def test_wait_for_the_map(self, reader: User) -> None:
        first = publish_text()
        note = make_note(reader, first)
        assert anchor(note, next_edition(first, is_mapped=False)) == NoteAnchor(AnchorState.WAITING)

    def test_are_listed_if_there_will_be_none(self, reader: User) -> None:
        first = publish_text()
        note = make_note(reader, first)
        second = next_edition(first, is_mapped=False)
        EditionMap.objects.update(attempts=5)
        assert anchor(note, second).state == AnchorState.UNPLACED

    def test_without_a_place_stay_so(self, reader: User) -> None:
        """Imported words that are not in the book."""
        first = publish_text()
        note = make_note(reader, first, "", exact="Not in this book.")
        assert anchor(note, first).state == AnchorState.UNPLACED
        assert anchor(note, next_edition(first)).state == AnchorState.UNPLACED

    def test_three_editions_on_come_straight_from_their_own(self, reader: User) -> None:
        """The words are gone in the second edition and back in the third: over the second they would be lost."""
        first = publish_text()
        note = make_note(reader, first, "The last of them was not among them")
        assert anchor(note, next_edition(first)).state == AnchorState.UNPLACED
        third = next_edition(first, (FOREWORD, *STORY))
        assert words(anchor(note, third), third) == note.exact


class TestBookmarks:
    def test_mark_the_nearest_place(self, reader: User) -> None:
        first = publish_text()
        note = make_note(reader, first, "The last of them", kind=NoteKind.BOOKMARK)
        second = next_edition(first)
        found = anchor(note, second)
        assert (found.state, found.start) == (AnchorState.CHANGED, found.end)
        assert text_of(second).has(*found.start or (-1, 0))

    def test_without_words_too(self, reader: User) -> None:
        first = publish_text()
        note = make_note(reader, first, "", start_block=7, end_block=7, start_offset=3, end_offset=3)
        Note.objects.update(kind=NoteKind.BOOKMARK)
        assert anchor(note, first).start == (7, 3)
        assert anchor(note, next_edition(first)).start == (6, 3)

    def test_a_page_is_told_by_its_picture(self, reader: User) -> None:
        first = publish_pages("wave", "shore", "gull")
        note = make_note(reader, first, "", kind=NoteKind.BOOKMARK, page="p3")
        assert anchor(note, first).page == "p3"
        second = publish_pages("imprint", "wave", "shore", "gull", work=first.work)
        edition_maps.ask([first.pk], second.pk, at=clock.now())
        edition_maps.make(map_id=EditionMap.objects.get().pk)
        assert anchor(note, second).page == "p4"


class TestByHand:
    def placed(self, note: Note, edition: Edition, there: str) -> None:
        start = text_of(edition).find(there, near_bps=0)
        assert start is not None
        Note.objects.filter(pk=note.pk).update(placed=Spot(edition.public_id, start, (start[0], start[1] + len(there))))

    def test_wins_over_the_map(self, reader: User) -> None:
        first = publish_text()
        note = make_note(reader, first, "The last of them was not among them")
        second = next_edition(first)
        self.placed(note, second, "counted the boats")
        found = anchor(note, second)
        assert (found.state, words(found, second)) == (AnchorState.CHANGED, "counted the boats")

    def test_on_the_same_words_is_exact(self, reader: User) -> None:
        first = publish_text()
        note = make_note(reader, first, "the boats")
        self.placed(note, first, "the boats")
        assert anchor(note, first).state == AnchorState.EXACT

    def test_goes_on_to_the_edition_after(self, reader: User) -> None:
        first = publish_text()
        note = make_note(reader, first, "The last of them was not among them")
        second = next_edition(first)
        self.placed(note, second, "counted the boats")
        third = next_edition(second, STORY)
        found = anchor(note, third)
        assert (found.state, words(found, third)) == (AnchorState.CHANGED, "counted the boats")

    def test_in_an_edition_that_is_gone_is_no_place(self, reader: User) -> None:
        first = publish_text()
        note = make_note(reader, first, "the boats")
        Note.objects.update(placed=Spot("edn_gone", (0, 0), (0, 3)))
        assert anchor(note, first) == NoteAnchor(
            AnchorState.EXACT, (note.start_block, note.start_offset), (note.end_block, note.end_offset)
        )


class TestPlaces:
    def test_in_their_own_edition_are_exact(self, reader: User) -> None:
        first = publish_text()
        found = place_in(make_place(reader, first, block=4, offset=9), first)
        assert (found.block, found.offset, found.source) == (4, 9, PlaceSource.EXACT)

    def test_follow_the_map(self, reader: User) -> None:
        first = publish_text()
        place = make_place(reader, first, block=7, offset=3)
        found = place_in(place, next_edition(first))
        assert (found.block, found.offset, found.source) == (6, 3, PlaceSource.MAP)

    def test_are_at_their_share_until_there_is_one(self, reader: User) -> None:
        first = publish_text()
        place = make_place(reader, first, block=7, offset=3, share_bps=7000)
        second = next_edition(first, is_mapped=False)
        found = place_in(place, second)
        assert (found.source, found.share_bps) == (PlaceSource.SHARE, 7000)
        assert text_of(second).share_bps(found.block, found.offset) in range(6900, 7001)

    def test_or_if_their_edition_is_gone(self, reader: User) -> None:
        first = publish_text()
        assert place_in(make_place(reader, None, first.work, block=7), first).source == PlaceSource.SHARE

    def test_from_before_blocks_are_known_by_their_words(self, reader: User) -> None:
        first = publish_text()
        place = make_place(reader, first, words="He wrote  that he would not")
        found = place_in(place, first)
        assert (found.block, found.offset, found.source) == (7, 0, PlaceSource.EXACT)
        assert place_in(place, next_edition(first)).block == 6

    def test_and_without_words_by_their_share(self, reader: User) -> None:
        first = publish_text()
        assert place_in(make_place(reader, first, words="not a word of it"), first).source == PlaceSource.SHARE


def test_the_number_of_queries_does_not_grow(reader: User) -> None:
    first = publish_text()
    second = next_edition(first)
    third = next_edition(second, (FOREWORD, *STORY))
    edition_maps.ask([first.pk], third.pk, at=clock.now())
    for row in EditionMap.objects.filter(to_edition=third, version=0):
        edition_maps.make(map_id=row.pk)
    notes = [make_note(reader, edition, "Rain fell") for edition in (first, second, third) for _ in range(4)]
    places = [make_place(reader, edition, block=2) for edition in (first, second, third) for _ in range(4)]
    with CaptureQueriesContext(
        connection,
    ) as queries:
        found = anchors_of(notes, third)
        places_in(places, third)
    assert len(queries) == 6
    assert {one.state for one in found.values()} == {AnchorState.EXACT}
