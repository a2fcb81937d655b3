"""Importing notes: what was exported comes back, once; the rest is told before anything changes; nothing is lost."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.test import Client

from accounts.models import User
from common import clock, jobs
from publishing.models import Edition
from storefront.catalogue.selectors.edition_texts import text_of
from storefront.checkout.models import Entitlement
from storefront.reading import errors, formats
from storefront.reading.formats import readwise
from storefront.reading.models import ImportState, Note, NoteImport, NoteKind, Spot, Verdict
from storefront.reading.selectors.anchors import AnchorState, anchors_of
from storefront.reading.services import note_edits, note_files, note_imports
from storefront.reading.services.note_files import NoteFormat
from tests.factories.accounts import make_reader
from tests.factories.reading import STORY, give, make_note, publish_text

pytestmark = pytest.mark.django_db

ADDRESS = "/reading/notes/import/"


@pytest.fixture
def reader() -> User:
    return make_reader()


@pytest.fixture
def edition(reader: User) -> Edition:
    edition = publish_text(slug="lighthouse", title="The Lighthouse")
    give(reader, edition)
    return edition


def notes_in(edition: Edition, reader: User) -> list[Note]:
    """Notes of every kind."""
    return [
        make_note(reader, edition, "Rain fell on the water", colour="green", chapter="The Harbour"),
        make_note(reader, edition, "counted the boats", body="# All?\n\n> of them", other_body="Not all."),
        make_note(
            reader, edition, "", kind=NoteKind.BOOKMARK, start_block=3, end_block=3, start_offset=4, end_offset=4
        ),
        make_note(reader, edition, "", exact="Words that are not in the book.", body="But were once."),
        make_note(reader, edition, "the boats", placed=Spot(edition.public_id, (4, 43), (4, 53))),
    ]


def exported(reader: User, kind: str) -> bytes:
    return note_files.make(holders=[reader], kind=NoteFormat(kind), at=clock.now()).content


def checked(reader: User, content: bytes, **more: Any) -> NoteImport:
    row = note_imports.start(actor=reader, name="notes", content=content, **{"work": None, "at": clock.now(), **more})
    note_imports.check(import_id=row.pk)
    row.refresh_from_db()
    return row


def imported(reader: User, content: bytes, **more: Any) -> NoteImport:
    row = checked(reader, content, **more)
    note_imports.finish(actor=reader, row=row, at=clock.now())
    row.refresh_from_db()
    return row


def verdicts(row: NoteImport) -> list[str]:
    return [note.verdict.value for note in row.notes]


def state_of(reader: User) -> dict[UUID, tuple[object, ...]]:
    """All there is to a person's notes, but for stamps."""
    names = ("kind", "colour", "body", "other_body", "exact", "prefix", "suffix", "chapter", "made_at", "placed")
    ends = ("edition_id", "start_block", "start_offset", "end_block", "end_offset", "page")
    notes = Note.objects.live().filter(user=reader)
    return {note.uid: tuple(getattr(note, name) for name in (*names, *ends)) for note in notes}


class TestRoundTrips:
    def test_our_json_brings_everything_to_another_account(self, reader: User, edition: Edition) -> None:
        notes_in(edition, reader)
        other = make_reader()
        give(other, edition)
        row = imported(other, exported(reader, "octavo"))
        assert verdicts(row).count("added") == 4
        assert verdicts(row).count("unplaced") == 1
        assert state_of(other) == state_of(reader)

    def test_markdown_brings_all_but_contexts_to_another_account(self, reader: User, edition: Edition) -> None:
        notes_in(edition, reader)
        other = make_reader()
        give(other, edition)
        imported(other, exported(reader, "markdown"))
        before = {uid: value[:5] + value[8:9] + value[10:] for uid, value in state_of(reader).items()}
        after = {uid: value[:5] + value[8:9] + value[10:] for uid, value in state_of(other).items()}
        assert after == before

    @pytest.mark.parametrize("kind", ["markdown", "octavo", "readwise"])
    def test_what_is_there_is_not_changed(self, reader: User, edition: Edition, kind: str) -> None:
        notes_in(edition, reader)
        before = state_of(reader)
        for _ in range(2):
            row = imported(reader, exported(reader, kind))
            assert set(verdicts(row)) == {"present"}
        assert state_of(reader) == before

    @pytest.mark.parametrize("kind", ["markdown", "octavo", "readwise"])
    def test_twice_is_once(self, reader: User, edition: Edition, kind: str) -> None:
        notes_in(edition, reader)
        make_note(reader, edition, "the boats", made_at=clock.now())  # a second one on the same words
        content = exported(reader, kind)
        other = make_reader()
        give(other, edition)
        first = imported(other, content)
        count = Note.objects.filter(user=other).count()
        assert count == len(first.notes) - verdicts(first).count("nothing")
        before = state_of(other)
        second = imported(other, content)
        assert not {"added", "unplaced"} & set(verdicts(second))
        assert state_of(other) == before

    def test_web_annotations_find_their_words(self, reader: User, edition: Edition) -> None:
        make_note(reader, edition, "counted the boats", body="All?", colour="pink")
        content = note_files.make(
            holders=[reader], kind=NoteFormat.ANNOTATIONS, at=clock.now(), work_id=edition.work.public_id
        ).content
        other = make_reader()
        give(other, edition)
        for _ in range(2):
            imported(other, content)
        note = Note.objects.get(user=other)
        assert (note.start_block, note.start_offset, note.body, note.colour) == (4, 36, "All?", "pink")

    def test_a_deleted_note_comes_back(self, reader: User, edition: Edition) -> None:
        note = make_note(reader, edition, "counted the boats", body="All?")
        content = exported(reader, "octavo")
        note_edits.remove(note=note, at=clock.now())
        imported(reader, content)
        after = Note.objects.get()
        assert (after.deleted_at, after.body) == (None, "All?")


