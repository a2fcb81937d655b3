"""What a device sends to /reading/sync/, and what it gets."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from common import clock
from publishing.models import Edition, EditionState
from storefront.checkout import permissions
from storefront.checkout.models import AccessRecord, Entitlement
from storefront.reading.models import Device, FurthestPlace, LastPlace, Note, ReaderSetting, SyncState
from storefront.reading.selectors import sync_answers
from storefront.reading.services import notes as note_services
from tests.conftest import NOON
from tests.factories.accounts import make_reader
from tests.factories.buying import buy
from tests.factories.publishing import make_published_edition
from tests.storefront.reading.messages import NOW, Reader, reader_of, stamp

pytestmark = pytest.mark.django_db


@pytest.fixture
def reader(client: Client) -> Reader:
    return reader_of(client, make_published_edition(slug="lighthouse"))


class TestIsolation:
    """Nobody's notes, places and settings are reached with ids of theirs."""

    @pytest.fixture
    def victim(self, reader: Reader) -> Reader:
        other = reader_of(Client(), reader.edition)
        uid = str(uuid4())
        other.send(
            other.note(uid, fields={"body": ["mine", stamp(), ""]}),
            other.place(furthest=[121, 0, 9000]),
            {"type": "setting", "name": "theme", "value": "night", "stamp": stamp()},
        )
        return other

    def test_nothing_is_told(self, reader: Reader, victim: Reader) -> None:
        answer = reader.send(books={reader.work: reader.edition.public_id})
        assert (answer["changes"], answer["anchors"]) == ([], {})
        assert answer["places"] == {reader.work: {"last": None, "furthest": None}}

    def test_a_note_with_the_same_id_is_ones_own(self, reader: Reader, victim: Reader) -> None:
        uid = str(Note.objects.get().uid)
        assert reader.send(reader.change({"id": uid}, body=["theirs", stamp(5), ""]))["errors"] == [
            {"index": 0, "error": "unknown"}
        ]
        reader.send(reader.note(uid, fields={"body": ["theirs", stamp(9), ""]}))
        assert Note.objects.get(user=victim.person).body == "mine"
        assert Note.objects.get(user=reader.person).body == "theirs"

    def test_a_device_with_the_same_key_is_ones_own(self, reader: Reader, victim: Reader) -> None:
        reader.send(reader.place(share_bps=1, at=NOW + 50))
        assert LastPlace.objects.get(device__user=victim.person).share_bps == 3120
        assert FurthestPlace.objects.get().user == victim.person

    def test_a_setting_with_the_same_name_is_ones_own(self, reader: Reader, victim: Reader) -> None:
        reader.send({"type": "setting", "name": "theme", "value": "paper", "stamp": stamp(5)})
        assert ReaderSetting.objects.get(user=victim.person).value == '"night"'


