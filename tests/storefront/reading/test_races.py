"""Two devices of a person at once, on connections of their own; and what happened if the lock were not there."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest

from accounts.models import User
from publishing.models import Edition
from storefront.checkout.guests.services import guests
from storefront.checkout.models import Entitlement
from storefront.reading.changes import NoteChange, PlaceChange, SyncMessage, Target
from storefront.reading.models import Device, FurthestPlace, LastPlace, Note, NoteKind, SyncState
from storefront.reading.selectors import sync_answers
from storefront.reading.selectors.mentioned import mentioned_in
from storefront.reading.services import notes, places, sync, sync_states
from tests.conftest import NOON
from tests.factories.accounts import make_reader
from tests.factories.buying import make_book
from tests.factories.guests import buy_as_guest
from tests.factories.publishing import make_published_edition
from tests.royalties.database import run_together
from tests.storefront.checkout.orders.test_races import PATIENT_S, failures, meet, without_locks

pytestmark = [pytest.mark.race, pytest.mark.usefixtures("racing_db")]


def made(edition: Edition) -> NoteChange:
    target = Target(edition.public_id, (1, 0), (1, 4), "", "Rain", "", "", "")
    return NoteChange(uuid4(), edition.work.public_id, NoteKind.HIGHLIGHT, target, NOON)


def message(person: User, device: str, *changes: Any, cursor: int = 0) -> SyncMessage:
    return SyncMessage(person.public_id, device, device, cursor, {}, dict(enumerate(changes)))


def exchange(person: User, sent: SyncMessage) -> sync_answers.SyncAnswer:
    mentioned = mentioned_in(sent, person)
    sync.apply(actor=person, message=sent, mentioned=mentioned, at=NOON, address=None)
    return sync_answers.answer(actor=person, message=sent, mentioned=mentioned)


@pytest.fixture
def edition() -> Edition:
    return make_published_edition()


@pytest.fixture
def reader(edition: Edition) -> User:
    person = make_reader()
    Entitlement.objects.create(user=person, work=edition.work, edition=edition, granted_at=NOON)
    SyncState.objects.create(user=person)
    return person


class TestCursor:
    """A device that has got an answer asks for what came after it. Nothing may come before."""

    def known_after(self, reader: User, edition: Edition) -> tuple[list[Any], int]:
        """Two devices write a note each at once. What a third gets that was there between the two commits, and then."""
        writes: list[Callable[[], Any]] = [
            lambda device=device: exchange(reader, message(reader, device, made(edition)))
            for device in ("phone", "tablet")
        ]
        found = run_together(*writes)
        assert failures(found) == []
        cursors = sorted(Note.objects.values_list("cursor", flat=True))
        return cursors, SyncState.objects.get().cursor

    def test_two_notes_written_at_once_have_two(
        self, reader: User, edition: Edition, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        meet(monkeypatch, sync_states, "count", 2)
        assert self.known_after(reader, edition) == ([1, 2], 2)

    def test_without_the_lock_both_would_have_the_same(
        self, reader: User, edition: Edition, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """So whoever asks after the first was committed never gets the second."""
        meet(monkeypatch, sync_states, "count", 2, PATIENT_S)
        without_locks(monkeypatch)
        assert self.known_after(reader, edition) == ([1, 1], 1)

    def test_twenty_devices_end_with_twenty_notes(self, reader: User, edition: Edition) -> None:
        writes = [
            lambda device=device: exchange(reader, message(reader, f"d{device}", made(edition))) for device in range(20)
        ]
        assert failures(run_together(*writes)) == []
        assert sorted(Note.objects.values_list("cursor", flat=True)) == list(range(1, 21))


class TestOneNote:
    def test_the_first_message_sent_twice_at_once_makes_one(
        self, edition: Edition, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Also the very first of a person, who has no row to lock yet."""
        person = make_reader()
        Entitlement.objects.create(user=person, work=edition.work, edition=edition, granted_at=NOON)
        note = made(edition)
        meet(monkeypatch, notes, "write", 2)
        sent = [lambda: exchange(person, message(person, "phone", note))] * 4
        assert failures(run_together(*sent)) == []
        assert Note.objects.count() == SyncState.objects.get().cursor == 1


class TestPlaces:
    def test_two_tabs_of_a_device_report_at_once(
        self, reader: User, edition: Edition, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def report(number: int) -> Callable[[], object]:
            at = NOON.replace(second=number)
            place = PlaceChange(
                edition.work.public_id, edition.public_id, number, 0, "", number, at, (number, 0, number)
            )
            return lambda: exchange(reader, message(reader, "phone", place))

        meet(monkeypatch, places, "save_last", 2)
        assert failures(run_together(*map(report, range(8)))) == []
        assert LastPlace.objects.get().block == FurthestPlace.objects.get().block == 7
        assert Device.objects.count() == 1


class TestClaim:
    def test_while_a_device_still_writes_as_the_guest(self) -> None:
        book = make_book()
        order, person = buy_as_guest(book), make_reader()
        sends = [lambda: exchange(order.buyer, message(order.buyer, "phone", made(book)))] * 4
        claimed, *sent = run_together(
            lambda: guests.claim(actor=person, guest_id=order.buyer.public_id, link_version=1, at=NOON), *sends
        )
        assert failures([claimed]) == []
        refused = failures(sent)
        assert {type(one) for one in refused} <= {sync_states.PersonLeft}
        assert Note.objects.filter(user=person).count() == len(sends) - len(refused)
        assert not Note.objects.filter(user=order.buyer).exists()
