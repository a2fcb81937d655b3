"""The emails of advance copies: to whom, once, and how they stop; and who is reminded when."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.core import mail
from django.test import Client

from common import clock
from storefront.advance_copies.models import Copy, Offer
from storefront.advance_copies.services import copies, emails, invitations, offers, reminders, requests
from storefront.catalogue.services import listings
from storefront.community.services import reviews
from tests.factories.accounts import make_reader
from tests.factories.advance_copies import invite, make_copy, make_draft, make_offer, make_request
from tests.storefront.advance_copies.conftest import publish

pytestmark = pytest.mark.django_db


@pytest.fixture
def copy(work, reader) -> Copy:
    return make_copy(work, reader)


def remind(copy: Copy, at) -> bool:
    with clock.frozen(at):
        return emails.mail_reminder(copy_id=copy.pk, at=at)


def near_the_end(copy: Copy):
    return clock.end_of_day(copy.last_day) - timedelta(days=5)


class TestInvitation:
    def test_says_what_until_when_and_how_to_stop(self, work, offer, django_capture_on_commit_callbacks):
        Offer.objects.update(note="Bees ahead.")
        with django_capture_on_commit_callbacks(execute=True):
            invite(work, "ann@example.org")
        [sent] = mail.outbox
        assert sent.to == ["ann@example.org"]
        assert sent.subject == "Ada Quill offers you an advance copy of “The Swarm”"
        for words in ("Bees ahead.", "/advance-copies/invitation/", "/advance-copies/never/", "You owe none"):
            assert words in sent.body
        assert sent.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        copy = Copy.objects.get()
        assert not emails.mail_invitation(copy_id=copy.pk, at=clock.now()), "once"

    def test_names_no_one_behind_a_pen_name(self, work, offer, django_capture_on_commit_callbacks):
        work.contributors.update(name="Night Owl")
        with django_capture_on_commit_callbacks(execute=True):
            invite(work, "ann@example.org")
        [sent] = mail.outbox
        assert "Night Owl" in sent.subject
        assert "Ada Quill" not in sent.subject + sent.body

    def test_is_not_sent_once_no_more_copies_are_given(self, work, author, offer):
        [copy] = invite(work)
        offers.close(actor=author, work=work)
        assert not emails.mail_invitation(copy_id=copy.pk, at=clock.now())

    def test_one_click_stops_all_of_the_author_and_can_be_taken_back(self, work, offer):
        [copy] = invite(work)
        emails.mail_invitation(copy_id=copy.pk, at=clock.now())
        link = urlsplit(mail.outbox[0].extra_headers["List-Unsubscribe"].strip("<>")).path
        visitor = Client(enforce_csrf_checks=True)
        assert "No more invitations from this author?" in visitor.get(link).content.decode()
        assert Copy.objects.get().state == "invited", "looking changes nothing"
        assert visitor.post(link, {"List-Unsubscribe": "One-Click"}).status_code == 200
        assert not invite(work, "ann@example.org")
        assert visitor.post(link, {"again": "1"}).status_code == 200
        assert invite(work, "ann@example.org")
        assert visitor.get(link.replace("usr_", "usr_0")).status_code == 404


class TestDecision:
    @pytest.mark.parametrize(("act", "words"), [("grant", "gives you the advance copy"), ("refuse", "cannot give you")])
    def test_on_a_request(self, work, author, reader, act, words):
        make_offer(work, takes_requests=True)
        copy = make_request(work, reader)
        getattr(requests, act)(actor=author, copy=copy, at=clock.now())
        assert emails.mail_decision(copy_id=copy.pk, at=clock.now())
        assert not emails.mail_decision(copy_id=copy.pk, at=clock.now()), "once"
        [sent] = mail.outbox
        assert sent.to == [reader.email]
        assert words in sent.body

    def test_a_withdrawn_copy_with_the_authors_words(self, work, author, copy):
        copies.withdraw(actor=author, copy=copy, words="The text has changed a lot.", at=clock.now())
        assert emails.mail_decision(copy_id=copy.pk, at=clock.now())
        assert "The text has changed a lot." in mail.outbox[0].body

    def test_nobody_is_told_of_what_they_never_had_or_what_was_over(self, work, author, copy):
        [waiting] = invite(work, "b@example.org")
        copies.withdraw(actor=author, copy=waiting, words="", at=clock.now())
        late = clock.end_of_day(copy.last_day) + timedelta(days=1)
        copies.withdraw(actor=author, copy=copy, words="", at=late)
        for one in (waiting, copy):
            assert not emails.mail_decision(copy_id=one.pk, at=late)

    def test_accepting_an_invitation_mails_nobody(self, copy):
        assert not emails.mail_decision(copy_id=copy.pk, at=clock.now())


class TestReminder:
    def test_once_when_the_book_comes_out(self, work, copy):
        assert not remind(copy, clock.now())
        at = clock.now() + timedelta(days=10)
        listings.refresh_listing(publish(work.editions.get(), at))
        assert remind(copy, at + timedelta(hours=1))
        assert not remind(copy, at + timedelta(hours=2))
        assert not remind(copy, near_the_end(copy)), "not a second time before the end"
        [sent] = mail.outbox
        assert "The book is on sale" in sent.body
        assert "You owe none" in sent.body

    def test_or_before_the_end(self, copy):
        assert not remind(copy, clock.now() + timedelta(days=10))
        assert remind(copy, near_the_end(copy))
        assert "Once the book is on sale" in mail.outbox[0].body

    @pytest.mark.parametrize(
        "change",
        [
            lambda copy: copies.choose_reminder(copy=copy, is_wanted=False),
            lambda copy: Offer.objects.update(wants_reviews=False),
            lambda copy: Offer.objects.update(is_hidden=True),
            lambda copy: type(copy.reader).objects.filter(pk=copy.reader_id).update(is_active=False),
            lambda copy: copies.withdraw(actor=copy.offer.work.owner, copy=copy, words="", at=clock.now()),
        ],
    )
    def test_not_who_does_not_want_it_or_has_no_copy(self, copy, change):
        change(copy)
        assert not remind(copy, near_the_end(copy))

    def test_not_who_has_reviewed(self, work, copy, reader):
        listings.refresh_listing(publish(work.editions.get(), clock.now()))
        reviews.write_review(actor=reader, work=work, stars=4, title="", body="Good.", at=clock.now())
        assert not remind(copy, near_the_end(copy))

    def test_not_who_has_just_accepted_or_whose_copy_is_over(self, work, reader):
        copy = make_copy(work, reader, days=2)
        assert not remind(copy, clock.now())
        assert not remind(copy, clock.end_of_day(copy.last_day) + timedelta(days=1))

    def test_one_click_stops_it(self, copy):
        emails.mail_reminder(copy_id=copy.pk, at=near_the_end(copy))
        link = urlsplit(mail.outbox[0].extra_headers["List-Unsubscribe"].strip("<>")).path
        visitor = Client(enforce_csrf_checks=True)
        visitor.get(link)
        assert Copy.objects.get().wants_reminder
        visitor.post(link, {"List-Unsubscribe": "One-Click"})
        assert not Copy.objects.get().wants_reminder
        visitor.post(link, {"again": "1"})
        assert Copy.objects.get().wants_reminder
        assert visitor.get(link.replace("adc_", "adc_0")).status_code == 404

    def test_the_task_finds_who_is_due_and_what_was_lost(self, work, author, copy, django_capture_on_commit_callbacks):
        other = make_draft(author).work
        make_offer(other, takes_requests=True)
        invite(other, "lost@example.org")
        requests.refuse(actor=author, copy=make_request(other, make_reader()), at=clock.now())
        for at, count in ((clock.now(), 0), (clock.now() + timedelta(minutes=6), 2), (near_the_end(copy), 1)):
            mail.outbox.clear()
            with clock.frozen(at), django_capture_on_commit_callbacks(execute=True):
                reminders.run_due(at=at)
            assert len(mail.outbox) == count
        mail.outbox.clear()
        with django_capture_on_commit_callbacks(execute=True):
            reminders.run_due(at=near_the_end(copy))
        assert mail.outbox == []

    def test_link_opened_is_remembered_once(self, work, offer):
        [copy] = invite(work)
        first = clock.now()
        invitations.note_opened(copy=copy, at=first)
        invitations.note_opened(copy=copy, at=first + timedelta(days=1))
        assert Copy.objects.get().opened_at == first
