"""Who may send to /reading/sync/, and messages that are refused."""

from __future__ import annotations

import json
from typing import Any
from uuid import uuid4

import pytest
from django.core.cache import caches
from django.test import Client

from storefront.reading.models import Device, LastPlace, Note, SyncState
from tests.factories.accounts import make_author, make_moderator, make_operator, make_reader
from tests.factories.buying import make_book
from tests.factories.guests import buy_as_guest
from tests.factories.publishing import make_edition, make_published_edition
from tests.storefront.checkout.guests.test_views import link
from tests.storefront.reading.messages import ADDRESS, Json, Reader, reader_of, stamp

pytestmark = pytest.mark.django_db


@pytest.fixture
def reader(client: Client) -> Reader:
    return reader_of(client, make_published_edition(slug="lighthouse"))


class TestWho:
    def test_nobody_who_is_signed_out(self, client: Client) -> None:
        stranger = Reader(client, make_reader(), make_published_edition())
        response = stranger.post(stranger.message(stranger.place()))
        assert (response.status_code, response.json()) == (403, {"error": "signed_out"})
        assert not Device.objects.exists()

    def test_not_for_somebody_else(self, reader: Reader) -> None:
        """The one whose page it was has signed out, and another person has signed in."""
        other = make_reader()
        response = reader.post(reader.message(reader.note(), person=other.public_id))
        assert (response.status_code, response.json()) == (403, {"error": "signed_out"})
        assert not Note.objects.exists()

    def test_a_guest_whose_link_was_opened_here(self, client: Client) -> None:
        book = make_book()
        order = buy_as_guest(book)
        client.get(link(order))
        guest = Reader(client, order.buyer, book)
        assert guest.send(guest.note(), books={guest.work: book.public_id})["rights"] == {guest.work: "read"}
        assert Note.objects.get().user == order.buyer

    def test_each_guest_of_a_browser_apart(self, client: Client) -> None:
        orders = [buy_as_guest(make_book()) for _ in range(2)]
        for order in orders:
            client.get(link(order))
        for order in orders:
            guest = Reader(client, order.buyer, order.lines.get().edition)
            guest.send(guest.note())
        assert {note.user for note in Note.objects.all()} == {order.buyer for order in orders}
        assert set(SyncState.objects.values_list("cursor", flat=True)) == {1}

    @pytest.mark.parametrize(
        "headers",
        [
            {"sec-fetch-site": "cross-site"},
            {"sec-fetch-site": "same-site"},
            {"origin": "https://example.org"},
        ],
    )
    def test_no_page_of_others(self, reader: Reader, headers: dict[str, str]) -> None:
        response = reader.post(reader.message(reader.note()), **headers)
        assert (response.status_code, response.json()) == (403, {"error": "foreign_request"})
        assert not Note.objects.exists()

    def test_needs_no_token(self) -> None:
        reader = reader_of(Client(enforce_csrf_checks=True), make_published_edition())
        assert reader.post(reader.message(reader.note())).status_code == 200

    def test_the_author_who_did_not_buy(self, client: Client) -> None:
        edition = make_published_edition()
        client.force_login(edition.work.owner)
        author = Reader(client, edition.work.owner, edition)
        assert author.send(author.note(), author.place())["errors"] == []
        assert (Note.objects.count(), LastPlace.objects.count()) == (1, 1)

    @pytest.mark.parametrize("make", [make_operator, make_moderator, make_author])
    def test_staff_and_others_keep_nothing_in_books_they_may_only_look_into(
        self, client: Client, make: Any, settings: Any
    ) -> None:
        settings.STAFF_SECOND_FACTOR_REQUIRED = False
        other = Reader(client, make(), make_published_edition())
        client.force_login(other.person)
        answer = other.send(other.note(), other.place(), books={other.work: other.edition.public_id})
        assert [error["error"] for error in answer["errors"]] == ["no_right", "no_right"]
        assert (answer["rights"], answer["places"]) == ({other.work: "gone"}, {})
        assert not (Note.objects.exists() or LastPlace.objects.exists())

    def test_its_answer_is_nobody_elses(self, reader: Reader) -> None:
        response = reader.post(reader.message())
        assert "private" in response["Cache-Control"]
        assert "no-store" in response["Cache-Control"]

    def test_too_many_at_once_wait(self, reader: Reader, settings: Any) -> None:
        settings.NETWORK_RATE_LIMITS = {"sync": 2, "write": 1}
        caches["counts"].clear()
        assert [reader.post(reader.message()).status_code for _ in range(3)] == [200, 200, 429]
        response = reader.post(reader.message())
        assert int(response["Retry-After"]) > 0