class TestPlaces:
    def test_words_are_found_by_what_is_around_them(self, reader: User, edition: Edition) -> None:
        twice = publish_text(
            (("A", "He saw the boats at dawn.", "She saw the boats at dusk."),), slug="twice", title="Twice"
        )
        give(reader, twice)
        content = annotations("Twice", exact="the boats", prefix="She saw ", suffix=" at dusk.")
        row = checked(reader, content)
        assert (verdicts(row), row.notes[0].start) == (["added"], (2, 8))

    def test_two_places_as_good_are_none(self, reader: User, edition: Edition) -> None:
        twice = publish_text((("A", "The boats. The boats.", "The boats."),), title="Twice")
        give(reader, twice)
        assert verdicts(checked(reader, annotations("Twice", exact="The boats"))) == ["unplaced"]

    def test_nearly_the_same_words_are_found(self, reader: User, edition: Edition) -> None:
        row = checked(
            reader, annotations("The Lighthouse", exact="She held a lamp to the window and counted the boats")
        )
        assert (verdicts(row), row.notes[0].start[0]) == (["added"], 4)

    def test_words_over_two_blocks_too(self, reader: User, edition: Edition) -> None:
        row = checked(reader, annotations("The Lighthouse", exact="counted the boats. The last of them"))
        assert (row.notes[0].start, row.notes[0].end) == ((4, 36), (5, 16))

    def test_a_place_with_other_words_is_not_believed(self, reader: User, edition: Edition) -> None:
        make_note(reader, edition, "counted the boats")
        content = json.loads(exported(reader, "octavo"))
        target = content["books"][0]["notes"][0]["target"]
        target |= {"start": [1, 0], "end": [1, 9]}
        content["books"][0]["notes"][0]["id"] = str(uuid4())
        target["exact"] = "read it twice"
        row = checked(reader, json.dumps(content).encode())
        assert row.notes[0].start == text_of(edition).find("read it twice", near_bps=0)

    def test_a_place_in_no_edition_of_ours_is_searched_anew(self, reader: User, edition: Edition) -> None:
        make_note(reader, edition, "counted the boats")
        content = exported(reader, "octavo").replace(edition.public_id.encode(), b"edn_of_another_shop")
        other = make_reader()
        give(other, edition)
        imported(other, content)
        note = Note.objects.get(user=other)
        assert (note.edition, note.start_block) == (edition, 4)

    def test_what_is_not_found_is_kept_and_listed(self, reader: User, edition: Edition) -> None:
        imported(reader, annotations("The Lighthouse", exact="Not a word of this is in the book."))
        note = Note.objects.get()
        assert note.exact == "Not a word of this is in the book."
        assert anchors_of([note], edition)[note.uid].state == AnchorState.UNPLACED

    def test_a_huge_quotation_is_found_by_its_ends(self, reader: User) -> None:
        words = " ".join(f"word{number}" for number in range(400))
        book = publish_text((("A", words),), title="Huge")
        give(reader, book)
        changed = words.replace("word200", "another")
        row = checked(reader, annotations("Huge", exact=changed))
        assert (verdicts(row), row.notes[0].start) == (["added"], (1, 0))


