"""What is deleted in the night: notes that were deleted long ago, and devices that nobody uses."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from common import clock
from publishing.models import Edition
from storefront.reading.models import Device, LastPlace, Note
from storefront.reading.services.cleanup import forget
from tests.conftest import NOON
from tests.factories.accounts import make_reader
from tests.factories.publishing import make_published_edition
from tests.factories.reading import make_place
from tests.storefront.reading.messages import Reader, reader_of, stamp

pytestmark = pytest.mark.django_db

DAYS = timedelta(days=400)


@pytest.fixture
def reader(client: Client) -> Reader:
    return reader_of(client, make_published_edition())


class TestNotes:
    def deleted(self, reader: Reader, count: int = 2) -> list[dict[str, Any]]:
        """Notes of which the first is deleted."""
        notes = [reader.note() for _ in range(count)]
        reader.send(*notes)
        reader.send(reader.change(notes[0], deleted=[True, stamp(5)]))
        return notes

    @pytest.mark.parametrize(("later", "left"), [(timedelta(), 2), (timedelta(seconds=1), 1)])
    def test_go_after_400_days(self, reader: Reader, later: timedelta, left: int) -> None:
        self.deleted(reader)
        forget(NOON + DAYS + later)
        assert Note.objects.count() == left

    def test_then_a_device_from_before_gets_everything(self, reader: Reader) -> None:
        notes = self.deleted(reader)
        forget(NOON + DAYS + timedelta(seconds=1))
        answer = reader.send(cursor=2)
        assert answer["full"]
        assert [one["id"] for one in answer["changes"]] == [notes[1]["id"]]
        assert not reader.send(cursor=3)["full"]

    def test_somebody_elses_devices_need_nothing(self, reader: Reader) -> None:
        other = reader_of(Client(), reader.edition)
        self.deleted(other)
        self.deleted(reader)
        Note.objects.filter(user=reader.person).update(deleted_at=None)
        forget(NOON + DAYS + timedelta(seconds=1))
        assert not reader.send(cursor=2)["full"]

    def test_one_that_was_brought_back_stays(self, reader: Reader) -> None:
        notes = self.deleted(reader)
        reader.send(reader.change(notes[0], deleted=[False, stamp(6)]))
        forget(NOON + 2 * DAYS)
        assert Note.objects.count() == 2


class TestDevices:
    def seen(self, edition: Edition, at: datetime, reader: Any) -> Device:
        place = make_place(reader, edition, at=at)
        Device.objects.filter(pk=place.device_id).update(seen_at=at)
        return place.device

    def test_go_when_nobody_uses_them_but_a_last_place_stays(self) -> None:
        reader, edition = make_reader(), make_published_edition()
        old, older = (self.seen(edition, NOON - DAYS - timedelta(days=n), reader) for n in (1, 2))
        Device.objects.create(user=reader, key=str(uuid4()), kind="browser", seen_at=NOON - 2 * DAYS)
        forget(NOON)
        assert Device.objects.get() == old
        assert LastPlace.objects.get().device == old
        self.seen(edition, NOON, reader)
        forget(clock.now())
        assert Device.objects.get().seen_at == NOON
        assert older.pk is not None