class TestNotes:
    def test_are_kept_and_come_back_to_other_devices(self, reader: Reader) -> None:
        sent = reader.note(fields={"colour": ["blue", stamp()], "body": ["Why?", stamp(1), ""]})
        assert reader.send(sent)["cursor"] == 1
        answer = reader.send(device={"id": "phone", "name": "Chrome on Android"})
        (found,) = answer["changes"]
        assert {name: found[name] for name in ("id", "work", "kind", "made_at")} == {
            name: sent[name] for name in ("id", "work", "kind", "made_at")
        }
        assert found["target"] == {**sent["target"], "page": ""}
        assert found["fields"] == {
            "colour": ["blue", stamp()],
            "body": ["Why?", stamp(1)],
            "other_body": ["", ""],
            "deleted": [False, ""],
            "placed": [None, ""],
        }
        assert (answer["cursor"], answer["full"], answer["more"]) == (1, True, False)
        assert reader.send(cursor=1)["changes"] == []

    def test_the_higher_stamp_wins_field_by_field(self, reader: Reader) -> None:
        note = reader.note()
        reader.send(note)
        reader.send(reader.change(note, colour=["pink", stamp(9)], deleted=[True, stamp(2)]))
        reader.send(reader.change(note, colour=["blue", stamp(5)], deleted=[False, stamp(3)]))
        found = Note.objects.get()
        assert (found.colour, found.deleted_at) == ("pink", None)

    def test_sent_twice_they_are_not_doubled_and_the_cursor_stays(self, reader: Reader) -> None:
        note = reader.note()
        assert reader.send(note)["cursor"] == reader.send(note)["cursor"] == 1
        assert Note.objects.count() == 1

    def test_the_target_never_changes(self, reader: Reader) -> None:
        note = reader.note()
        reader.send(note)
        moved = {**note["target"], "start": [0, 0], "exact": "other words"}
        reader.send({**note, "target": moved, "kind": "bookmark", "fields": {"colour": ["pink", stamp(3)]}})
        found = Note.objects.get()
        assert (found.start_block, found.exact, found.kind, found.colour) == (2, "the boats", "highlight", "pink")

    def test_bodies_written_apart_both_stay_until_somebody_settles(self, reader: Reader) -> None:
        note = reader.note(fields={"body": ["first", stamp(), ""]})
        reader.send(note)
        reader.send(reader.change(note, body=["laptop's", stamp(5), stamp()]))
        answer = reader.send(reader.change(note, body=["phone's", stamp(7, "phone"), stamp()]), cursor=2)
        fields = answer["changes"][0]["fields"]
        assert fields["body"] == ["phone's", stamp(7, "phone")]
        assert fields["other_body"] == ["laptop's", stamp(5)]
        reader.send(reader.change(note, body=["both", stamp(9), stamp(7, "phone"), stamp(5)]))
        found = Note.objects.get()
        assert (found.body, found.other_body) == ("both", "")

    def test_deleting_is_a_field_that_others_hear_of(self, reader: Reader) -> None:
        note = reader.note()
        reader.send(note)
        reader.send(reader.change(note, deleted=[True, stamp(4)]))
        assert Note.objects.get().deleted_at == NOON
        assert reader.send(cursor=1)["changes"][0]["fields"]["deleted"] == [True, stamp(4)]
        assert reader.send(cursor=0)["changes"] == []  # a new device does not need to know

    def test_placed_by_hand(self, reader: Reader) -> None:
        note = reader.note()
        reader.send(note)
        Edition.objects.update(state=EditionState.SUPERSEDED)
        newer = make_published_edition(work=reader.edition.work, number=2)
        spot = {"edition": newer.public_id, "start": [7, 0], "end": [7, 9]}
        answer = reader.send(reader.change(note, placed=[spot, stamp(3)]), books={reader.work: newer.public_id})
        assert answer["changes"][0]["fields"]["placed"] == [spot, stamp(3)]
        found = answer["anchors"][note["id"]]
        assert (found["edition"], found["start"], found["end"]) == (newer.public_id, [7, 0], [7, 9])
        reader.send(reader.change(note, placed=[None, stamp(4)]))
        assert Note.objects.get().placed is None

    def test_of_a_returned_book_stay_ones_own(self, reader: Reader) -> None:
        """What waited on the device when the book was returned still arrives."""
        note = reader.note()
        reader.send(note)
        Entitlement.objects.update(ended_at=NOON)
        answer = reader.send(reader.change(note, body=["mine", stamp(4), ""]), reader.note(), reader.place())
        assert answer["errors"] == [{"index": 2, "error": "no_right"}]
        assert sorted(Note.objects.values_list("body", flat=True)) == ["", "mine"]

    def test_at_most_so_many(self, reader: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(note_services, "MAX_NOTES", 2)
        notes = [reader.note() for _ in range(3)]
        assert reader.send(*notes)["errors"] == [{"index": 2, "error": "too_many"}]
        reader.send(reader.change(notes[0], deleted=[True, stamp(4)]))
        assert reader.send(notes[2])["errors"] == []


class TestPlaces:
    def test_the_last_of_each_device_and_the_newest_of_any(self, reader: Reader) -> None:
        books = {reader.work: reader.edition.public_id}
        reader.send(reader.place())
        answer = reader.send(
            reader.place(block=7, share_bps=200, at=NOW + 5), device={"id": "phone", "name": "Chrome"}, books=books
        )
        last = answer["places"][reader.work]["last"]
        assert 0 < last.pop("share_bps") <= 10_000  # counted by the text of the edition
        assert last == {
            **{"edition": reader.edition.public_id, "block": 7, "offset": 14, "page": ""},
            **{"device": "phone", "name": "Chrome", "at": NOW + 5},
        }
        assert LastPlace.objects.count() == 2

    def test_a_message_that_comes_late_moves_nothing_back(self, reader: Reader) -> None:
        reader.send(reader.place(block=9, at=NOW + 5))
        reader.send(reader.place(block=7, at=NOW + 4))
        assert LastPlace.objects.get().block == 9

    def test_a_clock_that_is_ahead_is_corrected(self, reader: Reader) -> None:
        days = 2 * 24 * 3600 * 1000
        reader.send(reader.place(at=NOW + days), now=NOW + days)
        assert NOON - timedelta(minutes=2) <= LastPlace.objects.get().at <= NOON

    def test_the_furthest_only_rises(self, reader: Reader) -> None:
        books = {reader.work: reader.edition.public_id}
        for block, share_bps in ((50, 5000), (20, 2000)):
            answer = reader.send(reader.place(at=NOW + block, furthest=[block, 3, share_bps]), books=books)
        furthest = answer["places"][reader.work]["furthest"]
        assert (furthest["block"], furthest["offset"]) == (50, 3)
        assert FurthestPlace.objects.get().share_bps == 5000

    def test_a_jump_does_not_raise_it(self, reader: Reader) -> None:
        reader.send(reader.place(block=900, share_bps=9900))
        assert not FurthestPlace.objects.exists()
        assert Entitlement.objects.get().furthest_bps == 0

    def test_the_furthest_is_what_a_refund_depends_on(self, client: Client) -> None:
        order = buy(make_reader(), make_published_edition())
        client.force_login(order.buyer)
        line = order.lines.get()
        reader = Reader(client, order.buyer, line.edition)
        reader.send(reader.place(share_bps=9000, furthest=[9, 0, 900]))
        assert not permissions.was_used(line)
        reader.send(reader.place(furthest=[12, 0, 1200]))
        assert permissions.was_used(line)
        assert AccessRecord.objects.get().kind == "read"

    def test_a_book_in_parts_of_a_message_is_saved_once(self, reader: Reader) -> None:
        places = [reader.place(block=n, at=NOW + n, furthest=[n, 0, n]) for n in range(50)]
        with CaptureQueriesContext(connection) as queries:
            reader.send(*places)
        assert LastPlace.objects.get().block == FurthestPlace.objects.get().block == 49
        assert len(queries) < 45

    def test_devices_are_known_by_name(self, reader: Reader) -> None:
        reader.send(reader.place(), device={"id": "laptop", "name": "  Fire\nfox " + "x" * 200})
        device = Device.objects.get()
        assert (device.kind, device.name[:9], len(device.name)) == ("browser", "Fire fox ", 80)
        with clock.frozen(NOON + timedelta(hours=2)):
            reader.send(reader.place(at=NOW + 1), device={"id": "laptop", "name": "Safari"})
        device.refresh_from_db()
        assert (device.name, device.seen_at) == ("Safari", NOON + timedelta(hours=2))

    def test_only_the_latest_hundred(self, reader: Reader) -> None:
        Device.objects.bulk_create(
            Device(user=reader.person, key=f"old {n}", kind="browser", seen_at=NOON - timedelta(days=1 + n))
            for n in range(100)
        )
        reader.send(reader.place())
        assert Device.objects.count() == 100
        assert not Device.objects.filter(key="old 99").exists()


class TestSettings:
    def test_are_kept_whatever_they_are_called(self, reader: Reader) -> None:
        values = {"theme": "sepia", "size": 140, "wide": True, "leading": 1.6, "of the future": "ﬀ"}
        changes = [
            {"type": "setting", "name": name, "value": value, "stamp": stamp()} for name, value in values.items()
        ]
        answer = reader.send(*changes)
        assert {one["name"]: one["value"] for one in answer["changes"]} == values
        assert answer["cursor"] == 5

    def test_the_higher_stamp_wins(self, reader: Reader) -> None:
        for value, later in (("sepia", 5), ("night", 3)):
            reader.send({"type": "setting", "name": "theme", "value": value, "stamp": stamp(later)})
        assert ReaderSetting.objects.get().value == '"sepia"'
        assert reader.send(cursor=1)["changes"] == []

    def test_at_most_so_many(self, reader: Reader) -> None:
        changes = [{"type": "setting", "name": f"s{n}", "value": "x", "stamp": stamp()} for n in range(201)]
        assert reader.send(*changes)["errors"] == [{"index": 200, "error": "too_many"}]


class TestRights:
    def test_are_told_for_each_book_that_the_device_holds(self, reader: Reader) -> None:
        returned, foreign = make_published_edition(), make_published_edition()
        Entitlement.objects.create(
            user=reader.person, work=returned.work, edition=returned, granted_at=NOON, ended_at=NOON
        )
        books = {one.work.public_id: one.public_id for one in (reader.edition, returned, foreign)}
        answer = reader.send(books={**books, "wrk_nowhere": "edn_nowhere"})
        gone = dict.fromkeys((returned.work.public_id, foreign.work.public_id, "wrk_nowhere"), "gone")
        assert answer["rights"] == {reader.work: "read", **gone}
        assert set(answer["places"]) == {reader.work}

    def test_a_book_off_sale_is_still_read(self, reader: Reader) -> None:
        Edition.objects.update(state=EditionState.WITHDRAWN)
        answer = reader.send(reader.place(), books={reader.work: reader.edition.public_id})
        assert (answer["rights"], answer["errors"]) == ({reader.work: "read"}, [])


class TestCursors:
    def test_one_the_server_does_not_know_gets_everything(self, reader: Reader) -> None:
        """As after a backup was put back, or a guest's purchases were claimed."""
        reader.send(reader.note())
        answer = reader.send(cursor=99)
        assert (answer["full"], answer["cursor"], len(answer["changes"])) == (True, 1, 1)

    def test_each_change_has_its_own(self, reader: Reader) -> None:
        notes = [reader.note() for _ in range(3)]
        assert reader.send(*notes)["cursor"] == 3
        assert [one["id"] for one in reader.send(cursor=2)["changes"]] == [notes[2]["id"]]

    @pytest.mark.parametrize(("name", "limit"), [("MAX_NOTES", 2), ("MAX_CHARACTERS", 20)])
    def test_a_long_answer_comes_in_parts(
        self, reader: Reader, monkeypatch: pytest.MonkeyPatch, name: str, limit: int
    ) -> None:
        monkeypatch.setattr(sync_answers, name, limit)
        notes = [reader.note() for _ in range(5)]
        answer = reader.send(*notes)
        SyncState.objects.update(forgotten_cursor=4)  # what was forgotten this device has never known
        found, parts = [one["id"] for one in answer["changes"]], [answer]
        while answer["more"]:
            answer = reader.send(cursor=answer["cursor"])
            found += [one["id"] for one in answer["changes"]]
            parts.append(answer)
        assert found == [note["id"] for note in notes]
        assert [part["full"] for part in parts] == [True, *[False] * (len(parts) - 1)]
        assert len(parts) == 3
        assert answer["cursor"] == 5
        assert reader.send(cursor=5)["changes"] == []

    def test_what_is_deleted_between_two_parts_is_told(self, reader: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
        notes = [reader.note() for _ in range(3)]
        reader.send(*notes)
        monkeypatch.setattr(sync_answers, "MAX_NOTES", 2)
        first = reader.send(cursor=0)
        reader.send(reader.change(notes[0], deleted=[True, stamp(5)]))
        rest = reader.send(cursor=first["cursor"])
        assert [one["fields"]["deleted"][0] for one in rest["changes"]] == [False, True]


class TestQueries:
    def ask(self, reader: Reader, count: int) -> int:
        notes = [reader.note() for _ in range(count)]
        settings_sent = [
            {"type": "setting", "name": f"{count} {n}", "value": "x", "stamp": stamp()} for n in range(count)
        ]
        reader.send(*notes[: count // 2])
        changed = [reader.change(note, colour=["pink", stamp(9)]) for note in notes[: count // 2]]
        books = {reader.work: reader.edition.public_id}
        with CaptureQueriesContext(connection) as queries:
            reader.send(*notes[count // 2 :], *changed, *settings_sent, books=books)
        return len(queries)

    def test_do_not_grow_with_the_changes(self, reader: Reader) -> None:
        assert self.ask(reader, 2) == self.ask(reader, 40)

    def test_a_message_without_changes_writes_nothing(self, reader: Reader) -> None:
        reader.send(reader.note(), reader.place())
        with CaptureQueriesContext(connection) as queries:
            reader.send(books={reader.work: reader.edition.public_id}, cursor=1)
        writes = [one["sql"] for one in queries if one["sql"].split()[0] in {"INSERT", "UPDATE", "DELETE"}]
        assert writes == []
        assert len(queries) < 20


def test_times_are_those_of_the_server(reader: Reader) -> None:
    at: datetime = NOON + timedelta(seconds=3)
    with clock.frozen(at):
        assert reader.send()["now"] == NOW + 3000