class TestBooks:
    def test_of_others_are_left_out_and_named(self, reader: User, edition: Edition, client: Client) -> None:
        publish_text(title="Gulls")
        row = checked(reader, annotations("Gulls", exact="Rain fell"))
        assert verdicts(row) == ["no_book"]
        client.force_login(reader)
        assert "Gulls" in client.get(f"{ADDRESS}{row.public_id}/").content.decode()
        note_imports.finish(actor=reader, row=row, at=clock.now())
        assert not Note.objects.exists()

    def test_unless_a_book_is_chosen_for_them(self, reader: User, edition: Edition) -> None:
        row = imported(reader, b"> Rain fell on the water\n\nMine.\n", work=edition.work)
        assert verdicts(row) == ["added"]
        assert Note.objects.get().body == "Mine."

    def test_are_known_by_identifier_address_or_title(self, reader: User, edition: Edition) -> None:
        by_identifier = annotations("Other", exact="Rain fell", **{"dc:identifier": [edition.identifier]})
        by_address = b"Highlight,Title,URL\nRain fell,Other,https://x.example/de/read/lighthouse/?a=1#note-\n"
        by_title = b"Highlight,Title\nRain fell,the  LIGHTHOUSE\n"
        for content in (by_identifier, by_address, by_title.replace(b"  ", b" ")):
            assert verdicts(checked(reader, content)) == ["added"]

    def test_after_a_refund_ones_own_notes_come_back(self, reader: User, edition: Edition) -> None:
        make_note(reader, edition, "Rain fell")
        content = exported(reader, "octavo")
        Entitlement.objects.update(ended_at=clock.now())
        Note.objects.all().delete()
        assert verdicts(imported(reader, content)) == ["added"]

    def test_that_were_never_bought_take_none(self, reader: User, edition: Edition) -> None:
        make_note(reader, edition, "Rain fell")
        stranger = make_reader()
        row = imported(stranger, exported(reader, "octavo"))
        assert verdicts(row) == ["no_book"]
        assert not Note.objects.filter(user=stranger).exists()


def annotations(title: str, *, exact: str, prefix: str = "", suffix: str = "", **about: Any) -> bytes:
    selector = {"type": "TextQuoteSelector", "exact": exact, "prefix": prefix, "suffix": suffix}
    item = {"type": "Annotation", "target": {"source": "c1.xhtml", "selector": [selector]}}
    content = {"type": "AnnotationSet", "about": {"dc:title": title, **about}, "items": [item]}
    return json.dumps(content).encode()


