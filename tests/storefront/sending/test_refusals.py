"""Refusals: reports of mail servers, Amazon's own emails, and the mailbox that they are read from."""

from __future__ import annotations

import mailbox as mailboxes
import socketserver
import threading
from email.message import EmailMessage

import pytest
from django.core import mail

from common import clock
from storefront.sending import mailbox
from storefront.sending.models import Delivery, DeliveryState
from storefront.sending.services import deliveries, refusals
from storefront.sending.tasks import read_refusals
from tests.factories.accounts import make_member
from tests.factories.buying import buy
from tests.factories.sending import make_confirmed_device

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("postman")]


@pytest.fixture
def sent(book) -> Delivery:
    """A book that was sent to a Kindle."""
    member = make_member()
    buy(member, book)
    device = make_confirmed_device(member)
    delivery = deliveries.send_book(
        actor=member, device_id=device.public_id, work_id=book.work.public_id, token=None, at=clock.now()
    )
    deliveries.mail_document(delivery_id=delivery.pk, at=clock.now())
    mail.outbox.clear()
    delivery.refresh_from_db()
    return delivery


def report(message_id: str, *, action: str = "failed", full: bool = False) -> bytes:
    """A delivery status notification as mail servers write it (RFC 3464)."""
    return f"""\
From: MAILER-DAEMON@mx.example.net
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="part"

--part
Content-Type: text/plain

I could not deliver your message.
--part
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.net

Final-Recipient: rfc822; kobold@kindle.com
Action: {action}
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 no such user

--part
Content-Type: {"message/rfc822" if full else "text/rfc822-headers"}

Message-ID: {message_id}
Subject: The Lighthouse

Hello
--part--
""".encode()


def from_amazon(text: str, *, sender: str = "Amazon.com <do-not-reply@amazon.com>") -> bytes:
    message = EmailMessage()
    message["From"], message["Subject"] = sender, "There was a problem with the document(s) you sent to Kindle"
    message.set_content(text)
    return message.as_bytes()


def note(content: bytes) -> Delivery | None:
    found: list[Delivery | None] = []
    mailbox._handled(content, lambda message: found.append(refusals.note(message, at=clock.now())))
    return found[0]


class TestReports:
    @pytest.mark.parametrize("full", [False, True])
    def test_name_the_email_by_its_id(self, sent, full):
        assert note(report(sent.message_id, full=full)) == sent
        sent.refresh_from_db()
        assert (sent.state, sent.refusal) == (DeliveryState.REFUSED, "550 5.1.1 no such user")

    def test_tell_the_owner_once(self, sent, django_capture_on_commit_callbacks):
        with django_capture_on_commit_callbacks(execute=True):
            note(report(sent.message_id))
            note(report(sent.message_id))
        (told,) = mail.outbox
        assert told.to == [sent.device.owner.email]
        assert "approved senders" in told.body

    def test_of_a_delay_are_no_refusal(self, sent):
        assert note(report(sent.message_id, action="delayed")) is None

    def test_of_other_emails_are_passed_over(self, sent):
        assert note(report("<other@example.org>")) is None
        assert note(report("")) is None


class TestAmazon:
    def test_names_the_file(self, sent):
        assert note(from_amazon(f"The following document could not be delivered: {sent.file_name}")) == sent

    def test_only_amazon_does(self, sent):
        text = f"could not be delivered: {sent.file_name}"
        assert note(from_amazon(text, sender="x@notamazon.com")) is None
        assert note(from_amazon(text, sender="x@amazon.com.evil.example")) is None

    def test_two_that_it_may_be_are_left_alone(self, sent):
        sent.pk, sent.public_id = None, "dlv_other"
        sent.save(force_insert=True)
        assert note(from_amazon(sent.file_name)) is None


class TestMailbox:
    def test_a_folder_is_emptied_and_what_cannot_be_read_stays(self, sent, tmp_path, settings):
        box = mailboxes.Maildir(tmp_path / "returns")
        box.add(report(sent.message_id))
        box.add(b"\xff\xfe\x00 not an email")
        settings.RETURNS_MAILBOX = f"maildir:{tmp_path / 'returns'}"
        read_refusals()
        sent.refresh_from_db()
        assert sent.state == DeliveryState.REFUSED
        assert len(mailboxes.Maildir(tmp_path / "returns")) == 0

    def test_one_that_fails_does_not_stop_the_others_and_is_kept(self, tmp_path):
        box = mailboxes.Maildir(tmp_path / "returns")
        for _ in range(2):
            box.add(b"Subject: x\n\n")
        seen = []

        def handle(message):
            seen.append(message)
            if len(seen) == 1:
                raise ValueError

        assert mailbox.read(f"maildir:{tmp_path / 'returns'}", handle) == 2
        assert len(mailboxes.Maildir(tmp_path / "returns")) == 1

    def test_a_server_is_read_by_imap(self, sent):
        with _Server(report(sent.message_id)) as server:
            count = mailbox.read(
                f"imap://shop:p%40ss@127.0.0.1:{server.port}/INBOX",
                lambda message: refusals.note(message, at=clock.now()) and None,
            )
        assert count == 1
        assert server.deleted == ["7"]
        assert 'LOGIN shop "p@ss"' in server.said
        sent.refresh_from_db()
        assert sent.state == DeliveryState.REFUSED

    def test_other_addresses_say_what_is_right(self):
        with pytest.raises(ValueError, match="imaps:"):
            mailbox.read("pop3://x", lambda message: None)


class _Server:
    """An IMAP server with one email, as far as our client asks (RFC 3501)."""

    def __init__(self, content: bytes) -> None:
        self.content, self.deleted, self.said = content, [], ""
        outer = self

        class Handler(socketserver.StreamRequestHandler):
            def handle(self) -> None:
                self.wfile.write(b"* OK ready\r\n")
                for line in self.rfile:
                    tag, _space, command = line.decode().strip().partition(" ")
                    outer.said += command + "\n"
                    self.wfile.write(outer.answer(command) + f"{tag} OK done\r\n".encode())
                    if command == "LOGOUT":
                        return

        self._server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler)
        self.port = self._server.server_address[1]

    def answer(self, command: str) -> bytes:
        if command == "CAPABILITY":
            return b"* CAPABILITY IMAP4rev1\r\n"
        if command.startswith("SELECT"):
            return b"* 1 EXISTS\r\n"
        if command.startswith("UID SEARCH"):
            return b"* SEARCH 7\r\n"
        if command.startswith("UID FETCH 7"):
            return b"* 1 FETCH (UID 7 BODY[] {%d}\r\n%s)\r\n" % (len(self.content), self.content)
        if command.startswith("UID STORE"):
            self.deleted.append(command.split()[2])
        return b""

    def __enter__(self) -> _Server:
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *args: object) -> None:
        self._server.shutdown()
        self._server.server_close()