class TestRefusals:
    @pytest.mark.parametrize(
        "body",
        [b"", b"[]", b"{}", b"x", b'"x"', b"[" * 100_000, b"\xff", b'{"person": "usr_x"}', b"9" * 5000],
    )
    def test_no_message_at_all(self, reader: Reader, body: bytes) -> None:
        response = reader.post(body)
        assert (response.status_code, response.json()) == (400, {"error": "invalid"})

    @pytest.mark.parametrize(
        "wrong",
        [
            {"device": {}},
            {"device": {"id": ""}},
            {"device": {"id": "x" * 65}},
            {"device": {"id": "é"}},
            {"cursor": -1},
            {"cursor": 10**30},
            {"cursor": "1"},
            {"now": None},
            {"now": True},
            {"books": []},
            {"books": {"wrk_x": None}},
            {"books": {f"wrk_{n}": "edn_x" for n in range(201)}},
            {"changes": {}},
            {"person": 5},
        ],
    )
    def test_messages_with_something_wrong(self, reader: Reader, wrong: Json) -> None:
        response = reader.post(reader.message(reader.note(), **wrong))
        assert (response.status_code, response.json()) == (400, {"error": "invalid"})
        assert not Note.objects.exists()

    def test_messages_that_are_too_long(self, reader: Reader) -> None:
        response = reader.post(reader.message(*["x" * 1000] * 300))
        assert (response.status_code, response.json()) == (413, {"error": "too_long"})

    def test_forms(self, reader: Reader) -> None:
        response = reader.client.post(ADDRESS, {"x": "1"}, headers={"sec-fetch-site": "same-origin"})
        assert response.status_code == 400

    @pytest.mark.parametrize(
        "more",
        [
            {"id": "x"},
            {"work": None},
            {"kind": "scribble"},
            {"made_at": "now"},
            {"target": []},
            {"fields": []},
            {"fields": {"colour": ["red", stamp()]}},
            {"fields": {"colour": "green"}},
            {"fields": {"colour": ["green", "now"]}},
            {"fields": {"colour": ["green", "1" * 13 + "-0000-"]}},
            {"fields": {"body": ["x" * 10_001, stamp(), ""]}},
            {"fields": {"body": ["\0", stamp(), ""]}},
            {"fields": {"body": ["\ud800", stamp(), ""]}},
            {"fields": {"body": ["x", stamp(), *[stamp()] * 30]}},
            {"fields": {"body": [5, stamp(), ""]}},
            {"fields": {"deleted": [1, stamp()]}},
            {"fields": {"placed": [{"edition": "edn_x"}, stamp()]}},
            {"fields": {"placed": [{"edition": "edn_x", "start": [3, 0], "end": [2, 0]}, stamp()]}},
        ],
    )
    def test_an_invalid_change_is_skipped_and_the_others_are_not(self, reader: Reader, more: Json) -> None:
        answer = reader.send(reader.note(**more), reader.note())
        assert answer["errors"] == [{"index": 0, "error": "invalid"}]
        assert Note.objects.count() == 1

    @pytest.mark.parametrize(
        "wrong",
        [
            {"start": [3, 0]},
            {"start": [-1, 0]},
            {"start": [2.0, 0]},
            {"start": [2]},
            {"end": [2**40, 0]},
            {"exact": "x" * 5001},
            {"exact": None},
            {"prefix": "x" * 65},
            {"chapter": "x" * 301},
            {"edition": ""},
        ],
    )
    def test_invalid_targets(self, reader: Reader, wrong: Json) -> None:
        note = reader.note()
        answer = reader.send({**note, "target": {**note["target"], **wrong}})
        assert answer["errors"] == [{"index": 0, "error": "invalid"}]

    @pytest.mark.parametrize(
        "change",
        [
            "x",
            {"type": []},
            {"type": "thought"},
            {"type": "setting", "name": "", "value": "x", "stamp": stamp()},
            {"type": "setting", "name": "x" * 41, "value": "x", "stamp": stamp()},
            {"type": "setting", "name": "x", "value": {"a": 1}, "stamp": stamp()},
            {"type": "setting", "name": "x", "value": "x" * 500, "stamp": stamp()},
            {"type": "setting", "name": "x", "value": "x", "stamp": ""},
        ],
    )
    def test_other_invalid_changes(self, reader: Reader, change: Any) -> None:
        assert reader.send(change)["errors"] == [{"index": 0, "error": "invalid"}]

    def test_no_number_that_is_none(self, reader: Reader) -> None:
        change = json.dumps({"type": "setting", "name": "x", "value": float("nan"), "stamp": stamp()})
        body = json.dumps(reader.message("HERE")).replace('"HERE"', change)
        assert reader.post(body).json()["errors"] == [{"index": 0, "error": "invalid"}]

    @pytest.mark.parametrize(
        "more",
        [
            {"block": -1},
            {"block": 2**31},
            {"share_bps": 10_001},
            {"share_bps": None},
            {"page": "x" * 121},
            {"at": -1},
            {"furthest": [1, 2]},
            {"furthest": [1, 2, 10_001]},
        ],
    )
    def test_invalid_places(self, reader: Reader, more: Json) -> None:
        assert reader.send(reader.place(**more))["errors"] == [{"index": 0, "error": "invalid"}]
        assert not LastPlace.objects.exists()

    def test_what_there_is_not(self, reader: Reader) -> None:
        draft = make_edition(work=reader.edition.work)
        other = make_published_edition()
        target = reader.note()["target"]
        spot = {"edition": other.public_id, "start": [0, 0], "end": [0, 1]}
        answer = reader.send(
            reader.note(work="wrk_nowhere"),
            *(reader.note(target={**target, "edition": one.public_id}) for one in (draft, other)),
            reader.change({"id": str(uuid4())}, colour=["blue", stamp()]),
            reader.note(fields={"placed": [spot, stamp()]}),
            reader.place(work="wrk_nowhere"),
            reader.place(edition=draft.public_id),
        )
        assert answer["errors"] == [{"index": index, "error": "unknown"} for index in range(7)]
        assert not (Note.objects.exists() or LastPlace.objects.exists())

    def test_new_notes_in_books_one_never_had(self, reader: Reader) -> None:
        other = make_published_edition()
        target = {**reader.note()["target"], "edition": other.public_id}
        answer = reader.send(reader.note(work=other.work.public_id, target=target))
        assert answer["errors"] == [{"index": 0, "error": "no_right"}]
