"""Pages of notes: lists, a book by chapter, one note to change, delete, restore and place; only one's own."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from common import clock
from publishing.models import Edition
from storefront.catalogue.selectors.edition_texts import text_of
from storefront.checkout.models import Entitlement
from storefront.reading import stamps
from storefront.reading.models import BodyVersion, EditionMap, Note, NoteKind, Registers, Spot
from storefront.reading.services import edition_maps
from tests.factories.accounts import make_reader
from tests.factories.guests import buy_as_guest
from tests.factories.reading import STORY, give, make_note, publish_text

pytestmark = pytest.mark.django_db

EDITED = (("The Harbour", "Rain fell on the water all night."), *STORY[1:])
ALL = "/reading/notes/"


@pytest.fixture
def reader(client: Client) -> User:
    reader = make_reader()
    client.force_login(reader)
    return reader


@pytest.fixture
def edition(reader: User) -> Edition:
    edition = publish_text(slug="lighthouse", title="The Lighthouse")
    give(reader, edition)
    return edition


def page_of(client: Client, address: str = ALL) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def of_book(note: Note) -> str:
    return f"{ALL}{note.work.public_id}/"


def of(note: Note, action: str = "") -> str:
    return f"{of_book(note)}{note.uid}/{action}"


class TestAllNotes:
    def test_without_any_say_how_to_begin(self, client: Client, reader: User) -> None:
        page = page_of(client)
        assert "No notes yet" in page
        assert "Go to your library" in page

    def test_books_with_counts_and_notes_newest_first(self, client: Client, reader: User, edition: Edition) -> None:
        make_note(reader, edition, "Rain fell", made_at=clock.now() - timedelta(days=2))
        make_note(reader, edition, "counted the boats", body="All of them?")
        make_note(reader, edition, "", kind=NoteKind.BOOKMARK)
        page = page_of(client)
        assert "1 highlight, 1 note, 1 bookmark" in page
        assert page.index("counted the boats") < page.index("Rain fell")
        assert "All of them?" in page

    @pytest.mark.parametrize(
        ("query", "found"),
        [
            ("?q=rain", {"Rain fell"}),
            ("?q=them+all", {"counted the boats"}),
            ("?q=LIGHTHOUSE", {"Rain fell", "counted the boats"}),
            ("?q=nothing", set()),
            ("?colour=green", {"Rain fell"}),
            ("?colour=mauve", {"Rain fell", "counted the boats"}),
            ("?kind=note", {"counted the boats"}),
            ("?kind=bookmark", set()),
            ("?book=wrk_other", set()),
        ],
    )
    def test_search_and_filters(
        self, client: Client, reader: User, edition: Edition, query: str, found: set[str]
    ) -> None:
        make_note(reader, edition, "Rain fell", colour="green")
        make_note(reader, edition, "counted the boats", body="All of them?")
        page = page_of(client, ALL + query)
        assert {words for words in ("Rain fell", "counted the boats") if f"<span>{words}</span>" in page} == found
        assert ("None of your notes matches" in page) == (not found)

    def test_come_in_pages(self, client: Client, reader: User, edition: Edition) -> None:
        for number in range(30):
            make_note(reader, edition, "Rain fell", body=f"No {number}.", made_at=clock.now() + timedelta(number))
        assert "No 29." in page_of(client)
        assert "No 4." not in page_of(client)
        assert "No 4." in page_of(client, f"{ALL}?start=25")

    def test_the_number_of_queries_does_not_grow(self, client: Client, reader: User, edition: Edition) -> None:
        client.get(ALL)  # the first page of a session records it
        counts = []
        for books in (2, 5):
            for _ in range(books):
                other = publish_text()
                give(reader, other)
                for _ in range(3):
                    make_note(reader, other, "Rain fell")
            with CaptureQueriesContext(connection) as queries:
                client.get(ALL)
            counts.append(len(queries))
        assert counts[0] == counts[1] < 16

    def test_of_others_are_not_there(self, client: Client, reader: User, edition: Edition) -> None:
        note = make_note(make_reader(), edition, "Rain fell")
        assert "Rain fell" not in page_of(client)
        for address in (of_book(note), of(note)):
            assert client.get(address).status_code == 404
        for action in ("", "remove/", "restore/", "place/"):
            assert client.post(of(note, action), {"colour": "pink", "body": "mine"}).status_code == 404
        note.refresh_from_db()
        assert (note.colour, note.body, note.deleted_at) == ("yellow", "", None)

    def test_nobody_is_asked_to_log_in(self, client: Client) -> None:
        assert client.get(ALL)["Location"].startswith("/accounts/login/")


class TestBook:
    def test_by_chapter_with_pages(self, client: Client, reader: User, edition: Edition) -> None:
        note = make_note(reader, edition, "counted the boats")
        make_note(reader, edition, "Rain fell")
        page = page_of(client, of_book(note))
        assert page.index("The Harbour</h2>") < page.index("Rain fell") < page.index("The Lamp</h2>")
        assert "Page 1" in page
        assert f'href="/read/lighthouse/#note-{note.uid}"' in page

    def test_after_a_new_edition_lists_what_has_no_place(self, client: Client, reader: User, edition: Edition) -> None:
        note = make_note(reader, edition, "In the morning the boats came in", chapter="The Harbour")
        make_note(reader, edition, "Rain fell")
        publish_text(EDITED, work=edition.work)
        assert "Being placed" in page_of(client, of_book(note))
        edition_maps.make(map_id=EditionMap.objects.get().pk)
        page = page_of(client, of_book(note))
        assert "Not found in this edition" in page
        assert page.index("Rain fell") < page.index("In the morning the boats came in")
        assert f'href="{of(note)}#place"' in page

    def test_asks_for_a_map_that_nothing_asked_for(self, client: Client, reader: User, edition: Edition) -> None:
        publish_text(EDITED, work=edition.work)
        note = make_note(reader, edition, "Rain fell")
        assert not EditionMap.objects.exists()
        assert "Being placed" in page_of(client, of_book(note))
        assert EditionMap.objects.count() == 1

    def test_stays_after_the_right_to_read_is_gone(self, client: Client, reader: User, edition: Edition) -> None:
        note = make_note(reader, edition, "Rain fell")
        Entitlement.objects.update(ended_at=clock.now())
        page = page_of(client, of_book(note))
        assert "Your notes stay yours" in page
        assert "/read/lighthouse/" not in page

    def test_has_a_fixed_number_of_queries(
        self, client: Client, reader: User, edition: Edition, django_assert_max_num_queries: Any
    ) -> None:
        notes = [make_note(reader, edition, "Rain fell") for _ in range(20)]
        with django_assert_max_num_queries(14):
            client.get(of_book(notes[0]))


class TestOne:
    @pytest.fixture
    def note(self, reader: User, edition: Edition) -> Note:
        return make_note(reader, edition, "counted the boats", body="All?")

    def test_is_changed_and_counted_for_devices(self, client: Client, note: Note) -> None:
        response = client.post(of(note), {"colour": "pink", "body": "All\r\nof them."})
        assert response["Location"] == f"{of_book(note)}#note-{note.uid}"
        after = Note.objects.get()
        assert (after.colour, after.body) == ("pink", "All\nof them.")
        assert after.cursor > 0
        assert after.registers.colour.endswith("-pages")

    def test_two_texts_written_apart_both_stay(self, client: Client, note: Note) -> None:
        """The page was opened before a device wrote something else."""
        Note.objects.update(registers=Registers(bodies=(BodyVersion("1764500000000-0000-phone", "All?"),)))
        seen = client.get(of(note)).context["form"]["seen"].value()
        assert seen == "1764500000000-0000-phone"
        device = BodyVersion("1764500001000-0000-phone", "From the phone", (seen,))
        bodies = (BodyVersion("1764500000000-0000-phone"), device)
        Note.objects.update(body="From the phone", registers=Registers(bodies=bodies))
        client.post(of(note), {"colour": "yellow", "body": "From the page", "seen": seen})
        after = Note.objects.get()
        assert (after.body, after.other_body) == ("From the page", "From the phone")
        page = client.get(of(note))
        assert "two texts apart" in page.content.decode()
        both = page.context["form"]["seen"].value()
        client.post(of(note), {"colour": "yellow", "body": "Both", "seen": both})
        after = Note.objects.get()
        assert (after.body, after.other_body) == ("Both", "")

    def test_wins_over_a_device_whose_clock_is_ahead(self, client: Client, note: Note) -> None:
        ahead = stamps.make(clock.now() + timedelta(seconds=60), "phone", 0xFFFF)
        Note.objects.update(colour="blue", registers=Registers(colour=ahead))
        client.post(of(note), {"colour": "pink", "body": "All?"})
        assert Note.objects.get().colour == "pink"

    @pytest.mark.parametrize("given", [{"colour": "mauve"}, {"body": "x" * 10_001}])
    def test_what_is_invalid_is_said_and_stays_in_the_form(
        self, client: Client, note: Note, given: dict[str, str]
    ) -> None:
        response = client.post(of(note), {"colour": "pink", "body": "Typed", **given})
        assert response.status_code == 422
        assert given.get("body", "Typed") in response.content.decode()
        assert Note.objects.get().body == "All?"

    def test_is_deleted_and_restored(self, client: Client, note: Note) -> None:
        response = client.post(of(note, "remove/"), {"to": "all"}, follow=True)
        assert "has been deleted" in response.content.decode()
        assert "counted the boats" not in page_of(client)
        assert client.get(of(note)).status_code == 404
        client.post(of(note, "restore/"))
        after = Note.objects.get()
        assert (after.deleted_at, after.body) == (None, "All?")
        assert "counted the boats" in page_of(client)

    def test_shows_the_words_as_they_are_now(self, client: Client, reader: User, edition: Edition) -> None:
        note = make_note(reader, edition, "In the morning the boats came in")
        later = (("The Harbour", STORY[0][1], "In the evening the boats came in, one after the other."), *STORY[1:])
        publish_text(later, work=edition.work)
        edition_maps.make(map_id=EditionMap.objects.get().pk)
        page = page_of(client, of(note))
        assert "Text changed since" in page
        assert "In the evening the boats came in" in page


class TestPlacing:
    @pytest.fixture
    def note(self, reader: User, edition: Edition) -> Note:
        note = make_note(reader, edition, "The last of them was not among them")
        publish_text(
            (*STORY[:1], ("The Lamp", "Only the last boat was missing."), STORY[2]),
            work=edition.work,
        )
        edition_maps.make(map_id=EditionMap.objects.get().pk)
        return note

    def test_offers_paragraphs_with_most_of_the_words(self, client: Client, note: Note) -> None:
        page = page_of(client, of(note))
        assert "<span>the last boat was</span>" in page
        assert f'href="/read/lighthouse/#place-{note.uid}"' in page

    def test_or_with_words_that_are_searched_for(self, client: Client, note: Note) -> None:
        assert "<span>put it away</span>" in page_of(client, f"{of(note)}?words=put+it+away")
        assert "No paragraph has" in page_of(client, f"{of(note)}?words=zebra")

    def test_puts_the_note_there(self, client: Client, note: Note) -> None:
        newest = note.work.editions.first()
        assert newest is not None
        place = client.get(of(note)).context["page"].places[0]
        response = client.post(of(note, "place/"), {"place": f"{newest.public_id}:{place.value}"}, follow=True)
        assert "Your note is in its place." in response.content.decode()
        after = Note.objects.get()
        assert after.placed == Spot(newest.public_id, (place.block, place.start), (place.block, place.end))
        assert (after.exact, after.edition) == (note.exact, note.edition)  # the target as made stays
        assert "Not found in this edition" not in page_of(client, of_book(note))

    @pytest.mark.parametrize("place", ["", "x", "edn_x:1:0-3", "{}:99:0-3", "{}:1:3-3", "{}:1:0-999", "{}:1:0-3:9"])
    def test_refuses_what_is_no_place_of_this_edition(self, client: Client, note: Note, place: str) -> None:
        newest = note.work.editions.first()
        assert newest is not None
        client.post(of(note, "place/"), {"place": place.format(newest.public_id)})
        assert Note.objects.get().placed is None


class TestExports:
    @pytest.fixture
    def note(self, reader: User, edition: Edition) -> Note:
        return make_note(reader, edition, "counted the boats", body="=1+1", chapter="The Lamp")

    @pytest.mark.parametrize(
        ("kind", "name", "words"),
        [
            ("markdown", "the-lighthouse-notes.md", "> counted the boats"),
            ("readwise", "the-lighthouse-notes-readwise.csv", "counted the boats,The Lighthouse"),
            ("annotations", "the-lighthouse-notes-annotations.json", '"exact": "counted the boats"'),
            ("octavo", "the-lighthouse-notes.json", '"format": "octavo-notes"'),
        ],
    )
    def test_of_a_book(self, client: Client, note: Note, kind: str, name: str, words: str) -> None:
        response = client.get(f"{of_book(note)}export/{kind}/")
        assert response["Content-Disposition"] == f'attachment; filename="{name}"'
        assert words in response.content.decode()

    def test_of_all(self, client: Client, reader: User, note: Note) -> None:
        make_note(reader, publish_text(title="Gulls"), "Rain fell")
        for kind, starts in (("markdown", b"# Gulls"), ("octavo", b"{"), ("annotations", b"PK"), ("readwise", b"\xef")):
            content = client.get(f"{ALL}export/{kind}/").content
            assert content.startswith(starts)
        assert len(json.loads(client.get(f"{ALL}export/octavo/").content)["books"]) == 2

    def test_no_cell_is_a_formula(self, client: Client, note: Note) -> None:
        assert ",'=1+1," in client.get(f"{of_book(note)}export/readwise/").content.decode()

    def test_of_nothing_is_not_there(self, client: Client, reader: User, edition: Edition) -> None:
        make_note(make_reader(), edition, "Rain fell")
        for kind in ("markdown", "pdf"):
            assert client.get(f"{ALL}export/{kind}/").status_code == 404
            assert client.get(f"{ALL}{edition.work.public_id}/export/{kind}/").status_code == 404

    def test_deleted_ones_stay_here(self, client: Client, note: Note) -> None:
        client.post(of(note, "remove/"))
        assert client.get(f"{ALL}export/markdown/").status_code == 404


def test_a_guest_sees_the_notes_of_the_order_whose_link_was_opened(client: Client, edition: Edition) -> None:
    guest = buy_as_guest(edition).buyer
    make_note(guest, edition, "Rain fell")
    client.logout()
    session = client.session
    session["guests"] = {guest.public_id: guest.guest.link_version}
    session.save()
    assert "Rain fell" in page_of(client)


def test_the_library_and_the_reader_lead_there(client: Client, reader: User, edition: Edition) -> None:
    make_note(reader, edition, "Rain fell")
    assert 'href="/reading/notes/"' in page_of(client, "/library/")
    assert text_of(edition).blocks
