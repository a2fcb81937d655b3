"""Three devices of a person, one two days fast and one two days slow, that are offline for long and whose messages come
late, twice or unanswered: in the end all show the same notes, and nobody's words are lost.

Twenty seeds run with the suite, and five with the reader's own modules; SYNC_SEEDS=200 before the command runs as many.
"""

from __future__ import annotations

import os
import random
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest

from accounts.models import User
from common import clock
from publishing.models import Edition
from storefront.checkout.models import Entitlement
from storefront.reading import stamps
from storefront.reading.models import Note, Registers
from storefront.reading.services import body_versions
from tests.conftest import NOON
from tests.factories.accounts import make_reader
from tests.factories.publishing import make_published_edition
from tests.storefront.reading.devices import Device, Shop
from tests.storefront.reading.node_devices import Node, NodeDevice

pytestmark = pytest.mark.django_db

SEEDS = range(int(os.environ.get("SYNC_SEEDS", "20")))
STEPS = 50
COLOURS = ("yellow", "green", "blue", "pink", "purple")
TWO_DAYS = timedelta(days=2)


class Story:
    """What happens to the devices, by chance; and which bodies nobody knowingly wrote over."""

    def __init__(self, seed: int, edition: Edition, node: Node | None = None) -> None:
        self.chance = random.Random(seed)
        self.person = make_reader()
        Entitlement.objects.create(user=self.person, work=edition.work, edition=edition, granted_at=NOON)
        self.shop = Shop(self.person)
        self.at = NOON
        clocks = {"right": timedelta(), "fast": TWO_DAYS, "slow": -TWO_DAYS}
        self.devices: list[Device | NodeDevice] = [
            NodeDevice(node, name, self.person, edition, ahead) if node else Device(name, self.person, edition, ahead)
            for name, ahead in clocks.items()
        ]
        self.late: list[tuple[datetime, str]] = []
        self.unseen: dict[str, set[str]] = {}

    def run(self) -> None:
        acts: list[tuple[Callable[[Device | NodeDevice], None], int]] = [
            (self._make, 2),
            (self._write_body, 6),
            (self._colour, 4),
            (self._delete, 1),
            (self._exchange, 3),
            (self._lose_answer, 2),
            (self._send_late, 2),
        ]
        for device in self.devices:
            self._make(device)
        for _ in range(STEPS):
            self.at += timedelta(
                seconds=self.chance.choice((self.chance.uniform(0.01, 9), self.chance.uniform(0.01, 900)))
            )
            self._deliver_late()
            act = self.chance.choices([one for one, _ in acts], [weight for _, weight in acts])[0]
            act(self.chance.choice(self.devices))
        for device in self.devices * 2:
            self._exchange(device)

    # ------------------------------------------------------------ writing

    def _make(self, device: Device | NodeDevice) -> None:
        device.make_note(self.at)

    def _write_body(self, device: Device | NodeDevice) -> None:
        if not (uid := self._any(device)):
            return
        note, text = device.notes[uid], f"{device.name} {self.chance.random()}"
        other = "" if note.pending.get("body") else note.shown("other_body")
        settles = bool(other) and self.chance.random() < 0.5
        unseen = self.unseen.setdefault(uid, set())
        unseen -= {note.shown("body"), other if settles else None}
        unseen.add(text)
        device.write(uid, "body", text, self.at, settles=settles)

    def _colour(self, device: Device | NodeDevice) -> None:
        if uid := self._any(device):
            device.write(uid, "colour", self.chance.choice(COLOURS), self.at)

    def _delete(self, device: Device | NodeDevice) -> None:
        if uid := self._any(device):
            device.write(uid, "deleted", self.chance.random() < 0.7, self.at)

    def _any(self, device: Device | NodeDevice) -> str:
        return self.chance.choice(list(device.notes)) if device.notes else ""

    # ------------------------------------------------------------ exchanging

    def _exchange(self, device: Device | NodeDevice) -> None:
        sent = device.message(self.at)
        device.receive(sent, self.shop.answer(sent, self.at), self.at)

    def _lose_answer(self, device: Device | NodeDevice) -> None:
        self.shop.answer(device.message(self.at), self.at)

    def _send_late(self, device: Device | NodeDevice) -> None:
        """As a page that is left does: the next page may be quicker, and nobody waits for the answer."""
        arrives = self.at + timedelta(seconds=self.chance.uniform(0.1, 30))
        self.late.append((arrives, device.message(self.at)))

    def _deliver_late(self) -> None:
        for arrives, sent in [one for one in self.late if one[0] <= self.at]:
            self.late.remove((arrives, sent))
            for _ in range(self.chance.choice((1, 2))):
                self.shop.answer(sent, arrives)


