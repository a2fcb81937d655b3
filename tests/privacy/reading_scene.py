"""What a person leaves by reading: places, notes, typos, settings, app passwords, and whether they are counted."""

from __future__ import annotations

from uuid import uuid4

from accounts.models import MailStop, User
from common import clock
from insight.completion.services import consents
from publishing.models import Edition
from storefront.checkout.models import Entitlement
from storefront.devices.kosync.messages import Push
from storefront.devices.models import Scope
from storefront.devices.services import app_passwords, shelf_versions, synced_places
from storefront.library.models import DigestKind, FileDigest, WatermarkedCopy
from storefront.reading.models import (
    Device,
    FurthestPlace,
    LastPlace,
    Note,
    NoteImport,
    ReaderSetting,
    SyncState,
    TypoReport,
)
from storefront.sending.models import Delivery, Screen
from storefront.sending.models import Device as SendingDevice
from storefront.shelf.models import BookChoice, CollectedBook, Collection, LibraryView, WishLink, YearGoal
from tests.factories.own_books import make_own_book


def leave_reading(person: User, book: Edition, *, name: str, words: str) -> None:
    """Their own book, which makers may read."""
    at = clock.now()
    device = Device.objects.create(user=person, key="d1", kind="browser", name=f"Firefox of {name}", seen_at=at)
    place = {"work": book.work, "edition": book, "block": 3, "share_bps": 4200, "at": at}
    LastPlace.objects.create(device=device, words=words, **place)
    FurthestPlace.objects.create(user=person, **place)
    Note.objects.create(
        user=person, uid=uuid4(), work=book.work, kind="highlight", made_at=at, edition=book, start_block=1,
        start_offset=0, end_block=1, end_offset=6, exact="Buzz.", body=words, cursor=1, changed_at=at,
    )  # fmt: skip
    TypoReport.objects.create(
        user=person, work=book.work, edition=book, block=1, start=0, end=4, exact="Buzz", replacement=words,
        remark=words, made_at=at,
    )  # fmt: skip
    consents.decide(reader=person, agrees=True, at=at)
    SyncState.objects.update_or_create(user=person, defaults={"cursor": 2})
    MailStop.objects.create(user=person, kind="review_reply", stopped_at=at)
    NoteImport.objects.create(user=person, file_name=words, work=book.work, asked_at=at)
    sent_to = SendingDevice.objects.create(owner=person, name=words, address="person@kindle.com", made_at=at)
    Delivery.objects.create(device=sent_to, work=book.work, file_name=words, refusal=words, made_at=at)
    Screen.objects.create(secret_sha256=name[:60], code="BCDFGH", opened_at=at, giver=person, work=book.work)
    make_own_book(person, words, author=words, name=f"{name}.epub")
    BookChoice.objects.create(user=person, work=book.work, status="reading", status_at=at, hidden_at=at)
    LibraryView.objects.create(user=person, is_list=True)
    collection = Collection.objects.create(user=person, name=words[:60], made_at=at)
    CollectedBook.objects.create(collection=collection, work=book.work, position=0, added_at=at)
    YearGoal.objects.create(user=person, year=2026, books=12)
    WishLink.objects.create(user=person, secret=name[:32], name=name[:60], made_at=at)
    ReaderSetting.objects.create(user=person, name="theme", value='"sepia"', stamp="1", cursor=2)
    app_passwords.make(actor=person, name=f"kobo of {name}"[:40], scopes=Scope.values, address=None, at=at)
    synced_places.push(actor=person, push=Push("d" * 32, "17", 0.5, f"Kobo of {name}"[:80], "1"), address=None, at=at)
    shelf_versions.version_of(user=person, digest="0" * 64, at=at)
    _leave_marked_copy(person, words)


def _leave_marked_copy(person: User, words: str) -> None:
    bought = Entitlement.objects.filter(user=person, line__isnull=False).first()
    assert bought is not None
    copy = WatermarkedCopy.objects.create(
        entitlement=bought, token="ab" * 32, version=1, made_at=clock.now(), shown_name=words[:150]
    )
    epub = bought.edition.job.artifacts.get(kind="epub")
    FileDigest.objects.create(artifact=epub, copy=copy, kind=DigestKind.CONTENT, digest="e" * 32)
