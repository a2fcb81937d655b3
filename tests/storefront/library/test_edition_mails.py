"""Emails to buyers about a new edition: once, at most one a day for each name, never to who has unsubscribed."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from django.urls import reverse

from common import clock
from common.errors import NotFound
from publishing import hooks
from publishing.models import Contributor, EditionState
from storefront.catalogue.services import listings
from storefront.library.models import EditionMailing, EditionMailStop, EditionNotice
from storefront.library.services import edition_mails, reader_emails
from tests.factories.accounts import make_author, make_reader
from tests.factories.buying import add_edition, buy, make_book
from tests.factories.guests import ADDRESS, buy_as_guest

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("postman")]


@pytest.fixture
def messages(monkeypatch) -> list[tuple[str, dict[str, int]]]:
    """What workers were woken for; nobody runs it."""
    sent: list[tuple[str, dict[str, int]]] = []
    monkeypatch.setattr("common.jobs.enqueue", lambda name, **ids: sent.append((name, ids)))
    return sent


@pytest.fixture
def owned(reader):
    """A book that the reader bought."""
    edition = make_book(title="The Salt Road")
    buy(reader, edition)
    mail.outbox.clear()
    return edition


def next_edition(edition, *, wants_mail=True, revision=0, notes="A new ending."):
    """The work's next edition, as publishing announces it."""
    later = add_edition(edition.work)
    later.wants_mail, later.revision, later.notes = wants_mail, revision, notes
    later.save()
    listings.refresh_listing(later)
    hooks.notify_listed(later)
    return later


def mailing_of(edition):
    return EditionMailing.objects.filter(edition=edition).first()


def send_all(mailing, at=None):
    """Do what workers do."""
    edition_mails.start(mailing_id=mailing.pk, at=at or clock.now())
    return [edition_mails.mail(notice_id=notice.pk) for notice in EditionNotice.objects.order_by("pk")]


class TestPlan:
    def test_an_edition_whose_author_wants_it_is_mailed_today(self, owned, messages):
        mailing = mailing_of(next_edition(owned))
        assert (mailing.day, mailing.name) == (clock.now().date(), owned.work.owner.display_name)
        assert ("library.start_edition_mail", {"mailing_id": mailing.pk}) in messages

    @pytest.mark.parametrize("facts", [{"wants_mail": False}, {"revision": 1}])
    def test_corrections_and_quiet_editions_are_not(self, owned, messages, facts):
        assert mailing_of(next_edition(owned, **facts)) is None

    def test_a_change_of_the_price_later_mails_nobody_again(self, owned, messages):
        later = next_edition(owned)
        hooks.notify_listed(later)
        assert EditionMailing.objects.count() == 1

    def test_a_second_work_of_the_name_waits_for_the_next_day(self, owned, messages):
        other = make_book(owner=owned.work.owner)
        first, second = mailing_of(next_edition(owned)), mailing_of(next_edition(other))
        assert second.day - first.day == timedelta(days=1)
        assert ("library.start_edition_mail", {"mailing_id": second.pk}) not in messages
        third = make_book(owner=owned.work.owner)
        assert edition_mails.first_free_day(third.work, first.day) - first.day == timedelta(days=2)

    def test_another_name_of_the_same_author_does_not_wait(self, owned, messages):
        other = make_book(owner=owned.work.owner)
        Contributor.objects.filter(work=other.work).update(name="Jonas Weir", is_on_page=False)
        first, second = mailing_of(next_edition(owned)), mailing_of(next_edition(other))
        assert (second.day, second.name) == (first.day, "Jonas Weir")

    def test_the_database_refuses_two_a_day(self, owned, messages):
        mailing = mailing_of(next_edition(owned))
        other = add_edition(make_book(owner=owned.work.owner).work)
        with pytest.raises(IntegrityError), transaction.atomic():
            EditionMailing.objects.create(
                edition=other, owner=mailing.owner, name=mailing.name, day=mailing.day, made_at=clock.now()
            )


