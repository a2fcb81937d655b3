"""Following authors: who is told of what, how often, and what the feed shows."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from accounts.models import User
from common import clock
from common.errors import NotFound
from publishing import services as publishing_services
from publishing.models import Contributor, Edition
from publishing.territories import Territory
from storefront.catalogue.services import listings
from storefront.library.models import Follow, FollowNotice, ListingCheck, NewBookMail, ReaderMail
from storefront.library.selectors import follows as follow_selectors
from storefront.library.services import follows, notifications, reader_emails, retry_stuck
from storefront.library.services.reader_emails import MailKind
from tests.factories.accounts import make_author, make_reader
from tests.factories.buying import add_edition, buy, make_book

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("postman")]


@pytest.fixture
def author():
    person = make_author()
    listings.refresh_listing(_older(make_book(owner=person, title="The First")))
    return person


@pytest.fixture
def follow(reader, author):
    return follows.follow(actor=reader, author_id=author.public_id, at=clock.now() - timedelta(hours=1))


def _older(edition: Edition) -> Edition:
    edition.published_at = clock.now() - timedelta(days=30)
    edition.save()
    return edition


def publish(author, title="The Second"):
    """A new book of the author's, as publishing announces it."""
    edition = make_book(owner=author, title=title)
    listings.refresh_listing(edition)
    notifications.edition_listed(edition)
    return edition


class TestFollow:
    def test_twice_is_once(self, reader, author, follow):
        again = follows.follow(actor=reader, author_id=author.public_id, at=clock.now())
        assert again == follow
        follows.unfollow(actor=reader, author_id=author.public_id)
        follows.unfollow(actor=reader, author_id=author.public_id)
        assert not Follow.objects.exists()

    def test_refuses_who_has_no_page_and_oneself(self, reader, author):
        for author_id in (make_reader().public_id, make_author().public_id, "usr_x"):
            with pytest.raises(NotFound):
                follows.follow(actor=reader, author_id=author_id, at=clock.now())
        with pytest.raises(NotFound):
            follows.follow(actor=author, author_id=author.public_id, at=clock.now())
        with pytest.raises(IntegrityError), transaction.atomic():
            Follow.objects.create(user=author, author=author, followed_at=clock.now())


class TestNewBooks:
    def test_a_new_book_is_mailed_at_once_and_once(
        self, reader, author, follow, mailoutbox, django_capture_on_commit_callbacks
    ):
        with django_capture_on_commit_callbacks(execute=True):
            edition = publish(author)
        with django_capture_on_commit_callbacks(execute=True):
            notifications.edition_listed(edition)
        (mail,) = mailoutbox
        assert mail.to == [reader.email]
        assert "The Second" in mail.subject
        link = reader_emails.unsubscribe_link(user=reader, kind=MailKind.NEW_BOOKS)
        assert mail.extra_headers["List-Unsubscribe"] == f"<{link}>"
        assert mail.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"

    def test_later_editions_and_older_books_are_not_told(
        self, author, follow, mailoutbox, django_capture_on_commit_callbacks
    ):
        first = Edition.objects.get(work__title="The First")
        with django_capture_on_commit_callbacks(execute=True):
            notifications.edition_listed(add_edition(first.work))
        assert mailoutbox == []

    def test_a_co_authors_followers_are_told_and_others_are_not(
        self, reader, author, follow, mailoutbox, django_capture_on_commit_callbacks
    ):
        edition = make_book(title="Together")
        Contributor.objects.create(work=edition.work, user=author, name="Co")
        make_reader()
        with django_capture_on_commit_callbacks(execute=True):
            listings.refresh_listing(edition)
            notifications.edition_listed(edition)
        assert [mail.to for mail in mailoutbox] == [[reader.email]]

    def test_who_follows_two_of_its_makers_is_told_once(self, reader, author, follow):
        other = make_author()
        listings.refresh_listing(_older(make_book(owner=other)))
        follows.follow(actor=reader, author_id=other.public_id, at=clock.now() - timedelta(hours=1))
        edition = make_book(owner=author, title="Together")
        Contributor.objects.create(work=edition.work, user=other, name="Co")
        follows.create_notices(work_id=edition.work_id, at=clock.now())
        assert FollowNotice.objects.filter(user=reader).count() == 1

    def test_who_wants_none_gets_none(self, reader, author, follow, mailoutbox, django_capture_on_commit_callbacks):
        follows.choose_mail(actor=reader, new_books=NewBookMail.NEVER, at=clock.now())
        with django_capture_on_commit_callbacks(execute=True):
            publish(author)
        assert mailoutbox == []
        assert not FollowNotice.objects.exists()

    def test_a_lost_mail_is_found_by_the_sweeper(self, author, follow, mailoutbox, django_capture_on_commit_callbacks):
        publish(author)
        ListingCheck.objects.update(asked_at=clock.now() - timedelta(minutes=2))
        with django_capture_on_commit_callbacks(execute=True):
            retry_stuck.retry_stuck()
        assert len(mailoutbox) == 1

    def test_a_change_during_the_look_stays_to_be_looked_at(self, author, follow, monkeypatch):
        edition = publish(author)

        def change_meanwhile(*, work_id, at):
            ListingCheck.objects.update(asked_at=at + timedelta(seconds=1))

        monkeypatch.setattr(notifications.follows, "create_notices", change_meanwhile)
        notifications.check_work(work_id=edition.work_id, at=clock.now())
        assert ListingCheck.objects.exists()


