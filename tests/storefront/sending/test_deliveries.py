"""Books by email: which file goes where, once, and only while the person may have it."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core import mail

from accounts.models import User
from common import clock
from common.errors import NotFound
from storefront.checkout.models import AccessKind, AccessRecord
from storefront.checkout.refunds import services as refunds
from storefront.sending import rules
from storefront.sending.errors import NoFile, NotConfirmed
from storefront.sending.models import Delivery, DeliveryState
from storefront.sending.services import deliveries, devices
from tests.factories.accounts import make_member
from tests.factories.buying import buy, make_book
from tests.factories.conversion import make_artifact
from tests.factories.sending import make_confirmed_device, make_device

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("postman")]


@pytest.fixture
def member(db):
    return make_member()


def send(member: User, device, edition, *, token=None) -> Delivery:
    return deliveries.send_book(
        actor=member, device_id=device.public_id, work_id=edition.work.public_id, token=token, at=clock.now()
    )


class TestSend:
    def test_a_kindle_gets_the_file_made_for_it(self, member, book, django_capture_on_commit_callbacks):
        make_artifact(book.job, kind="kindle", content=b"for a kindle")
        buy(member, book)
        device = make_confirmed_device(member)
        mail.outbox.clear()
        with django_capture_on_commit_callbacks(execute=True):
            delivery = send(member, device, book)
        (sent,) = mail.outbox
        assert sent.to == ["kobold@kindle.com"]
        assert [(one.filename, one.content) for one in sent.attachments] == [
            ("The Lighthouse (Kindle).epub", b"for a kindle")
        ]
        delivery.refresh_from_db()
        assert delivery.state == DeliveryState.SENT
        assert delivery.message_id == sent.extra_headers["Message-ID"]
        assert AccessRecord.objects.get().kind == AccessKind.DOWNLOAD

    def test_others_get_the_plain_epub(self, member, book, django_capture_on_commit_callbacks):
        make_artifact(book.job, kind="kindle", content=b"for a kindle")
        buy(member, book)
        device = make_confirmed_device(member, address="me@pbsync.com")
        with django_capture_on_commit_callbacks(execute=True):
            send(member, device, book)
        assert mail.outbox[-1].attachments[0].filename == "The Lighthouse.epub"

    def test_a_form_sent_twice_sends_once(self, member, book, django_capture_on_commit_callbacks):
        buy(member, book)
        device, token = make_confirmed_device(member, address=member.email), uuid4()
        with django_capture_on_commit_callbacks(execute=True):
            send(member, device, book, token=token)
            send(member, device, book, token=token)
        assert len([one for one in mail.outbox if one.attachments]) == 1

    def test_a_task_run_twice_sends_once(self, member, book):
        buy(member, book)
        delivery = send(member, make_confirmed_device(member, address=member.email), book)
        assert deliveries.mail_document(delivery_id=delivery.pk, at=clock.now())
        assert not deliveries.mail_document(delivery_id=delivery.pk, at=clock.now())

    def test_not_to_a_device_that_is_not_confirmed(self, member, book):
        buy(member, book)
        with pytest.raises(NotConfirmed):
            send(member, make_device(member), book)

    def test_not_to_a_foreign_device(self, member, book):
        buy(member, book)
        with pytest.raises(NotFound):
            send(member, make_confirmed_device(make_member()), book)

    def test_not_what_one_does_not_have(self, member, book):
        with pytest.raises(NotFound):
            send(member, make_confirmed_device(member), book)

    def test_not_before_there_is_a_file(self, member, book):
        buy(member, book)
        book.job.artifacts.filter(kind__in=["epub", "kindle"]).delete()
        with pytest.raises(NoFile):
            send(member, make_confirmed_device(member), book)

    def test_not_after_a_refund(self, member, book):
        line = buy(member, book).lines.get()
        delivery = send(member, make_confirmed_device(member, address=member.email), book)
        mail.outbox.clear()
        refund = refunds.request_refund(actor=member, line=line, reason="", at=clock.now())
        refunds.send_refund(refund_id=refund.pk)
        assert not deliveries.mail_document(delivery_id=delivery.pk, at=clock.now())
        delivery.refresh_from_db()
        assert delivery.state == DeliveryState.ENDED
        assert not [one for one in mail.outbox if one.attachments]

    def test_a_large_book_goes_as_a_link_to_its_owner(self, member, book, monkeypatch):
        monkeypatch.setattr(rules, "MAX_ATTACHED_BYTES", 2)
        buy(member, book)
        device = make_confirmed_device(member)
        delivery = send(member, device, book)
        mail.outbox.clear()
        deliveries.mail_document(delivery_id=delivery.pk, at=clock.now())
        (sent,) = mail.outbox
        assert sent.to == [member.email]
        assert not sent.attachments
        assert f"/library/{book.work.public_id}/" in sent.body
        delivery.refresh_from_db()
        assert delivery.state == DeliveryState.LINKED


class TestMailServer:
    def test_one_that_refuses_is_asked_again(self, member, book, monkeypatch):
        buy(member, book)
        delivery = send(member, make_confirmed_device(member, address=member.email), book)

        def refuse(*args, **kwargs):
            raise ConnectionRefusedError

        with monkeypatch.context() as patched:
            patched.setattr("django.core.mail.EmailMultiAlternatives.send", refuse)
            with pytest.raises(ConnectionRefusedError):
                deliveries.mail_document(delivery_id=delivery.pk, at=clock.now())
        assert deliveries.mail_document(delivery_id=delivery.pk, at=clock.now())

    def test_a_lost_message_is_found_and_an_old_one_given_up(self, member, book, django_capture_on_commit_callbacks):
        buy(member, book)
        device = make_confirmed_device(member, address=member.email)
        lost, old = send(member, device, book), send(member, device, book)
        Delivery.objects.filter(pk=lost.pk).update(made_at=clock.now() - timedelta(minutes=5))
        Delivery.objects.filter(pk=old.pk).update(made_at=clock.now() - timedelta(days=3))
        with django_capture_on_commit_callbacks(execute=True):
            deliveries.retry_stuck(at=clock.now())
        assert Delivery.objects.get(pk=lost.pk).state == DeliveryState.SENT
        assert Delivery.objects.get(pk=old.pk).state == DeliveryState.ENDED


class TestPurchases:
    def test_are_sent_to_the_devices_that_get_them(self, member, book, django_capture_on_commit_callbacks):
        kindle, other = make_confirmed_device(member), make_confirmed_device(member, address=member.email)
        devices.set_purchases(actor=member, device_id=kindle.public_id, wanted=True)
        with django_capture_on_commit_callbacks(execute=True):
            buy(member, book)
        (delivery,) = Delivery.objects.exclude(work=None)
        assert (delivery.device, delivery.state) == (kindle, DeliveryState.SENT)
        assert not other.deliveries.exists()

    def test_free_books_too_and_nobody_elses(self, member, django_capture_on_commit_callbacks):
        device = make_confirmed_device(member)
        devices.set_purchases(actor=member, device_id=device.public_id, wanted=True)
        buy(make_member(), make_book(prices={"USD": 0}))
        buy(member, make_book(prices={"USD": 0}, title="Free"))
        assert [one.work.title for one in Delivery.objects.exclude(work=None)] == ["Free"]


class TestPage:
    def test_sends_once_however_often_the_form_is_sent(self, client, member, book):
        buy(member, book)
        device = make_confirmed_device(member, address=member.email)
        client.force_login(member)
        page = client.get(f"/library/{book.work.public_id}/send/")
        token = page.context["send_form"]["form_token"].value()
        for _ in range(2):
            answer = client.post(
                f"/library/{book.work.public_id}/send/device/", {"device": device.public_id, "form_token": token}
            )
            assert answer.status_code == 302
        assert Delivery.objects.count() == 1

    def test_is_for_those_who_have_the_book(self, client, book):
        client.force_login(make_member())
        assert client.get(f"/library/{book.work.public_id}/send/").status_code == 404
