"""Two requests of a device at once, on connections of their own."""

from __future__ import annotations

import pytest

from storefront.devices.kosync.messages import Push
from storefront.devices.models import SyncedPlace
from storefront.devices.services import synced_places
from storefront.library.models import DigestKind, FileDigest
from storefront.library.services import file_digests
from storefront.reading.models import Device, LastPlace
from tests.conftest import NOON
from tests.factories.accounts import make_reader
from tests.factories.buying import make_book
from tests.factories.reading import give
from tests.royalties.database import run_together
from tests.storefront.checkout.orders.test_races import failures

pytestmark = [pytest.mark.race, pytest.mark.usefixtures("racing_db")]


def test_the_first_place_in_a_book_twice_is_one() -> None:
    reader, book = make_reader(), make_book()
    give(reader, book)
    FileDigest.objects.create(artifact=book.job.artifacts.get(kind="epub"), kind=DigestKind.CONTENT, digest="d" * 32)
    sent = Push("d" * 32, "nowhere", 0.4, "Kobo", "1")

    def push() -> None:
        synced_places.push(actor=reader, push=sent, address=None, at=NOON)

    assert failures(run_together(push, push, push)) == []
    assert SyncedPlace.objects.count() == Device.objects.count() == LastPlace.objects.count() == 1


def test_a_file_handed_out_twice_has_one_digest() -> None:
    artifact = make_book().job.artifacts.get(kind="epub")

    def hand_out() -> None:
        file_digests.note_handed_out(artifact=artifact, names=("a.epub",))

    assert failures(run_together(hand_out, hand_out, hand_out)) == []
    assert FileDigest.objects.count() == 2