class TestWhereItIsSold:
    @pytest.fixture
    def publish_but_in_germany(self, author, django_capture_on_commit_callbacks):
        def published():
            edition = make_book(owner=author, title="The Second")
            publishing_services.set_territory(
                actor=author, work=edition.work, territory=Territory.of("except", ["DE"]), at=clock.now()
            )
            listings.refresh_listing(edition)
            with django_capture_on_commit_callbacks(execute=True):
                notifications.edition_listed(edition)
            return edition

        return published

    @pytest.mark.usefixtures("follow")
    @pytest.mark.parametrize(
        "known",  # told, bought in, mails
        [("", "", 1), ("DE", "", 0), ("FR", "", 1), ("", "DE", 0), ("", "FR", 1), ("FR", "DE", 1), ("DE", "FR", 0)],
    )
    def test_what_they_told_counts_and_else_where_they_bought_last(
        self, reader, publish_but_in_germany, mailoutbox, known
    ):
        told, bought_in, mails = known
        if bought_in:
            with clock.frozen(clock.now() - timedelta(days=2)):
                buy(reader, make_book(prices={"USD": 0}), country="US")
            buy(reader, make_book(prices={"USD": 0}), country=bought_in)
        User.objects.filter(pk=reader.pk).update(country=told)
        mailoutbox.clear()
        publish_but_in_germany()
        assert len([mail for mail in mailoutbox if "The Second" in mail.subject]) == mails
        assert FollowNotice.objects.count() == mails

    def test_is_looked_at_again_when_the_mail_is_sent(self, reader, author, follow, mailoutbox):
        edition = publish(author)
        follows.create_notices(work_id=edition.work_id, at=clock.now())
        User.objects.filter(pk=reader.pk).update(country="DE")
        publishing_services.set_territory(
            actor=author, work=edition.work, territory=Territory.of("only", ["US"]), at=clock.now()
        )
        reader_emails.mail_new_book(notice_id=FollowNotice.objects.get().pk)
        assert mailoutbox == []


class TestWeekly:
    @pytest.fixture
    def weekly(self, reader, follow):
        follows.choose_mail(actor=reader, new_books=NewBookMail.WEEKLY, at=clock.now() - timedelta(days=8))
        return reader

    def test_all_together_in_one_mail(self, weekly, author, mailoutbox, django_capture_on_commit_callbacks):
        with django_capture_on_commit_callbacks(execute=True):
            publish(author, "The Second")
            publish(author, "The Third")
        assert mailoutbox == []
        with django_capture_on_commit_callbacks(execute=True):
            retry_stuck.retry_stuck()
        (mail,) = mailoutbox
        assert "The Second" in mail.body
        assert "The Third" in mail.body

    def test_not_before_the_week_is_over(self, weekly, author, mailoutbox):
        ReaderMail.objects.update(weekly_sent_at=clock.now() - timedelta(days=6))
        edition = publish(author)
        follows.create_notices(work_id=edition.work_id, at=clock.now())
        assert reader_emails.due_weekly(at=clock.now()) == []
        assert not reader_emails.mail_weekly(user_id=weekly.pk)

    def test_twice_is_once(self, weekly, author, mailoutbox):
        edition = publish(author)
        follows.create_notices(work_id=edition.work_id, at=clock.now())
        assert reader_emails.mail_weekly(user_id=weekly.pk)
        assert not reader_emails.mail_weekly(user_id=weekly.pk)
        assert len(mailoutbox) == 1

    def test_no_mail_without_books(self, weekly, mailoutbox):
        assert not reader_emails.mail_weekly(user_id=weekly.pk)
        assert mailoutbox == []

    def test_leaving_off_drops_what_waits(self, weekly, author):
        edition = publish(author)
        follows.create_notices(work_id=edition.work_id, at=clock.now())
        follows.choose_mail(actor=weekly, new_books=NewBookMail.NEVER, at=clock.now())
        assert not FollowNotice.objects.filter(mailed_at=None).exists()


class TestFeed:
    def test_is_by_date_and_nothing_else(self, reader, author, follow):
        listings.refresh_listing(make_book(title="Of a stranger"))
        publish(author)
        first = Edition.objects.get(work__title="The First")
        newer = add_edition(first.work)
        newer.published_at = clock.now() + timedelta(seconds=1)
        newer.notes = "Typos"
        newer.save()
        rows = follow_selectors.feed_of(reader).rows
        assert [(row.title, row.is_new_book) for row in rows] == [
            ("The First", False),
            ("The Second", True),
            ("The First", True),
        ]
        assert rows[0].notes == "Typos"

    def test_pages_hold_everything_once(self, reader, author, follow, monkeypatch, django_assert_num_queries):
        monkeypatch.setattr(follow_selectors, "_PAGE", 2)
        for number in range(4):
            publish(author, f"Book {number}")
        seen, after = [], ""
        for _ in range(3):
            with django_assert_num_queries(1):
                page = follow_selectors.feed_of(reader, after=after)
            seen += [row.title for row in page.rows]
            after = page.older
        assert sorted(seen) == ["Book 0", "Book 1", "Book 2", "Book 3", "The First"]
        assert after == ""

    @pytest.mark.parametrize("after", ["x", "_", "2026-01-01_1", "2026-11-24T12:00:00.000000+0000_x"])
    def test_nonsense_is_the_first_page(self, reader, author, follow, after):
        assert len(follow_selectors.feed_of(reader, after=after).rows) == 1

    def test_what_is_off_sale_is_not_in_it(self, reader, author, follow):
        listings.withdraw_listing(Edition.objects.get(work__title="The First"))
        assert follow_selectors.feed_of(reader).rows == []