class TestSend:
    def test_reaches_the_buyer_once(self, owned, reader, messages):
        later = next_edition(owned)
        mailing = mailing_of(later)
        assert send_all(mailing) == [True]
        assert send_all(mailing) == [False], "safe to run twice"
        (sent,) = mail.outbox
        assert sent.to == [reader.email]
        assert sent.subject == "New edition: “The Salt Road”"
        assert "Edition 2 of “The Salt Road”" in sent.body
        assert "A new ending." in sent.body
        assert reverse("pages:book-changes", args=[later.work.slug]) in sent.body

    def test_can_be_unsubscribed_from_with_one_click(self, owned, reader, messages):
        later = next_edition(owned)
        send_all(mailing_of(later))
        headers = mail.outbox[0].extra_headers
        assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        link = edition_mails.unsubscribe_link(user=reader, edition=later)
        assert headers["List-Unsubscribe"] == f"<{link}>"
        assert link in mail.outbox[0].body

    def test_speaks_the_language_of_the_reader(self, owned, reader, messages):
        reader.language = "de"
        reader.save()
        send_all(mailing_of(next_edition(owned)))
        assert mail.outbox[0].subject == "Neue Ausgabe: „The Salt Road“"

    def test_a_guest_is_mailed_where_they_bought(self, book, messages):
        buy_as_guest(book)
        mail.outbox.clear()
        assert send_all(mailing_of(next_edition(book))) == [True]
        assert mail.outbox[0].to == [ADDRESS.lower()]

    @pytest.mark.parametrize("why", ["closed", "refunded", "never_bought"])
    def test_nobody_else_is(self, owned, reader, messages, why):
        if why == "closed":
            reader.is_active = False
            reader.save()
        elif why == "refunded":
            reader.entitlements.update(ended_at=clock.now())
        else:
            reader.entitlements.all().delete()
        assert send_all(mailing_of(next_edition(owned))) == []
        assert mail.outbox == []

    def test_who_gives_the_book_back_between_is_not(self, owned, reader, messages):
        mailing = mailing_of(next_edition(owned))
        edition_mails.start(mailing_id=mailing.pk, at=clock.now())
        reader.entitlements.update(ended_at=clock.now())
        assert send_all(mailing) == [False]
        assert mail.outbox == []

    def test_waits_for_its_day(self, owned, messages):
        next_edition(make_book(owner=owned.work.owner))
        mailing = mailing_of(next_edition(owned))
        assert send_all(mailing) == []
        assert send_all(mailing, clock.now() + timedelta(days=1)) == [True]

    @pytest.mark.parametrize("what", ["withdrawn", "followed"])
    def test_is_not_about_an_edition_that_nobody_gets(self, owned, messages, what):
        later = next_edition(owned)
        if what == "withdrawn":
            later.work.editions.update(state=EditionState.WITHDRAWN)
        else:
            add_edition(later.work)
        assert send_all(mailing_of(later)) == []
        assert mailing_of(later).noted_at is not None

    def test_a_correction_of_it_between_changes_nothing(self, owned, messages):
        later = next_edition(owned)
        corrected = add_edition(later.work)
        corrected.number, corrected.revision = later.number, 1
        corrected.save()
        assert send_all(mailing_of(later)) == [True]

    def test_a_mail_server_that_refuses_is_asked_again(self, owned, messages, monkeypatch):
        mailing = mailing_of(next_edition(owned))
        edition_mails.start(mailing_id=mailing.pk, at=clock.now())
        notice = EditionNotice.objects.get()

        def refuse(*args, **kwargs):
            raise OSError("refused")

        with monkeypatch.context() as patch:
            patch.setattr(edition_mails, "send", refuse)
            with pytest.raises(OSError, match="refused"):
                edition_mails.mail(notice_id=notice.pk)
        notice.refresh_from_db()
        assert notice.mailed_at is None
        assert edition_mails.mail(notice_id=notice.pk) is True

    def test_lost_messages_are_sent_again(self, owned, messages):
        mailing = mailing_of(next_edition(owned))
        later = clock.now() + timedelta(minutes=5)
        messages.clear()
        edition_mails.enqueue_stuck(at=clock.now())
        assert messages == []
        edition_mails.enqueue_stuck(at=later)
        assert messages == [("library.start_edition_mail", {"mailing_id": mailing.pk})]
        edition_mails.start(mailing_id=mailing.pk, at=clock.now())
        messages.clear()
        edition_mails.enqueue_stuck(at=later)
        assert messages == [("library.mail_edition", {"notice_id": EditionNotice.objects.get().pk})]