@pytest.fixture
def edition() -> Edition:
    return make_published_edition()


def stored(person: User) -> dict[str, tuple[Any, ...]]:
    """Notes on the server, each with what decides between later changes."""
    rows = Note.objects.filter(user=person)
    return {
        str(note.uid): (
            *(note.colour, note.body, note.other_body, note.deleted_at is None, note.placed),
            note.registers,
        )
        for note in rows
    }


@pytest.fixture(scope="module")
def node() -> Iterator[Node]:
    node = Node()
    yield node
    node.close()


@pytest.mark.parametrize("seed", SEEDS)
def test_all_devices_end_with_the_same_notes(seed: int, edition: Edition) -> None:
    check(Story(seed, edition))


@pytest.mark.parametrize("seed", SEEDS[::4])
def test_and_so_do_devices_with_the_readers_own_code(seed: int, edition: Edition, node: Node) -> None:
    check(Story(seed, edition, node))


def check(story: Story) -> None:
    story.run()
    first, *others = (device.shown() for device in story.devices)
    assert all(other == first for other in others)
    assert Note.objects.filter(user=story.person).count() >= len(story.devices)
    live = Note.objects.live().filter(user=story.person)
    assert {str(note.uid): (note.colour, note.body, note.other_body) for note in live} == {
        uid: (note["colour"], note["body"] or "", note["other_body"] or "") for uid, note in first.items()
    }
    assert set(first) <= {str(uid) for uid in Note.objects.filter(user=story.person).values_list("uid", flat=True)}

    # Nobody's words are lost: what nobody knowingly wrote over is shown, or kept beside it.
    for note in Note.objects.filter(user=story.person):
        kept = {version.text for version in body_versions.heads(note.registers.bodies)}
        assert story.unseen.get(str(note.uid), set()) <= kept

    # The same messages in another order, each twice, give the same notes.
    known, messages = stored(story.person), [*story.shop.heard, *story.shop.heard]
    blank = {"colour": "yellow", "body": "", "other_body": "", "deleted_at": None, "registers": Registers()}
    Note.objects.filter(user=story.person).update(**blank)  # a change of a known note does not name its target
    story.chance.shuffle(messages)
    for message in messages:
        story.shop.apply(message, story.at)
    assert stored(story.person) == known


def test_a_fast_clock_does_not_win_for_two_days(edition: Edition) -> None:
    reader = make_reader()
    Entitlement.objects.create(user=reader, work=edition.work, edition=edition, granted_at=NOON)
    shop, fast = Shop(reader), Device("fast", reader, edition, TWO_DAYS)
    right = Device("right", reader, edition)
    uid = fast.make_note(NOON)
    fast.write(uid, "colour", "pink", NOON)
    sent = fast.message(NOON)
    shop.answer(sent, NOON)
    later = NOON + timedelta(minutes=2)
    first = right.message(later)
    right.receive(first, shop.answer(first, later), later)
    right.write(uid, "colour", "green", later)
    shop.answer(right.message(later), later)
    assert Note.objects.get().colour == "green"
    much_later = NOON + TWO_DAYS + timedelta(minutes=3)
    shop.answer(fast.message(much_later), much_later)  # it has heard nothing, and sends the same again
    assert Note.objects.get().colour == "green"
    assert stamps.from_ms(int(Note.objects.get().registers.colour[:13])) == later


def test_the_stamps_of_a_device_that_is_ahead_are_cut(edition: Edition) -> None:
    """One that says that its clock is right, and is wrong."""
    reader = make_reader()
    Entitlement.objects.create(user=reader, work=edition.work, edition=edition, granted_at=NOON)
    device = Device("odd", reader, edition)
    device.make_note(NOON + TWO_DAYS)
    Shop(reader).answer(device.message(NOON), NOON)
    made: datetime = stamps.from_ms(int(Note.objects.get().registers.colour[:13]))
    assert made == clock.now().replace(minute=1)