class TestHostileFiles:
    @pytest.mark.parametrize(
        ("content", "error"),
        [
            (b"\x00\xff", errors.NoNotesInFile),
            (b"[" * 50_000, errors.NoNotesInFile),
            (b"> " + b"x" * 5001, errors.TextInFileTooLong),
            (b"> rain\n\n.\n" * 5001, errors.FileOfTooManyNotes),
        ],
    )
    def test_are_refused_with_a_word_about_why(
        self, reader: User, edition: Edition, content: bytes, error: type[errors.DomainError]
    ) -> None:
        with pytest.raises(error):
            note_imports.start(actor=reader, name="x", content=content, work=None, at=clock.now())
        assert not NoteImport.objects.exists()

    def test_ids_of_other_people_are_just_ids(self, reader: User, edition: Edition) -> None:
        theirs = make_note(make_reader(), edition, "Rain fell", body="Theirs.")
        give(theirs.user, edition)
        content = exported(theirs.user, "octavo").replace(b"Theirs.", b"Mine.")
        imported(reader, content)
        theirs.refresh_from_db()
        assert theirs.body == "Theirs."
        assert Note.objects.get(user=reader).body == "Mine."

    def test_formulas_stay_text(self, reader: User, edition: Edition) -> None:
        content = b"Highlight,Title,Note\nRain fell,The Lighthouse,'=HYPERLINK(1)\n"
        imported(reader, content)
        assert Note.objects.get().body == "=HYPERLINK(1)"
        again = exported(reader, "readwise")
        assert b"'=HYPERLINK(1)" in again
        assert [note.body for one in formats.read(again) for note in one.notes] == ["=HYPERLINK(1)"]

    def test_a_place_by_hand_outside_the_book_is_dropped(self, reader: User, edition: Edition) -> None:
        make_note(reader, edition, "Rain fell", placed=Spot(edition.public_id, (999, 0), (999, 3)))
        other = make_reader()
        give(other, edition)
        imported(other, exported(reader, "octavo"))
        assert Note.objects.get(user=other).placed is None

    def test_more_than_a_person_may_keep_are_told(
        self, reader: User, edition: Edition, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("storefront.reading.services.notes.MAX_NOTES", 1)
        row = imported(reader, b"> Rain fell\n\n.\n\n> counted the boats\n", work=edition.work)
        assert verdicts(row) == ["added", "refused"]
        assert Note.objects.count() == 1


class TestPages:
    @pytest.fixture
    def client(self, client: Client, reader: User) -> Client:
        client.force_login(reader)
        return client

    def upload(self, client: Client, content: bytes, **more: str) -> Any:
        return client.post(ADDRESS, {"file": io.BytesIO(content), **more})

    def test_check_then_add(
        self, client: Client, reader: User, edition: Edition, django_capture_on_commit_callbacks: Any
    ) -> None:
        content = b"# The Lighthouse\n> Rain fell on the water\n\nMine.\n\n> Not in the book, not at all\n"
        with django_capture_on_commit_callbacks(execute=True):
            there = self.upload(client, content)["Location"]
        page = client.get(there).content.decode()
        assert "Add 2 notes" in page
        assert "“Not in the book, not at all”" in page
        assert not Note.objects.exists()
        for _ in range(2):
            page = client.post(there, follow=True).content.decode()
            assert "Your notes have been imported" in page
        assert Note.objects.count() == 2

    def test_wait_until_the_worker_has_checked(self, client: Client, edition: Edition) -> None:
        there = self.upload(client, b"# The Lighthouse\n> Rain fell\n")["Location"]
        assert "Checking your file" in client.get(there).content.decode()
        assert client.post(there).status_code == 404

    def test_add_nothing_forgets_the_file(self, client: Client, reader: User, edition: Edition) -> None:
        row = checked(reader, b"# The Lighthouse\n> Rain fell\n")
        client.post(f"{ADDRESS}{row.public_id}/", {"discard": "1"})
        assert not NoteImport.objects.exists()
        assert not Note.objects.exists()

    @pytest.mark.parametrize(
        ("content", "words"),
        [
            (b"", "empty"),
            (b"hello", "no notes that can be read"),
            (b"> " + b"rain " * 1001, "it begins “rain rain"),
            (b"> rain\n\n.\n" * 5001, "more than 5000 notes"),
        ],
    )
    def test_say_what_is_wrong_with_a_file(self, client: Client, edition: Edition, content: bytes, words: str) -> None:
        response = self.upload(client, content)
        assert response.status_code == 422
        assert words in response.content.decode()

    def test_a_book_may_be_chosen(self, client: Client, reader: User, edition: Edition) -> None:
        self.upload(client, b"> Rain fell\n", book=edition.work.public_id)
        assert NoteImport.objects.get().work == edition.work
        other = publish_text()
        assert self.upload(client, b"> Rain fell\n", book=other.work.public_id).status_code == 422

    def test_imports_of_others_are_not_there(self, client: Client, edition: Edition) -> None:
        stranger = make_reader()
        give(stranger, edition)
        row = checked(stranger, b"# The Lighthouse\n> Rain fell\n")
        assert client.get(f"{ADDRESS}{row.public_id}/").status_code == 404
        assert client.post(f"{ADDRESS}{row.public_id}/").status_code == 404
        assert client.post(f"{ADDRESS}{row.public_id}/", {"discard": "1"}).status_code == 404
        assert NoteImport.objects.count() == 1


class TestSweeping:
    def test_lost_messages_are_sent_again_and_old_files_forgotten(
        self, reader: User, edition: Edition, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        sent: list[int] = []
        monkeypatch.setattr(clock, "database_now", clock.now)
        row = note_imports.start(actor=reader, name="x", content=b"> Rain fell\n", work=edition.work, at=clock.now())
        monkeypatch.setattr(jobs, "enqueue", lambda name, import_id: sent.append(import_id))
        note_imports.retry_stuck()
        assert sent == []
        with clock.frozen(clock.now() + timedelta(minutes=2)):
            note_imports.retry_stuck()
            assert sent == [row.pk]
        with clock.frozen(clock.now() + timedelta(days=8)):
            note_imports.retry_stuck()
        assert not NoteImport.objects.exists()

    def test_a_note_that_a_device_brought_meanwhile_is_not_added_again(self, reader: User, edition: Edition) -> None:
        row = checked(reader, b"# The Lighthouse\n> Rain fell\n")
        assert (row.state, verdicts(row)) == (ImportState.READY, ["added"])
        make_note(reader, edition, "Rain fell")
        note_imports.finish(actor=reader, row=row, at=clock.now())
        row.refresh_from_db()
        assert verdicts(row) == [Verdict.PRESENT.value]
        assert Note.objects.count() == 1


def test_a_csv_without_our_ids_is_still_imported_once(reader: User, edition: Edition) -> None:
    """As Readwise gives it back: its own addresses, no ids of ours."""
    make_note(reader, edition, "Rain fell", body="Mine.")
    book = next(iter(formats.read(exported(reader, "readwise"))))
    plain = replace(book, notes=tuple(replace(note, uid="", url="") for note in book.notes))
    other = make_reader()
    give(other, edition)
    content = "".join(readwise.write([replace(plain, book=replace(plain.book, title="The Lighthouse"))])).encode()
    for verdict in ("added", "present"):
        assert verdicts(imported(other, content)) == [verdict]
    assert STORY[0][1].startswith(Note.objects.get(user=other).exact)