class TestStop:
    def stop(self, reader, edition):
        subscription = edition_mails.parse_token(self.token(reader, edition))
        edition_mails.unsubscribe(subscription, at=clock.now())
        return subscription

    def token(self, reader, edition):
        return urlsplit(edition_mails.unsubscribe_link(user=reader, edition=edition)).path.rstrip("/").split("/")[-1]

    def test_holds_for_every_work_of_the_name(self, owned, reader, messages):
        other = make_book(owner=owned.work.owner)
        buy(reader, other)
        mail.outbox.clear()
        self.stop(reader, next_edition(owned))
        self.stop(reader, owned.work.editions.on_sale().get())
        assert EditionMailStop.objects.count() == 1
        later = clock.now() + timedelta(days=1)
        assert send_all(mailing_of(next_edition(other)), later) == []
        assert mail.outbox == []

    def test_between_notice_and_email(self, owned, reader, messages):
        later = next_edition(owned)
        edition_mails.start(mailing_id=mailing_of(later).pk, at=clock.now())
        self.stop(reader, later)
        assert send_all(mailing_of(later)) == [False]

    def test_outlasts_another_spelling_of_the_name(self, owned, reader, messages):
        self.stop(reader, next_edition(owned))
        Contributor.objects.filter(work=owned.work).update(name="A. Nother Spelling")
        assert not edition_mails.readers_to_mail(owned.work).exists()

    def test_says_nothing_of_another_name_of_the_author(self, owned, reader, messages):
        other = make_book(owner=owned.work.owner)
        Contributor.objects.filter(work=other.work).update(name="Jonas Weir", is_on_page=False)
        buy(reader, other)
        self.stop(reader, next_edition(owned))
        assert list(edition_mails.readers_to_mail(other.work)) == [reader]

    def test_can_be_taken_back(self, owned, reader, messages):
        subscription = self.stop(reader, next_edition(owned))
        edition_mails.subscribe_again(subscription)
        edition_mails.subscribe_again(subscription)
        assert list(edition_mails.readers_to_mail(owned.work)) == [reader]

    def test_goes_with_who_claims_a_guests_purchases(self, book, reader, messages):
        guest = buy_as_guest(book).buyer
        self.stop(guest, next_edition(book))
        edition_mails.move_to_person(guest, reader)
        edition_mails.move_to_person(guest, reader)
        assert list(EditionMailStop.objects.values_list("user", flat=True)) == [reader.pk]

    def test_works_without_a_log_in_by_post_alone(self, client, owned, reader, messages):
        address = urlsplit(edition_mails.unsubscribe_link(user=reader, edition=next_edition(owned))).path
        client.handler.enforce_csrf_checks = True
        assert "Stop emails about new editions by" in client.get(address).content.decode()
        assert not EditionMailStop.objects.exists(), "a link checker opens it, too"
        for _ in range(2):
            assert client.post(address, {"List-Unsubscribe": "One-Click"}).status_code == 200
        assert EditionMailStop.objects.count() == 1
        assert "You get these emails again" in client.post(address, {"again": "1"}).content.decode()
        assert not EditionMailStop.objects.exists()

    @pytest.mark.parametrize("token", ["unknown", "usr_1.edn_1", "usr_1.edn_1:forged"])
    def test_refuses_a_forged_link(self, client, owned, token):
        with pytest.raises(NotFound):
            edition_mails.parse_token(token)
        assert client.post(reverse("library:edition-mail-stop", args=[token])).status_code == 404

    def test_a_link_for_another_kind_of_email_is_none_for_this(self, owned, reader):
        link = reader_emails.unsubscribe_link(user=reader, kind=reader_emails.MailKind.PRICES)
        with pytest.raises(NotFound):
            edition_mails.parse_token(urlsplit(link).path.rstrip("/").split("/")[-1])


class TestPreview:
    def test_is_the_owners(self, client, owned, reader):
        draft = add_edition(owned.work)
        draft.state = EditionState.DRAFT
        draft.save()
        address = reverse("library:edition-mail", args=[owned.work.public_id])
        assert client.get(address).status_code == 302
        for stranger in (reader, make_author(), make_reader()):
            client.force_login(stranger)
            assert client.get(address).status_code == 404
        client.force_login(owned.work.owner)
        page = client.get(address).content.decode()
        assert "1 reader gets this email" in page
        assert "New edition: “The Salt Road”" in page
        assert mail.outbox == []
        assert not EditionMailing.objects.exists()

    def test_without_a_draft_leads_back(self, client, owned):
        client.force_login(owned.work.owner)
        address = reverse("library:edition-mail", args=[owned.work.public_id])
        assert client.get(address).url == reverse("work-publish", args=[owned.work.public_id])
