"""What a guest left in a book is the person's once the purchases are claimed."""

from __future__ import annotations

from uuid import uuid4

import pytest

from accounts.models import User
from common import clock
from publishing.models import Edition
from storefront.checkout.guests.services import guests
from storefront.checkout.models import Order
from storefront.reading.models import (
    BodyVersion,
    Device,
    FurthestPlace,
    LastPlace,
    Note,
    ReaderSetting,
    Registers,
    SyncState,
)
from tests.conftest import NOON
from tests.factories.accounts import make_reader
from tests.factories.buying import make_book
from tests.factories.guests import buy_as_guest
from tests.storefront.reading.messages import stamp

pytestmark = pytest.mark.django_db


@pytest.fixture
def book() -> Edition:
    return make_book()


@pytest.fixture
def order(book: Edition) -> Order:
    return buy_as_guest(book)


@pytest.fixture
def person() -> User:
    return make_reader()


def claim(order: Order, person: User) -> None:
    guests.claim(actor=person, guest_id=order.buyer.public_id, link_version=1, at=clock.now())


def note_of(user: User, book: Edition, **more: object) -> Note:
    values = {
        "uid": uuid4(), "kind": "highlight", "made_at": NOON, "start_block": 1, "start_offset": 0, "end_block": 1,
        "end_offset": 4, "cursor": 1, "changed_at": NOON,
    }  # fmt: skip
    return Note.objects.create(user=user, work=book.work, edition=book, **{**values, **more})


def body(later: int, device: str, text: str) -> tuple[BodyVersion, ...]:
    return (BodyVersion(stamp(later, device), text),)


class TestNotes:
    def test_come_along_with_cursors_of_the_persons(self, order: Order, person: User, book: Edition) -> None:
        SyncState.objects.create(user=person, cursor=7)
        for _ in range(3):
            note_of(order.buyer, book)
        note_of(person, book, cursor=7)
        claim(order, person)
        assert set(Note.objects.values_list("user", flat=True)) == {person.pk}
        assert sorted(Note.objects.values_list("cursor", flat=True)) == [7, 8, 9, 10]
        assert SyncState.objects.get().cursor == 10

    def test_known_to_both_are_merged_and_no_words_are_lost(self, order: Order, person: User, book: Edition) -> None:
        uid = uuid4()
        note_of(person, book, uid=uid, body="mine", registers=Registers(bodies=body(5, "laptop", "mine")))
        theirs = Registers(colour=stamp(3), bodies=body(9, "phone", "the guest's"))
        note_of(order.buyer, book, uid=uid, body="the guest's", colour="pink", registers=theirs)
        claim(order, person)
        note = Note.objects.get()
        assert (note.user, note.colour, note.body, note.other_body) == (person, "pink", "the guest's", "mine")
        assert note.cursor == SyncState.objects.get().cursor == 1

    def test_deleted_later_stay_deleted(self, order: Order, person: User, book: Edition) -> None:
        uid = uuid4()
        note_of(person, book, uid=uid, registers=Registers(deleted=stamp(1)))
        note_of(order.buyer, book, uid=uid, deleted_at=NOON, registers=Registers(deleted=stamp(2)))
        claim(order, person)
        assert Note.objects.get().deleted_at is not None


class TestPlaces:
    def place(self, user: User, book: Edition, key: str, minute: int) -> LastPlace:
        device, _ = Device.objects.get_or_create(user=user, key=key, kind="browser", seen_at=NOON)
        at = NOON.replace(minute=minute)
        return LastPlace.objects.create(device=device, work=book.work, edition=book, block=minute, share_bps=1, at=at)

    @pytest.mark.parametrize("minute", [1, 9])
    def test_of_one_browser_the_later_stays(self, order: Order, person: User, book: Edition, minute: int) -> None:
        self.place(person, book, "laptop", 5)
        self.place(order.buyer, book, "laptop", minute)
        claim(order, person)
        assert LastPlace.objects.get().block == max(5, minute)
        assert Device.objects.get().user == person

    def test_of_another_browser_comes_along(self, order: Order, person: User, book: Edition) -> None:
        self.place(person, book, "laptop", 5)
        self.place(order.buyer, book, "phone", 1)
        claim(order, person)
        assert Device.objects.filter(user=person).count() == LastPlace.objects.count() == 2

    @pytest.mark.parametrize("share_bps", [1000, 9000])
    def test_the_furthest_is_that_of_both(self, order: Order, person: User, book: Edition, share_bps: int) -> None:
        for user, share in ((person, 5000), (order.buyer, share_bps)):
            FurthestPlace.objects.create(user=user, work=book.work, edition=book, block=1, share_bps=share, at=NOON)
        claim(order, person)
        furthest = FurthestPlace.objects.get()
        assert (furthest.user, furthest.share_bps) == (person, max(5000, share_bps))


def test_of_settings_the_later_stays(order: Order, person: User) -> None:
    for user, name, value, later in (
        (person, "theme", '"paper"', 5),
        (order.buyer, "theme", '"night"', 7),
        (person, "size", "100", 7),
        (order.buyer, "size", "140", 5),
        (order.buyer, "wide", "true", 1),
    ):
        ReaderSetting.objects.create(user=user, name=name, value=value, stamp=stamp(later), cursor=1)
    claim(order, person)
    found = dict(ReaderSetting.objects.filter(user=person).values_list("name", "value"))
    assert found == {"theme": '"night"', "size": "100", "wide": "true"}
    assert ReaderSetting.objects.count() == 3
