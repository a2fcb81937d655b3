"""Own books on devices: the personal OPDS shelf, and KOReader's places by the digest of the original file."""

from __future__ import annotations

import pytest

from common import clock
from storefront.devices.kosync.messages import Push
from storefront.devices.models import Scope
from storefront.devices.selectors import shelf
from storefront.devices.services import app_passwords, synced_places
from storefront.library.services.file_digests import partial_md5
from storefront.reading.models import LastPlace
from storefront.reading.selectors import note_exports
from storefront.shelf.services import choices
from tests.factories.accounts import make_member
from tests.factories.own_books import add_own_book, convert, epub, make_own_book
from tests.factories.reading import make_note
from tests.storefront.devices.clients import KOReader, entries

pytestmark = pytest.mark.django_db


def test_stands_on_the_personal_shelf_of_devices(owner):
    own = make_own_book(owner)
    (book,) = shelf.shelf_of(owner)
    assert (book.title, book.byline) == ("Zanzibar Moth Ledger", "Quill Marrow")
    assert [file.public_id for file in book.files] == [own.edition.job.artifacts.get(kind="epub").public_id]


def test_has_its_cover_there_behind_the_password_of_its_owner(owner):
    own = make_own_book(owner)
    at_home = KOReader(("kobo", _password(owner)))
    (book,) = entries(at_home.feed("/opds/v2/shelf"))
    href = next(image["href"] for image in book["images"])
    assert href.endswith(f"/opds/covers/{own.work.public_id}.jpg")
    cover = at_home.fetch(href)
    assert (cover["Content-Type"], cover.content[:2]) == ("image/jpeg", b"\xff\xd8")
    assert "private" in cover["Cache-Control"]
    assert KOReader().fetch(href).status_code == 401
    assert KOReader(("kobo", _password(make_member()))).fetch(href).status_code == 404


def test_is_synced_while_it_is_off_the_shelf(owner):
    own = make_own_book(owner)
    choices.set_hidden(actor=owner, work_id=own.work.public_id, is_hidden=True, at=clock.now())
    told = Push(partial_md5(epub()), "nowhere", 0.5, "Kobo", "K1")
    synced_places.push(actor=owner, push=told, address=None, at=clock.now())
    assert shelf.shelf_of(owner) == []
    assert LastPlace.objects.filter(device__user=owner, work=own.work).exists()


def _password(person):
    return app_passwords.make(actor=person, name="kobo", scopes=Scope.values, address=None, at=clock.now()).text


def test_koreader_moves_the_place_by_the_paragraph(owner):
    own = convert(add_own_book(owner))
    told = Push(partial_md5(epub()), "/body/DocFragment[1]/body/p[2]/text().0", 0.5, "Kobo", "K1")
    synced_places.push(actor=owner, push=told, address=None, at=clock.now())
    place = LastPlace.objects.get(device__user=owner, work=own.work)
    assert place.block == 2


def test_exported_notes_name_the_author_and_no_page_of_the_shop(owner):
    own = make_own_book(owner)
    make_note(owner, own.edition, "Rain fell")
    (found,) = note_exports.exported([owner])
    assert found.book.authors == ("Quill Marrow",)
    assert found.book.url.endswith(f"/read/{own.work.slug}/")
